// What part of the map is seen: a window of days and of heights, and how to move it.

import { clamp } from "./model.js";

const SIDES = ["x0", "x1", "y0", "y1"];
const FLIGHT = 380; // ms

export class Camera {
  // changed(moving) is called whenever the window has changed.
  constructor(span, least, changed) {
    Object.assign(this, { span, least, changed, W: 1, H: 1, pad: { l: 34, r: 30, t: 26, b: 8 }, flight: 0 });
    this.view = this.whole;
  }

  get whole() { return { x0: -this.span * 0.012, x1: this.span * 1.012, y0: 0, y1: 1000 }; }

  get zoomed() {
    const { x0, x1, y0, y1 } = this.view;
    return y1 - y0 < 990 || x1 - x0 < this.span * 1.02;
  }

  get narrow() { return this.W < 560; }

  get wide() { return this.W - this.pad.l - this.pad.r; }

  get tall() { return this.H - this.pad.t - this.pad.b; }

  get scale() { return this.tall / (this.view.y1 - this.view.y0); } // pixels of a unit of height

  x(day) { return this.pad.l + ((day - this.view.x0) / (this.view.x1 - this.view.x0)) * this.wide; }

  y(height) { return this.pad.t + (height - this.view.y0) * this.scale; }

  dayAt(x) { return this.view.x0 + ((x - this.pad.l) / this.wide) * (this.view.x1 - this.view.x0); }

  heightAt(y) { return this.view.y0 + (y - this.pad.t) / this.scale; }

  resize(W, H) {
    const side = W < 560 ? { l: 20, r: 12 } : { l: 34, r: 30 };
    Object.assign(this, { W, H, pad: { ...this.pad, ...side } });
  }

  limit() {
    const all = this.whole;
    for (const [a, b, least] of [["x0", "x1", 12], ["y0", "y1", this.least]]) {
      const full = all[b] - all[a];
      const length = clamp(this.view[b] - this.view[a], Math.min(least, full), full);
      this.view[a] = clamp((this.view[a] + this.view[b] - length) / 2, all[a], all[b] - length);
      this.view[b] = this.view[a] + length;
    }
  }

  set(view, moving = false) {
    cancelAnimationFrame(this.flight);
    this.view = { ...this.view, ...view };
    this.limit();
    this.changed(moving);
  }

  // Rows need more zoom than time does.
  zoom(by, x = this.W / 2, y = this.H / 2) {
    const day = this.dayAt(x), height = this.heightAt(y), across = by ** 0.6;
    const { x0, x1, y0, y1 } = this.view;
    this.set({
      x0: day - (day - x0) / across, x1: day + (x1 - day) / across,
      y0: height - (height - y0) / by, y1: height + (y1 - height) / by,
    }, true);
  }

  pan(dx, dy) {
    const days = (dx / this.wide) * (this.view.x1 - this.view.x0), height = dy / this.scale;
    const { x0, x1, y0, y1 } = this.view;
    this.set({ x0: x0 - days, x1: x1 - days, y0: y0 - height, y1: y1 - height }, true);
  }

  fly(to) {
    cancelAnimationFrame(this.flight);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.set(to);
    const from = { ...this.view };
    const began = performance.now();
    const step = (now) => {
      const t = clamp((now - began) / FLIGHT, 0, 1);
      const eased = t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2;
      for (const side of SIDES) this.view[side] = from[side] + (to[side] - from[side]) * eased;
      this.limit();
      this.changed(t < 1);
      if (t < 1) this.flight = requestAnimationFrame(step);
    };
    this.flight = requestAnimationFrame(step);
  }

  // Flies to a place, near enough to read a row of some height.
  goTo(day, height, row) {
    const tall = clamp((this.H / 15) * row, 8e-3, this.view.y1 - this.view.y0);
    const wide = Math.min(this.view.x1 - this.view.x0, this.span * Math.max(0.12, (tall / 1000) ** 0.6));
    this.fly({ x0: day - wide / 2, x1: day + wide / 2, y0: height - tall / 2, y1: height + tall / 2 });
  }
}
