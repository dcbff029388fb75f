// What the colors and shapes say, with how many models in view there are of each.

import { trace } from "./shapes.js";

export function legend(map) {
  const { m, colors, marks, camera, by } = map;
  const counts = new Uint32Array(colors.palette.length);
  const all = !camera.zoomed;
  let sum = 0;
  const inside = (i) => {
    const [x, y] = marks.spot(i);
    return x >= 0 && x <= camera.W && y >= 22 && y <= camera.H;
  };
  const count = (i) => {
    counts[colors.at[i]]++;
    sum++;
  };
  if (all) for (let i = m.shift; i < m.n; i++) count(i);
  else for (const i of map.seen) if (inside(i)) count(i);
  const items = colors.palette.map((one, k) => counts[k] || all ? item(map, one, one.shape ?? "circle", one.color, counts[k]) : null);
  if (by !== "relation") {
    for (const kind of m.words.relation) items.push(item(map, kind, kind.shape, colors.of.soft));
  }
  const last = document.createElement("li");
  last.textContent = map.say(all ? "all" : "inView", { count: sum });
  map.legend.replaceChildren(...items.filter(Boolean), last);
}

function item(map, { word }, shape, color, count) {
  const found = document.createElement("li");
  const canvas = document.createElement("canvas");
  const c = canvas.getContext("2d");
  canvas.width = canvas.height = 30;
  c.scale(2, 2);
  c.beginPath();
  trace(c, shape, 7.5, 7.5, 5);
  c.fillStyle = color;
  c.fill();
  if (shape === "ring") {
    c.beginPath();
    c.arc(7.5, 7.5, 2, 0, 7);
    c.fillStyle = map.colors.of.card;
    c.fill();
  }
  found.append(canvas, word);
  if (count !== undefined) {
    const number = document.createElement("b");
    number.textContent = map.count(count);
    found.append(" ", number);
  }
  return found;
}
