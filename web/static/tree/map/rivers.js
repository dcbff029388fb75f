// The outlines of the large subtrees, as rivers that are as wide as the rows in use, and what they are made of.

import { BINS } from "./packing.js";
import { clamp } from "./model.js";

export function rivers(m, L) {
  const found = [];
  const keep = Math.max(10, m.n * 0.004);
  for (const band of L.bands) {
    found.push(river(m, L, band.v, band.shape, band));
    if (band.v < 0) continue;
    for (let k = band.v + 1; k < band.v + m.size[band.v]; k++) {
      if (m.size[k] >= keep && !L.shape[k].leaf) found.push(river(m, L, k, L.shape[k], band));
    }
  }
  return found.sort((a, b) => b.count - a.count);
}

function river(m, L, v, shape, band) {
  const widen = (side) => smooth(side).map((rows) => (rows + 0.5) * band.s);
  return {
    v, band,
    lane: v < 0 ? band.lane : L.Y[v],
    lo: shape.lo,
    hi: shape.hi,
    up: widen(shape.side[0]),
    down: widen(shape.side[1]),
    count: v < 0 ? band.count : m.size[v],
  };
}

// The largest value near each bin, twice the mean of that, thin at both ends.
function smooth(rows) {
  const N = rows.length;
  const reach = Math.min(4, N >> 3);
  let now = Float32Array.from(rows, (_, t) => {
    let most = 0;
    for (let k = -reach; k <= reach; k++) most = Math.max(most, rows[clamp(t + k, 0, N - 1)]);
    return most;
  });
  for (let pass = 0; pass < 2; pass++) {
    now = now.map((_, t) => {
      let sum = 0, count = 0;
      for (let k = Math.max(0, t - reach); k <= Math.min(N - 1, t + reach); k++, count++) sum += now[k];
      return sum / count;
    });
  }
  return now.map((value, t) => value * Math.sqrt(clamp(Math.min((t + 0.4) / 5, (N - t - 0.6) / 7), 0, 1)));
}

// The share of each color in each bin of a river, and how many models there are beside its fullest bin.
export function mix(m, L, river, colorOf, colors) {
  const N = river.hi - river.lo + 1;
  const raw = new Float32Array(N * colors);
  for (const v of river.v >= 0 ? [river.v] : river.band.kids) {
    for (let k = v; k < v + m.size[v]; k++) raw[clamp(L.bin[k] - river.lo, 0, N - 1) * colors + colorOf[k]]++;
  }
  const share = new Float32Array(N * colors), rate = new Float32Array(N);
  const reach = 5;
  for (let t = 0; t < N; t++) {
    for (let c = 0; c < colors; c++) {
      let sum = 0;
      for (let k = Math.max(0, t - reach); k <= Math.min(N - 1, t + reach); k++) {
        sum += raw[k * colors + c] * (reach + 1 - Math.abs(k - t));
      }
      share[t * colors + c] = sum;
      rate[t] += sum;
    }
    for (let c = 0; c < colors; c++) {
      const at = t * colors + c;
      share[at] = rate[t] ? share[at] / rate[t] : t ? share[at - colors] : 1 / colors;
    }
  }
  const peak = Math.max(...rate) || 1;
  river.share = share;
  river.rate = rate.map((sum, t) => Math.max(0.006, sum / peak) * Math.min(1, (t + 0.5) / 4, (N - t - 0.5) / 4));
}

// Draws an outline: through the middles, with the points as handles, so that there are no stairs.
export function outline(c, camera, river, top, bottom) {
  const day = (t) => ((t + river.lo + 0.5) / (BINS - 2)) * camera.span;
  const X = (t) => camera.x(day(t));
  const bin = (d) => (d / camera.span) * (BINS - 2) - river.lo;
  const a = Math.max(0, Math.floor(bin(camera.view.x0)) - 3);
  const z = Math.min(river.hi - river.lo, Math.ceil(bin(camera.view.x1)) + 3);
  if (z < a) return false;
  c.moveTo(X(a), top(a));
  for (let t = a + 1; t < z; t++) c.quadraticCurveTo(X(t), top(t), (X(t) + X(t + 1)) / 2, (top(t) + top(t + 1)) / 2);
  c.lineTo(X(z), top(z));
  c.lineTo(X(z), bottom(z));
  for (let t = z - 1; t > a; t--) {
    c.quadraticCurveTo(X(t), bottom(t), (X(t) + X(t - 1)) / 2, (bottom(t) + bottom(t - 1)) / 2);
  }
  c.lineTo(X(a), bottom(a));
  c.closePath();
  return true;
}
