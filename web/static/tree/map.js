// A whole family on a canvas: a row for each model, depth first; from left to right by date.

const SHAPES = {
  adapterOf: (c, x, y, r) => poly(c, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]),
  quantizedFrom: (c, x, y, r) => c.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6),
  mergedFrom: (c, x, y, r) => poly(c, [[x, y - r], [x + r, y + r * 0.7], [x - r, y + r * 0.7]]),
  mirrorOf: (c, x, y, r) => poly(c, [[x - r, y - r * 0.85], [x + r, y + r * 0.85], [x + r, y - r * 0.85], [x - r, y + r * 0.85]]),
  distilledFrom: (c, x, y, r) => poly(c, [[x, y + r], [x + r, y - r * 0.7], [x - r, y - r * 0.7]]),
  continuedFrom: (c, x, y, r) => c.rect(x - r * 1.2, y - r * 0.7, r * 2.4, r * 1.4),
};

function poly(c, points) {
  points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
}

function circle(c, x, y, r) {
  c.moveTo(x + r, y);
  c.arc(x, y, r, 0, 7);
}

// The parent of a row is the nearest row before it that is one less deep; 35 stands for deeper too.
function parents(depths) {
  const at = [];
  return [...depths].map((digit, row) => {
    const depth = parseInt(digit, 36);
    const parent = depth ? at[depth - 1] : -1;
    at[depth] = row;
    return parent;
  });
}

