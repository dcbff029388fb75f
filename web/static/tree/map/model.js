// A family as columns: who comes from whom, when, by what relation; names are asked for as they are needed.

export const DAY = 864e5;
export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

// A number from 0 to 1 that follows from a place alone: an order without a pattern.
export const scatter = (i) => (Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 32;

const letters = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0) - 97);

// Several roots hang from one that is not drawn, so that there is one tree; places then are one higher.
function grow(file) {
  const roots = file.depths.reduce((count, depth) => count + (depth === 0), 0);
  const shift = roots > 1 ? 1 : 0;
  const n = file.depths.length + shift;
  const parent = new Int32Array(n).fill(-1);
  const size = new Int32Array(n).fill(1);
  const depth = new Int32Array(n);
  const last = [0];
  for (let i = shift; i < n; i++) {
    depth[i] = file.depths[i - shift] + shift;
    if (depth[i]) parent[i] = last[depth[i] - 1];
    last[depth[i]] = i;
  }
  for (let i = n - 1; i > 0; i--) size[parent[i]] += size[i];
  return { n, shift, parent, size, depth };
}

// What has no date lies between its parent and its first child, or some time after its parent.
function dates(tree, steps) {
  const { n, shift, parent } = tree;
  const day = new Float32Array(n);
  const known = new Uint8Array(n);
  const soon = new Float32Array(n).fill(Infinity);
  let at = 0, span = 1;
  for (let i = shift; i < n; i++) {
    const step = steps[i - shift];
    if (step === null) continue;
    at += step;
    day[i] = at;
    known[i] = 1;
    span = Math.max(span, at);
  }
  for (let i = n - 1; i > 0; i--) {
    const first = known[i] ? day[i] : soon[i];
    soon[parent[i]] = Math.min(soon[parent[i]], first);
  }
  for (let i = 0; i < n; i++) {
    if (known[i]) continue;
    const above = i ? day[parent[i]] : soon[0] === Infinity ? 0 : soon[0];
    const late = Math.min(above + span * (0.03 + 0.35 * scatter(i)), 0.97 * span);
    day[i] = Math.max(above, soon[i] === Infinity ? late : (above + soon[i]) / 2);
  }
  return { day, known, span };
}

export function decode(file) {
  const tree = grow(file);
  const { n, shift, parent } = tree;
  const column = (values, empty) => {
    const found = new values.constructor(n).fill(empty);
    found.set(values, shift);
    return found;
  };
  const also = new Map();
  for (const [child, other] of file.also) {
    const at = child + shift;
    also.set(at, [...(also.get(at) ?? []), other + shift]);
  }
  return {
    ...tree,
    ...dates(tree, file.days),
    also,
    total: file.total,
    start: Date.parse(`${file.start}T00:00:00Z`),
    here: file.here < 0 ? -1 : file.here + shift,
    kind: column(letters(file.kinds), 0),
    verdict: column(letters(file.verdicts), 0),
    org: column(Uint32Array.from(file.orgs), 0),
    makers: file.makers,
    hues: file.hues,
    words: { relation: file.kind_words, license: file.verdict_words },
    names: new Map(file.top.map((name) => [name.at + shift, name])),
    pathTo(i) {
      const found = [];
      for (let v = i; v >= shift; v = parent[v]) found.push(v);
      return found;
    },
  };
}

// Asks for the names at some places, each once; says whether any came.
export function asker(m, address) {
  const asked = new Set();
  return async (places) => {
    const wanted = places.filter((i) => i >= m.shift && !m.names.has(i) && !asked.has(i)).slice(0, 200);
    if (!wanted.length) return false;
    wanted.forEach((i) => asked.add(i));
    const answer = await fetch(`${address}&of=${wanted.map((i) => i - m.shift).join(",")}`);
    if (!answer.ok) return false;
    for (const name of (await answer.json()).names) m.names.set(name.at + m.shift, name);
    return true;
  };
}
