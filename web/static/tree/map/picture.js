// The whole picture: rivers from afar, dots and lines near, names always.

import { ease } from "./lines.js";
import { label } from "./labels.js";
import { clamp, DAY } from "./model.js";
import { outline } from "./rivers.js";

const TOP = 21; // below the axis
const MANY = 9000; // in view, from which only the strongest lines are drawn

export function picture(c, map, ratio) {
  const { camera } = map;
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, camera.W, camera.H);
  axis(c, map);
  c.save();
  c.beginPath();
  c.rect(0, TOP, camera.W, camera.H - TOP);
  c.clip();
  grounds(c, map);
  for (const river of map.rivers) drawRiver(c, map, river);
  const seen = inView(map);
  lines(c, map, seen);
  const large = dots(c, map, seen, ratio);
  label(c, map, seen, large);
  c.restore();
  map.seen = seen;
}

function axis(c, { m, camera, colors, lang }) {
  const year = camera.x(365.25) - camera.x(0);
  const every = year > 900 ? 1 : year > 250 ? 3 : year > 60 ? 12 : 60;
  const first = new Date(m.start).getUTCFullYear();
  const month = new Intl.DateTimeFormat(lang, { month: "short", timeZone: "UTC" });
  c.textAlign = "left";
  c.textBaseline = "alphabetic";
  for (let k = 0; k < 600; k++) {
    const when = Date.UTC(first, k * every, 1);
    const x = camera.x((when - m.start) / DAY);
    if (x > camera.W - 34) break;
    if (x < 4) continue;
    const date = new Date(when);
    const january = date.getUTCMonth() === 0;
    c.fillStyle = january ? colors.of.line2 : colors.of.line;
    c.fillRect(Math.round(x), TOP + 1, 1, camera.H);
    c.fillStyle = january ? colors.of.ink : colors.of.soft;
    c.font = `${january ? 600 : 400} 12px ${colors.font}`;
    c.fillText(january ? date.getUTCFullYear() : month.format(date), x + 1, 15);
  }
}

function grounds(c, { L, camera }) {
  for (const band of L.bands) {
    const top = camera.y(band.y) - 3, bottom = camera.y(band.y + band.h) + 3;
    if (bottom < TOP || top > camera.H) continue;
    c.fillStyle = band.wash;
    c.beginPath();
    c.roundRect(6, top, camera.W - 12, bottom - top, Math.min(8, (bottom - top) / 2));
    c.fill();
  }
}

// From afar a river shows what it is made of; the band of the small branches is as wide as their number.
function drawRiver(c, map, river) {
  const { camera, colors } = map;
  const { band } = river;
  const far = 1 - ease(band.s * camera.scale, 1.15, 2.3);
  const bag = river.v < 0 ? far : 0;
  const middle = band.y + band.h / 2, half = band.h / 2;
  const edge = (rows, sign) => (t) =>
    camera.y((river.lane + sign * rows[t]) * (1 - bag) + bag * (middle + sign * half * river.rate[t]));
  const top = edge(river.up, -1), bottom = edge(river.down, 1);
  const up = Math.max(...river.up), down = Math.max(...river.down);
  const own = river.v === band.v;
  if (!own && (up + down) * camera.scale < 12) return;
  if (camera.y(river.lane + down) < 0 || camera.y(river.lane - up) > camera.H) return;
  c.beginPath();
  if (!outline(c, camera, river, top, bottom)) return;
  if (!own) {
    c.strokeStyle = colors.of.card;
    c.lineWidth = 1.6;
    c.globalAlpha = 0.9;
    c.stroke();
    c.globalAlpha = 1;
  }
  c.fillStyle = own ? band.tint : band.deep;
  c.fill();
  if (far > 0) ribbons(c, map, river, top, bottom, far);
}

function ribbons(c, { camera, colors }, river, top, bottom, strength) {
  const K = colors.palette.length;
  const until = new Float32Array(river.hi - river.lo + 1);
  c.globalAlpha = strength;
  for (let k = 0; k < K; k++) {
    const from = until.slice();
    for (let t = 0; t < until.length; t++) until[t] += river.share[t * K + k];
    if (from.every((value, t) => value === until[t])) continue;
    const level = (share) => (t) => top(t) + (bottom(t) - top(t)) * share[t];
    c.beginPath();
    outline(c, camera, river, level(from), level(until));
    c.fillStyle = colors.palette[k].soft;
    c.fill();
  }
  c.globalAlpha = 1;
}

function inView({ m, L, camera }) {
  const x0 = camera.dayAt(-40), x1 = camera.dayAt(camera.W + 40);
  const y0 = camera.heightAt(-30), y1 = camera.heightAt(camera.H + 30);
  const found = [];
  for (let i = m.shift; i < m.n; i++) {
    if (L.Y[i] >= y0 && L.Y[i] <= y1 && m.day[i] >= x0 && m.day[i] <= x1) found.push(i);
  }
  return found;
}

// All lines near, those of the largest branches always.
function lines(c, map, seen) {
  const { m, L, camera, colors, marks } = map;
  const own = (i) => marks.hangs(i) && (L.bands[L.band[i]]?.v !== -1 || !L.spine.has(m.parent[i]));
  c.lineCap = "round";
  c.strokeStyle = colors.of.trunk;
  if (seen.length < MANY) {
    c.beginPath();
    for (const i of seen) if (own(i) && marks.row(i) > 3.4) marks.curve(c, i);
    c.lineWidth = 1;
    c.globalAlpha = 0.42;
    c.stroke();
  }
  const least = Math.max(1, m.n * 0.0012);
  const strong = [];
  for (const i of L.bySize.subarray(0, 400)) {
    if (strong.length >= (camera.narrow ? 40 : 90)) break;
    if (own(i) && (m.size[i] > Math.max(3, least) || m.n < 400 && m.size[i] > 1)) strong.push(i);
  }
  c.globalAlpha = 0.85;
  for (const i of strong.reverse()) {
    c.beginPath();
    marks.curve(c, i);
    c.lineWidth = clamp(0.5 + 0.42 * Math.log2(m.size[i] / least), 0.8, 4.2);
    c.stroke();
  }
  c.globalAlpha = 1;
}

// Small dots as a bitmap, large ones as shapes, the largest last; gives the large ones with their radii.
function dots(c, map, seen, ratio) {
  const { marks } = map;
  const large = [], small = [];
  for (const i of seen) {
    const r = marks.radius(i);
    if (r > 2.5) large.push([i, r]);
    else small.push(i, r);
  }
  if (small.length) map.stamps.draw(c, small, c.canvas.width, c.canvas.height, ratio);
  large.sort((a, b) => a[1] - b[1]);
  c.lineJoin = "round";
  for (const [i, r] of large) marks.glyph(c, i, r);
  if (map.m.here >= 0) marks.ring(c, map.m.here, marks.radius(map.m.here) + 4);
  return large;
}
