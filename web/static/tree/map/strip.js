// How many models came out each month, by color, and a brush that says which time is shown.

import { clamp, DAY } from "./model.js";

const TALL = 58;
const KEYS = { ArrowLeft: -30.4, ArrowRight: 30.4, PageDown: -91, PageUp: 91 };

export class Strip {
  constructor(map) {
    this.map = map;
    this.canvas = map.box.querySelector(".map-strip canvas");
    this.c = this.canvas.getContext("2d");
    this.handles = [...map.box.querySelectorAll(".map-strip [role=slider]")];
    this.sort();
    this.listen();
  }

  sort() {
    const { m } = this.map;
    const start = new Date(m.start);
    const from = start.getUTCFullYear() * 12 + start.getUTCMonth();
    const of = (day) => {
      const date = new Date(m.start + day * DAY);
      return date.getUTCFullYear() * 12 + date.getUTCMonth() - from;
    };
    const at = (month) => (Date.UTC(Math.floor((from + month) / 12), (from + month) % 12) - m.start) / DAY;
    this.months = Array.from({ length: of(m.span) + 1 }, (_, k) => ({ from: at(k), to: at(k + 1) }));
    this.month = Int32Array.from(m.day, (day) => clamp(of(day), 0, this.months.length - 1));
    this.undated = m.known.subarray(m.shift).reduce((sum, known) => sum + !known, 0);
  }

  count() {
    const { m, colors } = this.map;
    for (const month of this.months) month.of = new Uint32Array(colors.palette.length);
    for (let i = m.shift; i < m.n; i++) if (m.known[i]) this.months[this.month[i]].of[colors.at[i]]++;
    for (const month of this.months) month.sum = month.of.reduce((a, b) => a + b, 0);
  }

  x(day) {
    const { camera } = this.map;
    const { x0, x1 } = camera.whole;
    return camera.pad.l + ((day - x0) / (x1 - x0)) * camera.wide;
  }

  day(event) {
    const { camera } = this.map;
    const { x0, x1 } = camera.whole;
    const x = event.clientX - this.canvas.getBoundingClientRect().left;
    return x0 + ((x - camera.pad.l) / camera.wide) * (x1 - x0);
  }

  draw(ratio) {
    const { c, map: { camera, colors, m } } = this;
    const size = [Math.round(camera.W * ratio), Math.round(TALL * ratio)];
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, camera.W, TALL);
    const most = Math.max(1, ...this.months.map((month) => month.sum));
    for (const month of this.months) {
      const x = this.x(month.from) + 0.6;
      const wide = Math.max(1, this.x(month.to) - x - 0.6);
      let y = TALL - 7;
      c.globalAlpha = month.to > camera.view.x0 && month.from < camera.view.x1 ? 0.78 : 0.25;
      month.of.forEach((count, k) => {
        const tall = (count / most) * (TALL - 25);
        c.fillStyle = colors.palette[k].color;
        c.fillRect(x, y - tall, wide, tall);
        y -= tall;
      });
    }
    c.globalAlpha = 1;
    c.fillStyle = colors.of.line2;
    c.fillRect(0, TALL - 7, camera.W, 1);
    this.words(most);
    const [left, right] = [this.x(camera.view.x0), this.x(camera.view.x1)];
    if (camera.zoomed) {
      c.fillStyle = colors.of.lit;
      c.globalAlpha = 0.1;
      c.fillRect(left, 16, right - left, TALL - 23);
      c.globalAlpha = 1;
    }
    for (const [handle, x, day] of [[this.handles[0], left, camera.view.x0], [this.handles[1], right, camera.view.x1]]) {
      const known = clamp(day, 0, m.span);
      handle.style.left = `${clamp(x, 8, camera.W - 8)}px`;
      handle.ariaValueMin = 0;
      handle.ariaValueMax = Math.round(m.span);
      handle.ariaValueNow = Math.round(known);
      handle.ariaValueText = this.map.month(known);
    }
  }

  words(most) {
    const { c, map } = this;
    const peak = this.months.find((month) => month.sum === most);
    Object.assign(c, { font: `11.5px ${map.colors.font}`, textBaseline: "alphabetic", fillStyle: map.colors.of.soft, textAlign: "left" });
    const left = map.camera.narrow || !peak ? "" : map.say("months", { count: most, month: map.month(peak.from + 3) });
    c.fillText(left, map.camera.pad.l, 12);
    if (!this.undated) return;
    c.textAlign = "right";
    c.fillText(`${map.say("undated", { count: this.undated })} ○`, map.camera.W - 8, 12);
  }

  listen() {
    const { canvas, map: { camera } } = this;
    let start = null;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      start = this.day(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      const day = this.day(event);
      if (start !== null && Math.abs(day - start) > 20) camera.set({ x0: Math.min(day, start), x1: Math.max(day, start) });
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { start = null; });
    canvas.addEventListener("dblclick", () => camera.set({ x0: camera.whole.x0, x1: camera.whole.x1 }));
    this.handles.forEach((handle, side) => this.grip(handle, side));
  }

  grip(handle, side) {
    const { camera } = this.map;
    const move = (day) => camera.set(side ? { x1: Math.max(day, camera.view.x0 + 30) } : { x0: Math.min(day, camera.view.x1 - 30) });
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
    handle.addEventListener("pointermove", (event) => { if (handle.hasPointerCapture(event.pointerId)) move(this.day(event)); });
    handle.addEventListener("keydown", (event) => {
      const step = KEYS[event.key];
      if (!step) return;
      event.preventDefault();
      move((side ? camera.view.x1 : camera.view.x0) + step);
    });
  }
}
