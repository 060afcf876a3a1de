/** What the user does, as the server hears of it: in order, and nothing is lost. */

/**
 * Acts on their way to the server.
 *
 * Of two that come in quick succession Streamlit passes on the newest alone. So each is told again
 * together with those that come after it, until the server has said that it obeyed.
 */
export class Acts {
  constructor() {
    Object.assign(this, { waiting: [], last: 0, tell: () => {} });
  }

  /** One more thing to do. */
  add(act) {
    this.last += 1;
    this.waiting.push([this.last, act]);
    this.tell(this.waiting);
  }

  /** The server has obeyed all up to this number, by this viewer or one before it. */
  obeyed(number) {
    this.last = Math.max(this.last, number);
    this.waiting = this.waiting.filter(([one]) => one > number);
  }
}
