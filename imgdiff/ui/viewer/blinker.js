/** Before and after in turns, at a pace that harms nobody. */

/** Milliseconds between turns at speeds from 1 to 10: at most two flashes a second. */
export function pause(speed) {
  return 1650 - 140 * speed;
}

/** Takes turns while it runs; `onTurn` hears whether the picture after is up. */
export class Blinker {
  /** @param {HTMLElement} control The button and slider. @param {(after: boolean) => void} onTurn */
  constructor(control, onTurn) {
    this.button = control.querySelector("button");
    this.speed = control.querySelector("input");
    this.onTurn = onTurn;
    this.after = false;
    this.paused = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.speed.oninput = () => this.run(this.running);
  }

  /** Begin or end taking turns. */
  run(running) {
    clearInterval(this.timer);
    this.running = running;
    this.button.textContent = this.paused ? "Play" : "Pause";
    if (running && !this.paused) {
      this.timer = setInterval(() => this.turn(), pause(Number(this.speed.value)));
    }
  }

  /** Show the other picture. */
  turn() {
    this.after = !this.after;
    this.onTurn(this.after);
  }

  /** Pause, or go on. */
  toggle() {
    this.paused = !this.paused;
    this.run(this.running);
  }
}
