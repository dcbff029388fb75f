// Where the models stand: time from left to right, subtrees packed along it by the rows they take in each bin of time.
//
// A subtree is two outlines over its bins: the rows it takes above and below its own lane, -1 where it
// takes none. Children are laid in order of size: leaves first, in the first free row, then subtrees, on
// the side where they come nearer. So leaves hug their lane, large branches lie outside, nothing overlaps.

import { clamp, scatter } from "./model.js";

export const BINS = 160;
const BANDS = 13; // branches with a band of their own
const HEIGHT = 1000; // of the whole map, in units of its own
const GAPS = 150; // of them between the bands
const SPINE = 16; // between the nodes that the bands come from
const LEAF = { leaf: true };

export function pack(m) {
  const tree = children(m);
  const packer = new Packer(m, tree);
  for (let v = m.n - 1; v > 0; v--) packer.shape[v] = tree.head[v] < 0 ? LEAF : packer.pack(v, tree.of(v), true);
  const { spine, first } = trunk(m, tree);
  const { above, below, rest } = deal(m, packer, first);
  const bands = rest ? [...above, ...below, rest] : [...above, ...below];
  return {
    ...place(m, packer, bands, above.length, spine),
    spine: new Set(spine),
    bin: packer.bin,
    kidsOf: tree.of,
    shape: packer.shape,
    bySize: Int32Array.from({ length: m.n }, (_, i) => i).sort((a, b) => m.size[b] - m.size[a] || m.day[a] - m.day[b]),
  };
}

function children(m) {
  const head = new Int32Array(m.n).fill(-1);
  const next = new Int32Array(m.n).fill(-1);
  for (let i = m.n - 1; i > 0; i--) {
    next[i] = head[m.parent[i]];
    head[m.parent[i]] = i;
  }
  const of = (v) => {
    const found = [];
    for (let k = head[v]; k >= 0; k = next[k]) found.push(k);
    return found;
  };
  return { head, of };
}

// The root, and below it whatever holds most of the family: bands are what comes from these.
function trunk(m, tree) {
  const spine = [0];
  let first = tree.of(0);
  for (;;) {
    const top = first.reduce((a, b) => (a < 0 || m.size[b] > m.size[a] ? b : a), -1);
    const kids = top < 0 ? [] : tree.of(top);
    if (kids.length < 2 || m.size[top] < 0.6 * m.n || spine.length > 5) return { spine, first };
    spine.push(top);
    first = [...first.filter((k) => k !== top), ...kids];
  }
}

// The heaviest branches get a band each, the oldest outside, dealt above and below; all others share one.
function deal(m, packer, first) {
  const large = (v, i) => i < BANDS && m.size[v] >= Math.max(5, m.n * 0.0045);
  const heavy = first.sort((a, b) => m.size[b] - m.size[a]).filter(large);
  const among = new Set(heavy);
  const kids = first.filter((v) => !among.has(v));
  const above = [], below = [];
  heavy.sort((a, b) => m.day[a] - m.day[b] || m.size[b] - m.size[a]);
  heavy.forEach((v, i) => {
    const band = { v, shape: packer.shape[v], count: m.size[v] };
    if (i & 1) below.unshift(band);
    else above.push(band);
  });
  const count = kids.reduce((sum, v) => sum + m.size[v], 0);
  const rest = kids.length ? { v: -1, shape: packer.pack(0, kids.slice(), false), count, kids } : null;
  return { above, below, rest };
}

