/** How wide the viewer is, and how high the pictures may be: all that the window has left. */

import { heightLeft, pageColumn } from "./page.js";

/** Widths, CSS px: from here on the toolbar shares a row with the tabs, the list stands beside … */
const WIDE = 1060;
const MIDDLE = 820;
const PHONE = 520;
/** What stays visible below the pictures, CSS px: the list's first row, or its handle. */
const BELOW = { wide: 8, middle: 8, narrow: 104, phone: 58 };
const LEAST = 260;

/** Keeps the shape in step with the window. */
export class Shape {
  /** @param {HTMLElement} section @param {() => void} onChange */
  constructor(section, onChange) {
    Object.assign(this, { section, onChange });
    this.frame = section.querySelector(".frame");
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(section.parentElement);
    const page = pageColumn();
    if (page) this.observer.observe(page); // it grows with what stands above
    this.observer.observe(section.querySelector(".panes"));
    this.onResize = () => this.measure();
    addEventListener("resize", this.onResize);
  }

  destroy() {
    this.observer.disconnect();
    removeEventListener("resize", this.onResize);
  }

  measure() {
    const width = this.section.clientWidth;
    if (!width) return;
    const kind = width >= WIDE ? "wide" : width >= MIDDLE ? "middle" : width >= PHONE ? "narrow" : "phone";
    this.section.dataset.width = kind;
    const height = Math.max(LEAST, Math.floor(heightLeft(this.frame) - BELOW[kind]));
    this.section.style.setProperty("--height", `${height}px`);
    this.onChange();
  }
}
