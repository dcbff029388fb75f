// Lines from parents to children, and the marks of models.

import { clamp } from "./model.js";
import { trace } from "./shapes.js";

export const ease = (value, low, high) => clamp((value - low) / (high - low), 0, 1);

export class Marks {
  constructor(map) {
    this.map = map;
    this.heaviest = Math.max(2, ...map.L.bands.map((band) => (band.v >= 0 ? band.count : 2)));
  }

  spot(i) {
    const { m, L, camera } = this.map;
    return [camera.x(m.day[i]), camera.y(L.Y[i])];
  }

  // Height of a row in pixels where a model stands.
  row(i) {
    const { L, camera } = this.map;
    const band = L.bands[L.band[i]];
    return band ? band.s * camera.scale : 8;
  }

  // The area of a dot grows with what comes from the model.
  radius(i, row = this.row(i)) {
    const { m, L } = this.map;
    if (L.band[i] === 255) return 8;
    const least = clamp(row * 0.44, m.n < 1000 ? 1.8 : 0.8, 4.4);
    if (m.size[i] < 2) return least;
    return least + 7.5 * Math.sqrt(m.size[i] / this.heaviest) + 0.42 * Math.log2(m.size[i]) * ease(row, 3, 9);
  }

  // Whether there is a line to draw: the root of several trees is none.
  hangs(i) { return this.map.m.parent[i] >= this.map.m.shift; }

  // Along the lane of the parent, and away from it shortly before the child is born.
  curve(c, i) {
    const parent = this.map.m.parent[i];
    const [x0, y0] = this.spot(parent), [x1, y1] = this.spot(i);
    if (this.map.L.spine.has(parent) || x1 - x0 < 6) {
      const bend = Math.max(10, Math.abs(x1 - x0) * 0.5);
      c.moveTo(x0, y0);
      c.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
      return;
    }
    const bend = Math.min(x1 - x0, clamp(Math.abs(y1 - y0) * 0.7, 8, 60));
    const turn = x1 - bend;
    c.moveTo(x0, y0);
    c.lineTo(turn, y0);
    c.bezierCurveTo(turn + bend * 0.6, y0, x1 - bend * 0.6, y1, x1, y1);
  }

  // The shape says the relation; what has no date is hollow, and so is what comes from nothing.
  glyph(c, i, r, ringed = false) {
    const { m, colors } = this.map;
    const [x, y] = this.spot(i);
    const { shape } = m.words.relation[m.kind[i]];
    const color = colors.color(i);
    c.beginPath();
    trace(c, shape, x, y, r);
    c.strokeStyle = colors.of.card;
    c.lineWidth = 2.6;
    c.stroke();
    c.fillStyle = m.known[i] ? color : colors.of.card;
    c.fill();
    if (!m.known[i]) {
      c.strokeStyle = color;
      c.lineWidth = 1.5;
      c.stroke();
    }
    if (shape === "ring") {
      c.beginPath();
      c.arc(x, y, r * 0.42, 0, 7);
      c.fillStyle = m.known[i] ? colors.of.card : color;
      c.fill();
    }
    if (ringed) this.ring(c, i, r + 3.5);
  }

  ring(c, i, r) {
    c.beginPath();
    c.arc(...this.spot(i), r, 0, 7);
    c.strokeStyle = this.map.colors.of.ring;
    c.lineWidth = 2;
    c.stroke();
  }
}
