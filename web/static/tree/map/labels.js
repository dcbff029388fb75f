// Names: of the root and of every branch in view always, then of what most comes from, as many as find room.
//
// A name never lies on a name or on a large dot; on small dots it may.

import { clamp } from "./model.js";

const CELL = 4; // pixels of the grid that says what is taken
const TALL = 13;

class Grid {
  constructor(W, H) {
    Object.assign(this, { W, H, wide: Math.ceil(W / CELL), tall: Math.ceil(H / CELL) });
    this.taken = new Uint8Array(this.wide * this.tall);
  }

  cells(x, y, w, h) {
    const cell = (value, most) => clamp(Math.floor(value / CELL), 0, most - 1);
    return [cell(x, this.wide), cell(x + w, this.wide), cell(y, this.tall), cell(y + h, this.tall)];
  }

  take(x, y, w, h) {
    const [left, right, top, bottom] = this.cells(x, y, w, h);
    for (let row = top; row <= bottom; row++) this.taken.fill(1, row * this.wide + left, row * this.wide + right + 1);
  }

  free(x, y, w, h) {
    if (x < 2 || y < 23 || x + w > this.W - 2 || y + h > this.H - 2) return false;
    const [left, right, top, bottom] = this.cells(x, y, w, h);
    for (let row = top; row <= bottom; row++) {
      for (let at = left; at <= right; at++) if (this.taken[row * this.wide + at]) return false;
    }
    return true;
  }
}

class Labels {
  constructor(c, map) {
    Object.assign(this, { c, map, grid: new Grid(map.camera.W, map.camera.H), placed: 0, missing: [], boxes: [] });
  }

  width(text, font, note) {
    this.c.font = font;
    const wide = this.c.measureText(text).width;
    if (!note) return wide;
    this.c.font = `400 11px ${this.map.colors.font}`;
    return wide + 6 + this.c.measureText(note).width;
  }

  write(text, x, y, color, font, note, pill) {
    const { c, map: { colors } } = this;
    if (pill) {
      c.fillStyle = colors.of.card;
      c.globalAlpha = 0.92;
      c.beginPath();
      c.roundRect(x - 5, y - 11, pill + 10, 21, 10);
      c.fill();
    }
    Object.assign(c, { font, textBaseline: "middle", textAlign: "left", lineJoin: "round", strokeStyle: colors.of.card,
      lineWidth: 4.6, globalAlpha: 0.94 });
    c.strokeText(text, x, y);
    const after = x + c.measureText(text).width + 6;
    if (note) {
      c.font = `400 11px ${colors.font}`;
      c.strokeText(note, after, y);
      c.globalAlpha = 1;
      c.fillStyle = colors.of.soft;
      c.fillText(note, after, y);
      c.font = font;
    }
    c.globalAlpha = 1;
    c.fillStyle = color;
    c.fillText(text, x, y);
  }

  // Puts the name of a model beside its dot, in the first of some places that is free.
  place(i, { r, color, font, note = "", must = false, pill = false }) {
    const { m, marks } = this.map;
    const text = m.names.get(i)?.label;
    if (!text) {
      this.missing.push(i);
      return false;
    }
    const wide = this.width(text, font, note);
    const [x, y] = marks.spot(i);
    const beside = [x + r + 5, y - TALL / 2];
    const above = [x + Math.min(r, 4) + 2, y - r * 0.6 - TALL - 1];
    const far = must ? [-18, 18, -28, 28].map((down) => [x + r, y + down - TALL / 2]) : [];
    const places = [
      ...(m.size[i] > 1 ? [above, beside] : [beside, above]),
      [x + r + 1, y + r - 1], [x - wide / 2, y - r - TALL - 2], ...far,
      [x - wide / 2, y + r + 2], [x - r - 5 - wide, y - TALL / 2],
    ];
    const found = places.find(([left, top]) => this.grid.free(left, top, wide, TALL));
    if (!found) return false;
    const [left, top] = found;
    this.grid.take(left - 2, top - 1, wide + 4, TALL + 2);
    this.boxes.push([text, left, top, wide, TALL]);
    if (r < 3) marks.glyph(this.c, i, 3);
    this.write(text, left, top + TALL / 2, color, font, note, pill ? wide : 0);
    this.placed++;
    return true;
  }

