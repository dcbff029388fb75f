// Hands on the map: pointer, wheel, pinch and keys.

const MOVE = 60; // pixels of an arrow
const STEP = 1.8; // of a button

export function listen(map) {
  const { canvas, camera } = map;
  pointers(map);
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return hint(map);
    event.preventDefault();
    camera.zoom(Math.exp(-event.deltaY / 250), ...place(canvas, event));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !press(map, event.key)) return;
    event.preventDefault();
  });
  buttons(map);
}

function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

// The nearest model to a point, if the hand is near enough.
export function nearest(map, x, y, reach = 18) {
  const { m, L, camera, marks } = map;
  const [y0, y1] = [camera.heightAt(y - reach), camera.heightAt(y + reach)];
  const [x0, x1] = [camera.dayAt(x - reach), camera.dayAt(x + reach)];
  let best = -1, at = reach;
  for (let i = m.shift; i < m.n; i++) {
    if (L.Y[i] < y0 || L.Y[i] > y1 || m.day[i] < x0 || m.day[i] > x1) continue;
    const [px, py] = marks.spot(i);
    const distance = Math.hypot(px - x, py - y) - marks.radius(i) * 1.1;
    if (distance < at) [at, best] = [distance, i];
  }
  return best >= 0 && at > 6 && marks.radius(best) < 2 ? -1 : best; // a speck wants a nearer hand
}

function pointers(map) {
  const { canvas, camera } = map;
  const held = new Map();
  let moved = 0, apart = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held.set(event.pointerId, event);
    moved = apart = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    const [x, y] = place(canvas, event);
    if (!before) {
      const i = nearest(map, x, y);
      canvas.classList.toggle("pick", i >= 0);
      if (i !== map.hover) map.hoverOn(i, x, y);
      return;
    }
    held.set(event.pointerId, event);
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    moved += Math.abs(dx) + Math.abs(dy);
    if (held.size === 2) {
      const [a, b] = [...held.values()];
      const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      const [ax, ay] = place(canvas, a), [bx, by] = place(canvas, b);
      if (apart) camera.zoom(now / apart, (ax + bx) / 2, (ay + by) / 2);
      apart = now;
    } else if (moved > 4) {
      canvas.classList.add("drag");
      map.hoverOn(-1);
      camera.pan(dx, dy);
    }
  });
  canvas.addEventListener("pointerup", (event) => {
    const click = held.size === 1 && moved <= 4;
    release(event);
    if (!click) return;
    const [x, y] = place(canvas, event);
    const i = nearest(map, x, y);
    if (i >= 0 && i === map.picked) map.open(i);
    else map.pick(i);
  });
  const release = (event) => {
    held.delete(event.pointerId);
    apart = 0;
    canvas.classList.remove("drag");
  };
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => { if (!held.size) map.hoverOn(-1); });
}

let fading = 0;

function hint(map) {
  const note = map.box.querySelector(".map-wheel");
  note.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { note.hidden = true; }, 1400);
}

function press(map, key) {
  const { camera, picked } = map;
  if (key === "+" || key === "=") camera.zoom(1.6);
  else if (key === "-") camera.zoom(1 / 1.6);
  else if (key === "0" || key === "Home") camera.fly(camera.whole);
  else if (key === "Escape" && picked >= 0) map.pick(-1);
  else if (key === "Enter") {
    if (picked >= 0) map.open(picked);
    else map.pick(middle(map));
  } else if (key.startsWith("Arrow")) {
    const to = picked < 0 ? -1 : walk(map, picked, key);
    if (to >= 0) map.pick(to, true);
    if (picked < 0) camera.pan(...{ ArrowLeft: [MOVE, 0], ArrowRight: [-MOVE, 0], ArrowUp: [0, MOVE], ArrowDown: [0, -MOVE] }[key]);
  } else return false;
  return true;
}

// The model nearest to the middle, large ones from further away.
function middle({ seen, marks, camera, m }) {
  let best = -1, at = Infinity;
  for (const i of seen) {
    const [x, y] = marks.spot(i);
    const distance = Math.hypot(x - camera.W / 2, y - camera.H / 2) - m.size[i] ** 0.3 * 6;
    if (distance < at) [at, best] = [distance, i];
  }
  return best;
}

// From a model to its parent, its largest child, or a sibling.
function walk({ m, L }, i, key) {
  const byDay = (list) => list.sort((a, b) => L.Y[a] - L.Y[b]);
  if (key === "ArrowLeft") return m.parent[i] >= m.shift ? m.parent[i] : -1;
  if (key === "ArrowRight") return L.kidsOf(i).reduce((a, b) => (a < 0 || m.size[b] > m.size[a] ? b : a), -1);
  const siblings = m.parent[i] < 0 ? [i] : byDay(L.kidsOf(m.parent[i]));
  return siblings[siblings.indexOf(i) + (key === "ArrowUp" ? -1 : 1)] ?? -1;
}

function buttons(map) {
  const { camera } = map;
  const bar = map.tree.querySelector("[data-zoom]");
  if (!bar) return;
  const button = (text, label, act) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text, title: label, ariaLabel: label, onclick: act });
    bar.append(made);
  };
  button("−", bar.dataset.out, () => camera.zoom(1 / STEP));
  button("+", bar.dataset.in, () => camera.zoom(STEP));
  button(bar.dataset.fit, bar.dataset.fit, () => camera.fly(camera.whole));
}
