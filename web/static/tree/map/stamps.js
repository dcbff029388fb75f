// Small dots by the thousand, as pixels of a bitmap.

import { clamp } from "./model.js";
import { ease } from "./lines.js";

export class Stamps {
  constructor(map) {
    this.map = map;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  // Draws places with their radii, in turn: [place, radius, place, radius, …].
  draw(c, small, width, height, ratio) {
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(image.data.buffer);
    this.width = width;
    this.height = height;
    const { marks, colors, L } = this.map;
    const words = colors.palette.map(({ rgb: [r, g, b] }) => (b << 16) | (g << 8) | r);
    for (let q = 0; q < small.length; q += 2) {
      const i = small[q];
      const row = marks.row(i);
      const shared = L.bands[L.band[i]]?.v < 0 ? 1 - ease(row, 1.15, 2.3) : 0;
      if (shared === 1) continue; // from afar the river stands for them
      const strength = (0.16 + 0.74 * ease(row, 0.5, 2.6)) * (1 - 0.85 * shared);
      const [x, y] = marks.spot(i);
      const r = small[q + 1] * ratio;
      if (row < 1.5 && r < 1.7) this.speck(x * ratio, y * ratio, strength, words[colors.at[i]]);
      else this.disk(x * ratio, y * ratio, r, strength, words[colors.at[i]]);
    }
    this.context.putImageData(image, 0, 0);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.canvas, 0, 0);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  speck(x, y, strength, word) {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    if (left < 0 || top < 0 || left >= this.width || top >= this.height) return;
    const at = top * this.width + left;
    const alpha = Math.min(250, (this.pixels[at] >>> 24) + Math.floor(strength * 255));
    this.pixels[at] = ((alpha << 24) | word) >>> 0;
  }

  disk(x, y, r, strength, word) {
    const [left, right] = [Math.max(0, Math.floor(x - r - 1)), Math.min(this.width - 1, Math.ceil(x + r + 1))];
    const [top, bottom] = [Math.max(0, Math.floor(y - r - 1)), Math.min(this.height - 1, Math.ceil(y + r + 1))];
    for (let py = top; py <= bottom; py++) {
      for (let px = left; px <= right; px++) {
        const cover = clamp(r + 0.5 - Math.hypot(px + 0.5 - x, py + 0.5 - y), 0, 1);
        if (cover <= 0) continue;
        const at = py * this.width + px;
        const alpha = Math.floor(cover * strength * 255);
        const had = this.pixels[at] >>> 24;
        if (alpha > had) this.pixels[at] = ((alpha << 24) | word) >>> 0;
        else if (had < 250) this.pixels[at] = ((Math.min(255, had + (alpha >> 2)) << 24) | (this.pixels[at] & 0xffffff)) >>> 0;
      }
    }
  }
}