  // The name of a branch whose beginning is not in view, at the left edge.
  stick(band, text, font, note) {
    const { camera } = this.map;
    const top = Math.max(camera.y(band.y), 24), bottom = Math.min(camera.y(band.y + band.h), camera.H - 4);
    const wide = this.width(text, font, note);
    const wanted = band.v < 0 ? top + 10 : clamp(camera.y(band.lane), top + 9, bottom - 9);
    const y = [0, 14, -14, 28, -28].map((down) => wanted + down).find((at) => this.grid.free(10, at - 7, wide, 14));
    if (y === undefined) return;
    this.grid.take(8, y - 8, wide + 6, 16);
    this.boxes.push([text, 10, y - 7, wide, 14]);
    this.write(text, 10, y, band.name, font, note);
    this.placed++;
  }
}

export function label(c, map, seen, large) {
  const { m, L, camera, colors, marks, count } = map;
  const labels = new Labels(c, map);
  for (const [i, r] of large) {
    const [x, y] = marks.spot(i);
    if (r > 4) labels.grid.take(Math.max(3, x - r + 1), Math.max(24, y - r + 1), 2 * r - 2, 2 * r - 2);
  }
  if (camera.zoomed) labels.grid.take(camera.W - map.mini.wide - 18, camera.H - map.mini.tall - 18, camera.W, camera.H);
  const inside = (i) => {
    const [x, y] = marks.spot(i);
    return x > 0 && x < camera.W && y > 22 && y < camera.H;
  };
  const done = new Set();
  for (const i of L.spine) {
    done.add(i);
    if (i < m.shift || !inside(i)) continue;
    labels.place(i, { r: 8, color: colors.of.ink, font: `700 14px ${colors.font}`, note: count(m.size[i]), must: true, pill: true });
  }
  const font = `650 12.5px ${colors.font}`;
  for (const band of [...L.bands].sort((a, b) => b.count - a.count)) {
    const top = Math.max(camera.y(band.y), 24), bottom = Math.min(camera.y(band.y + band.h), camera.H - 4);
    if (bottom - top < 11) continue;
    const note = count(band.count);
    if (band.v < 0) {
      labels.stick(band, map.say("small", { count: band.kids.length }), font, note);
      continue;
    }
    done.add(band.v);
    const style = { r: marks.radius(band.v), color: band.name, font, note, must: true };
    if (!(inside(band.v) && labels.place(band.v, style))) labels.stick(band, m.names.get(band.v)?.label ?? "…", font, note);
  }
  others(map, labels, seen, done, inside);
  map.boxes = labels.boxes;
  map.wanted = labels.missing;
}

function others(map, labels, seen, done, inside) {
  const { m, L, camera, colors, marks } = map;
  const nearest = Math.max(...L.bands.map((band) => band.s)) * camera.scale;
  const most = camera.narrow ? 16 : nearest > 9 ? 140 : 40;
  const order = seen.length > 4000 ? L.bySize.subarray(0, 1500)
    : [...seen].sort((a, b) => m.size[b] - m.size[a] || m.day[a] - m.day[b]);
  for (const i of order) {
    if (labels.placed >= most || labels.missing.length >= 200) break;
    if (done.has(i) || !inside(i)) continue;
    const row = marks.row(i), leaf = m.size[i] === 1;
    if (leaf ? row < 9 : row < 3 && m.size[i] < Math.max(m.n < 1000 ? 2 : 4, m.n * 0.0006)) continue;
    const heavy = m.size[i] > Math.max(3, m.n * 0.002);
    labels.place(i, {
      r: marks.radius(i, row), color: leaf ? colors.of.soft : colors.of.ink, font: `${heavy ? 600 : 400} 12px ${colors.font}`,
    });
  }
}