export async function draw(box) {
  const canvas = box.querySelector("canvas");
  const told = box.querySelector("output");
  const map = await (await fetch(box.dataset.map)).json();
  let kinds = legend(box.querySelector("ul"), map);
  const parent = parents(map.depths);
  const total = map.total;
  const last = Math.max(1, ...map.days.reduce((m, d) => [Math.max(m[0], d)], [1]));
  const lane = map.days.includes(-1) ? last * 0.08 : 0;
  const X = map.days.map((day) => (day < 0 ? last + lane : day));
  const end = new Int32Array(total).fill(-1); // the last row a trunk comes down to
  parent.forEach((p, row) => { if (p >= 0) end[p] = row; });
  const names = new Map();
  const c = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  let view, wanted = 0, timer = 0;

  const fit = () => {
    view = { x: 30, y: 34, sx: (canvas.clientWidth - 60) / (last + lane), sy: (canvas.clientHeight - 54) / total };
  };
  const px = (row) => view.x + X[row] * view.sx;
  const py = (row) => view.y + (row + 0.5) * view.sy;

  function paint() {
    wanted = 0;
    const ratio = devicePixelRatio || 1;
    const [w, h] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      [canvas.width, canvas.height] = [Math.round(w * ratio), Math.round(h * ratio)];
    }
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, w, h);
    const first = Math.max(0, Math.floor(-view.y / view.sy));
    const after = Math.min(total, Math.ceil((h - view.y) / view.sy));
    axis(w, h);
    lines(first, after);
    dots(first, after);
    if (view.sy >= 13) labels(first, after, w);
  }

  function axis(w, h) {
    c.fillStyle = style.color;
    c.strokeStyle = kinds.trunk;
    c.globalAlpha = 0.6;
    c.font = `12px ${style.fontFamily}`;
    const start = new Date(`${map.start}T00:00:00Z`);
    const span = view.sx * 365.25;
    const every = span > 900 ? 1 : span > 300 ? 3 : span > 60 ? 12 : 60;
    for (let i = 0; i < 600; i++) {
      const day = new Date(Date.UTC(start.getUTCFullYear(), i * every, 1));
      const x = view.x + ((day - start) / 864e5) * view.sx;
      if (x > Math.min(w, view.x + last * view.sx) - (lane ? 40 : 0)) break;
      if (x < 0) continue;
      c.fillText(day.toISOString().slice(0, every < 12 ? 7 : 4), x + 4, 16);
      c.fillRect(x, 22, 0.5, h);
    }
    if (lane) { c.textAlign = "right"; c.fillText(box.dataset.unknown, view.x + (last + lane) * view.sx + 20, 16); c.textAlign = "left"; };
    c.globalAlpha = 1;
  }

  function lines(first, after) {
    c.strokeStyle = kinds.trunk;
    c.lineWidth = 0.7;
    c.globalAlpha = Math.min(1, 0.06 + view.sy / 5);
    c.beginPath();
    for (let row = 0; row < after; row++) {
      if (end[row] >= first) { c.moveTo(px(row), py(row)); c.lineTo(px(row), py(end[row])); }
      if (row < first || parent[row] < 0) continue;
      c.moveTo(px(parent[row]), py(row));
      c.lineTo(px(row), py(row));
    }
    c.stroke();
    c.globalAlpha = 1;
  }

  function dots(first, after) {
    const r = Math.max(1.2, Math.min(6, view.sy / 2.6));
    for (const [code, kind] of Object.entries(kinds.of)) {
      c.beginPath();
      for (let row = first; row < after; row++) {
        if (map.kinds[row] !== code) continue;
        if (r < 2.5) c.rect(px(row) - r, py(row) - r, 2 * r, 2 * r);
        else (SHAPES[kind.name] ?? circle)(c, px(row), py(row), r);
      }
      c.fillStyle = kind.color;
      c.fill();
    }
    if (map.here >= first && map.here < after) {
      c.beginPath();
      circle(c, px(map.here), py(map.here), r + 4);
      c.strokeStyle = kinds.here;
      c.lineWidth = 2;
      c.stroke();
    }
  }

  function labels(first, after, w) {
    c.font = `600 13px ${style.fontFamily}`;
    c.fillStyle = style.color;
    const unknown = [];
    for (let row = first; row < after; row++) {
      const name = names.get(row);
      if (!name) unknown.push(row);
      else if (px(row) < w && px(row) > -200) c.fillText(name.label, px(row) + 11, py(row) + 4.5);
    }
    if (unknown.length) { clearTimeout(timer); timer = setTimeout(() => ask(unknown.slice(0, 80)).then(paint), 120); }
  }

  async function ask(list) {
    const answer = await fetch(`${box.dataset.names}&of=${list.join(",")}`);
    if (answer.ok) for (const name of (await answer.json()).names) names.set(name.at, name);
  }

  function near(event) {
    const { left, top } = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const row = Math.floor((y - view.y) / view.sy);
    const reach = Math.max(1, Math.ceil(8 / view.sy));
    let best = -1, distance = 12;
    for (let i = Math.max(0, row - reach); i <= Math.min(total - 1, row + reach); i++) {
      const d = Math.hypot(px(i) - x, py(i) - y);
      if (d < distance) [best, distance] = [i, d];
    }
    return best;
  }

  async function tell(row) {
    if (!names.has(row)) await ask([row]);
    const date = map.days[row] < 0 ? box.dataset.unknown : new Date(Date.parse(map.start) + map.days[row] * 864e5).toISOString().slice(0, 10);
    const name = names.get(row);
    if (name) told.textContent = `${name.label} · ${kinds.of[map.kinds[row]].word} · ${date}`;
  }

  const later = () => { wanted ||= requestAnimationFrame(paint); };
  const zoom = (by, x, y) => {
    const least = Math.min(1, (canvas.clientHeight - 54) / total);
    const down = Math.min(36, Math.max(least, view.sy * by)) / view.sy;
    const across = down ** 0.3; // rows are many, the years few
    view = { sx: view.sx * across, sy: view.sy * down, x: x - (x - view.x) * across, y: y - (y - view.y) * down };
    later();
  };

  let held = null, moved = 0;
  canvas.addEventListener("pointerdown", (event) => { held = event; moved = 0; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", (event) => {
    if (held) {
      view.x += event.clientX - held.clientX;
      view.y += event.clientY - held.clientY;
      moved += Math.abs(event.clientX - held.clientX) + Math.abs(event.clientY - held.clientY);
      held = event;
      return later();
    }
    const row = near(event);
    canvas.style.cursor = row < 0 ? "" : "pointer";
    if (row >= 0) { clearTimeout(timer); timer = setTimeout(() => tell(row), 80); }
  });
  canvas.addEventListener("pointerup", async (event) => {
    held = null;
    const row = near(event);
    if (moved > 4 || row < 0) return;
    await tell(row);
    if (names.has(row)) location.assign(names.get(row).url);
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { left, top } = canvas.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / 250), event.clientX - left, event.clientY - top);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const [w, h] = [canvas.clientWidth / 2, canvas.clientHeight / 2];
    const act = {
      ArrowLeft: () => (view.x += 60), ArrowRight: () => (view.x -= 60),
      ArrowUp: () => (view.y += 60), ArrowDown: () => (view.y -= 60),
      "+": () => zoom(1.4, w, h), "-": () => zoom(1 / 1.4, w, h), 0: fit, Home: fit,
    }[event.key];
    if (act) { event.preventDefault(); act(); later(); }
  });
  new ResizeObserver(() => { if (view) later(); }).observe(canvas);
  const recolor = () => { kinds = legend(box.querySelector("ul"), map); later(); };
  addEventListener("themechange", recolor);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
  fit();
  paint();
}

// The words of the map with their colors, as the style sheet has them.
function legend(list, map) {
  const svg = (kind) => `<svg class="lineage" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path class="link k-${kind}" d="M-6 0H6"/></svg>`;
  const color = (item) => getComputedStyle(item.querySelector("path")).stroke;
  const kinds = { of: {} };
  list.replaceChildren();
  for (const [code, [name, word]] of Object.entries(map.words)) {
    const item = document.createElement("li");
    item.innerHTML = svg(name);
    item.append(word);
    list.append(item);
    kinds.of[code] = { name, word, color: color(item) };
  }
  const probe = document.createElement("li");
  probe.innerHTML = svg("inFamily");
  list.append(probe);
  kinds.trunk = color(probe);
  probe.remove();
  kinds.here = getComputedStyle(list.closest("[data-tree]").querySelector("a")).color;
  return kinds;
}