function place(m, packer, bands, middle, spine) {
  const { n, parent, size } = m;
  let total = 0;
  for (const band of bands) {
    const [up, down] = band.shape.side.map((side) => Math.max(0, ...side));
    band.up = up + 0.7;
    band.rows = band.up + down + 0.7;
    band.h = band.rows ** 0.62;
    if (band.v >= 0) total += band.h;
  }
  for (const band of bands) {
    if (band.v >= 0) continue;
    if (total) band.h = Math.min(band.h, total * (n < 1000 ? 0.42 : 0.34));
    total += band.h;
  }
  const trunk = SPINE * spine.length;
  const gap = GAPS / (bands.length + 1);
  const Y = new Float64Array(n), row = new Float32Array(n);
  const band = new Uint8Array(n).fill(255); // of the spine, which has none
  let y = gap * 0.6, root = HEIGHT / 2;
  const free = () => {
    root = y - gap / 2;
    y += trunk;
  };
  bands.forEach((one, i) => {
    if (i === middle) free();
    one.i = i;
    one.h = (one.h / total) * (HEIGHT - GAPS - trunk);
    one.y = y;
    one.s = one.h / one.rows; // height of a row
    one.lane = y + one.up * one.s;
    y += one.h + gap;
    for (const v of one.v >= 0 ? [one.v] : one.kids) {
      for (let k = v; k < v + size[v]; k++) {
        row[k] = k === v ? (one.v >= 0 ? 0 : packer.row[k]) : row[parent[k]] + packer.row[k];
        band[k] = i;
        Y[k] = one.lane + row[k] * one.s;
      }
    }
  });
  if (bands.length <= middle) free();
  spine.forEach((v, i) => { Y[v] = root + SPINE * (i + 0.5); });
  return { Y, band, bands };
}

class Packer {
  constructor(m, tree) {
    Object.assign(this, { m, tree, shape: new Array(m.n), row: new Float32Array(m.n) });
    const bin = (day) => clamp(Math.floor((day / m.span) * (BINS - 2)), 0, BINS - 2);
    this.bin = Uint8Array.from(m.day, bin);
    this.keep = Math.max(10, m.n * 0.004); // smaller subtrees forget their outline
    this.wide = clamp(Math.round(26 - 7.2 * Math.log10(m.n)), 1, 10); // bins a leaf keeps free, for its name
  }

  from(k) { return this.shape[k].leaf ? this.bin[k] : this.shape[k].lo; }

  to(k) { return this.shape[k].leaf ? Math.min(BINS - 1, this.bin[k] + this.wide - 1) : this.shape[k].hi; }

  // Lays the children of a node along its lane, or along none.
  pack(v, kids, lane) {
    const { bin, m: { size, day } } = this;
    let lo = lane ? bin[v] : BINS - 1, hi = lane ? bin[v] + 1 : 0, end = hi;
    for (const k of kids) {
      lo = Math.min(lo, this.from(k));
      hi = Math.max(hi, this.to(k));
      end = Math.max(end, bin[k]);
    }
    const side = [0, 1].map(() => new Float32Array(hi - lo + 1).fill(-1));
    if (lane) for (let t = bin[v]; t <= end; t++) side[0][t - lo] = side[1][t - lo] = 0;
    kids.sort((a, b) => size[a] - size[b] || (size[a] > 1 ? scatter(a) - scatter(b) : day[a] - day[b]));
    const free = []; // of each row 1, -1, 2, -2 … the first free bin
    kids.forEach((k, order) => {
      if (this.shape[k].leaf && size[k] === 1) this.layLeaf(k, free, lane ? (v * 7) & 1 : 0, side, lo);
      else this.layBranch(k, order & 1, side, lo);
      if (size[k] > 1 && size[k] < this.keep) this.shape[k] = LEAF;
    });
    return { lo, hi, side };
  }

  layLeaf(k, free, start, side, lo) {
    let r = start;
    while (free[r] > this.from(k)) r++;
    free[r] = this.to(k) + 1;
    const distance = (r >> 1) + 1;
    const mine = side[r & 1];
    this.row[k] = r & 1 ? distance : -distance;
    for (let t = this.from(k); t <= this.to(k); t++) mine[t - lo] = Math.max(mine[t - lo], distance);
  }

  layBranch(k, preferred, side, lo) {
    const shape = this.shape[k];
    let best = 0, at = Infinity;
    for (const which of [preferred, 1 - preferred]) {
      const mine = side[which], near = shape.side[1 - which];
      let most = 0;
      for (let t = shape.lo; t <= shape.hi; t++) most = Math.max(most, mine[t - lo] + Math.max(0, near[t - shape.lo]));
      if (most < at) [at, best] = [most, which];
    }
    const distance = at + 1, mine = side[best], far = shape.side[best];
    this.row[k] = best ? distance : -distance;
    for (let t = shape.lo; t <= shape.hi; t++) {
      mine[t - lo] = Math.max(mine[t - lo], distance + Math.max(0, far[t - shape.lo]));
    }
  }
}
