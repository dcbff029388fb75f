// What stands out of the faded picture: models that were found, and the way from one to its root.

import { clamp } from "./model.js";
import { trace } from "./shapes.js";

const BELOW = 3000; // models drawn below the one pointed at
const GLYPHS = 150; // found, up to which each is drawn; beyond it rings alone

export function drawFound(c, { hits, marks, colors }) {
  if (hits.length <= GLYPHS) {
    for (const i of hits) marks.glyph(c, i, Math.max(2.6, marks.radius(i)), true);
    return;
  }
  c.beginPath();
  for (const i of hits) {
    const [x, y] = marks.spot(i);
    c.moveTo(x + 3.6, y);
    c.arc(x, y, 3.6, 0, 7);
  }
  c.strokeStyle = colors.of.ring;
  c.lineWidth = 1.4;
  c.stroke();
}

export function drawWay(c, map, i) {
  const { m, marks, colors } = map;
  const way = m.pathTo(i);
  const further = m.also.get(i) ?? [];
  if (m.size[i] > 1 && !map.L.spine.has(i)) below(c, map, i);
  c.lineJoin = c.lineCap = "round";
  for (const v of way) {
    if (!marks.hangs(v)) continue;
    c.beginPath();
    marks.curve(c, v);
    c.strokeStyle = colors.of.card;
    c.lineWidth = 6;
    c.stroke();
    c.strokeStyle = colors.of.lit;
    c.lineWidth = 2.6;
    c.stroke();
  }
  for (const v of further) {
    const [x0, y0] = marks.spot(v), [x1, y1] = marks.spot(i);
    const bend = Math.max(24, Math.abs(x1 - x0) / 2);
    c.beginPath();
    c.setLineDash([5, 4]);
    c.moveTo(x0, y0);
    c.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
    c.strokeStyle = colors.of.ring;
    c.lineWidth = 1.8;
    c.stroke();
    c.setLineDash([]);
    marks.glyph(c, v, Math.max(3.5, marks.radius(v)));
  }
  for (const v of way) marks.glyph(c, v, Math.max(4, marks.radius(v)), v === i);
  nameWay(c, map, i, [...way, ...further]);
}

function below(c, map, i) {
  const { m, marks, colors } = map;
  const end = Math.min(i + m.size[i], i + BELOW);
  c.beginPath();
  for (let v = i + 1; v < end; v++) marks.curve(c, v);
  c.strokeStyle = colors.of.trunk;
  c.lineWidth = 1;
  c.globalAlpha = end - i > 300 ? 0.35 : 0.7;
  c.stroke();
  c.globalAlpha = 1;
  for (let v = i + 1; v < end; v++) {
    c.beginPath();
    trace(c, m.words.relation[m.kind[v]].shape, ...marks.spot(v), Math.max(1.6, marks.radius(v)));
    c.fillStyle = colors.color(v);
    c.fill();
  }
}

// Every name on the way, moved up or down where another stands, with a line to its dot.
function nameWay(c, map, i, way) {
  const { m, marks, colors, camera } = map;
  const taken = [];
  map.lit = way.map((v) => m.names.get(v)?.label ?? "…");
  for (const v of way) {
    const text = m.names.get(v)?.label ?? "…";
    const [x, y] = marks.spot(v);
    c.font = `${v === i ? "700 13.5" : "600 12.5"}px ${colors.font}`;
    const wide = c.measureText(text).width;
    const right = x + 12 + wide > camera.W - 4 ? x - wide - 12 : x + 12;
    const left = clamp(right, 4, Math.max(4, camera.W - wide - 4));
    const free = (at) => !taken.some(([a, b, w]) => Math.abs(b - at) < 16 && a < left + wide && left < a + w);
    const at = [0, -17, 17, -34, 34, -51, 51, -68, 68, -85].map((down) => y + down).find(free) ?? y;
    taken.push([left, at, wide]);
    if (at !== y) {
      c.beginPath();
      c.moveTo(x, y);
      c.lineTo(clamp(x, left + 4, left + wide - 4), at);
      c.strokeStyle = colors.of.lit;
      c.lineWidth = 0.8;
      c.stroke();
    }
    Object.assign(c, { textBaseline: "middle", textAlign: "left", strokeStyle: colors.of.card, lineWidth: 5 });
    c.strokeText(text, left, at);
    c.fillStyle = v === i ? colors.of.lit : colors.of.ink;
    c.fillText(text, left, at);
  }
}
