// The whole family in a corner, while a part of it is seen.

import { clamp } from "./model.js";
import { outline } from "./rivers.js";

export class Mini {
  constructor(map) {
    this.map = map;
    this.canvas = map.box.querySelector(".map-mini");
    this.c = this.canvas.getContext("2d");
    this.base = null;
    const move = (event) => this.move(event);
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      move(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.canvas.hasPointerCapture(event.pointerId)) move(event);
    });
  }

  get wide() { return this.map.camera.narrow ? 104 : 172; }

  get tall() { return this.map.camera.narrow ? 64 : 96; }

  forget() { this.base = null; }

  keep(ratio) {
    const { camera, rivers, L } = this.map;
    const now = camera.view;
    camera.view = camera.whole;
    this.base = document.createElement("canvas");
    Object.assign(this.base, { width: Math.round(camera.W * ratio), height: Math.round(camera.H * ratio) });
    const c = this.base.getContext("2d");
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const river of rivers) {
      const own = L.bands.includes(river.band) && river.v === river.band.v;
      c.beginPath();
      const edge = (rows, sign) => (t) => camera.y(river.lane + sign * rows[t]);
      if (!outline(c, camera, river, edge(river.up, -1), edge(river.down, 1))) continue;
      c.fillStyle = own ? river.band.deep : river.band.name;
      c.globalAlpha = own ? 1 : 0.12;
      c.fill();
    }
    camera.view = now;
  }

  draw(ratio) {
    const { c, canvas, map: { camera, colors }, wide, tall } = this;
    canvas.hidden = !camera.zoomed;
    if (canvas.hidden) return;
    if (!this.base) this.keep(ratio);
    Object.assign(canvas, { width: Math.round(wide * ratio), height: Math.round(tall * ratio) });
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.drawImage(this.base, 0, 20 * ratio, this.base.width, this.base.height - 20 * ratio, 0, 0, wide, tall);
    const { x0, x1 } = camera.whole;
    const left = clamp(((camera.view.x0 - x0) / (x1 - x0)) * wide, 1, wide - 6);
    const top = clamp((camera.view.y0 / 1000) * tall, 1, tall - 5);
    const w = Math.min(Math.max(5, ((camera.view.x1 - camera.view.x0) / (x1 - x0)) * wide), wide - 1 - left);
    const h = Math.min(Math.max(4, ((camera.view.y1 - camera.view.y0) / 1000) * tall), tall - 1 - top);
    Object.assign(c, { fillStyle: colors.of.lit, strokeStyle: colors.of.lit, globalAlpha: 0.16, lineWidth: 1.5 });
    c.fillRect(left, top, w, h);
    c.globalAlpha = 1;
    c.strokeRect(left, top, w, h);
  }

  move(event) {
    const { camera } = this.map;
    const box = this.canvas.getBoundingClientRect();
    const { x0, x1 } = camera.whole;
    const day = x0 + ((event.clientX - box.left) / box.width) * (x1 - x0);
    const height = ((event.clientY - box.top) / box.height) * 1000;
    const { view } = camera;
    const w = view.x1 - view.x0, h = view.y1 - view.y0;
    camera.set({ x0: day - w / 2, x1: day + w / 2, y0: height - h / 2, y1: height + h / 2 }, true);
  }
}
