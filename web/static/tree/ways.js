// In a drawing of weights and data: pointing at a box lights all that led to it and all that came of it; pointing at a
// term, or coming to it by keyboard, lights the way it came. In a family tree: pointing at a model lights its line.

const DRAWINGS = "svg.flow, svg.draw";
const joins = (svg) => [...svg.querySelectorAll("path[data-from]")];

// Everything that one follows from a box, one way along the joins.
function reach(paths, start, from, to) {
  const found = new Set([start]);
  const lit = new Set();
  for (const id of found) {
    for (const path of paths) {
      if (path.dataset[from] !== id) continue;
      lit.add(path);
      if (path.dataset[to]) found.add(path.dataset[to]);
    }
  }
  return { found, lit };
}

function show(svg, ids, lit) {
  svg.dataset.rest ??= svg.classList.contains("dim") ? "dim" : "";
  for (const path of joins(svg)) mark(path, lit.has(path));
  for (const box of svg.querySelectorAll("[data-id]")) mark(box, ids.has(box.dataset.id));
  svg.classList.add("dim");
}

// What the server lit stays known, for when the pointer has gone.
function mark(element, on) {
  element.dataset.lit ??= element.classList.contains("lit") ? "1" : "";
  element.classList.toggle("lit", on);
}

function rest(svg) {
  if (svg.dataset.rest === undefined) return;
  for (const element of svg.querySelectorAll("[data-lit]")) element.classList.toggle("lit", element.dataset.lit === "1");
  svg.classList.toggle("dim", svg.dataset.rest === "dim");
}

function lightBox(svg, id) {
  const paths = joins(svg);
  const up = reach(paths, id, "to", "from");
  const down = reach(paths, id, "from", "to");
  show(svg, new Set([...up.found, ...down.found]), new Set([...up.lit, ...down.lit]));
}

// The steps of some ways, written as web/ui/relations.py does, that a drawing has, where it has any.
function lightWays(svg, ways) {
  const steps = new Set();
  const ids = new Set();
  for (const way of ways.split("|").map((text) => text.split(" "))) {
    if (way.length === 1) ids.add(way[0]);
    way.slice(1).forEach((parent, place) => steps.add(`${parent} ${way[place]}`));
  }
  const lit = new Set(joins(svg).filter((path) => steps.has(`${path.dataset.from} ${path.dataset.to}`)));
  for (const path of lit) ids.add(path.dataset.from).add(path.dataset.to);
  if ([...ids].some((id) => svg.querySelector(`[data-id="${CSS.escape(id)}"]`))) show(svg, ids, lit);
}

// ---- a family tree: its lines share trunks, so the line of one model is drawn over them ----

const place = (node) => node?.querySelector(".shape")?.transform.baseVal.consolidate()?.matrix;

function lightLine(svg, node) {
  const links = svg.querySelector(".links");
  const of = (id) => svg.querySelector(`a.node[data-id="${CSS.escape(id)}"]`);
  const seen = new Set();
  for (let one = node; one?.dataset.parent && !seen.has(one); one = of(one.dataset.parent)) {
    seen.add(one);
    const [from, to] = [place(of(one.dataset.parent)), place(one)];
    if (!from || !to) return;
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("class", "link way");
    line.setAttribute("d", `M${from.e} ${from.f}V${to.f}H${to.e}`);
    links.append(line);
  }
}

// ---- under the pointer and the focus ----

function on({ target }) {
  if (!target.closest) return;
  const box = target.closest("[data-id]");
  const svg = box?.closest(DRAWINGS);
  const tree = box?.closest("svg.lineage");
  const term = target.closest("[data-ways]");
  if (svg) lightBox(svg, box.dataset.id);
  else if (tree) lightLine(tree, box);
  else if (term) for (const each of document.querySelectorAll(DRAWINGS)) lightWays(each, term.dataset.ways);
}

function off({ target, relatedTarget }) {
  const left = target.closest?.("[data-id], [data-ways]");
  if (!left || left.contains(relatedTarget)) return;
  document.querySelectorAll(DRAWINGS).forEach(rest);
  for (const line of document.querySelectorAll(".link.way")) line.remove();
}

for (const name of ["pointerover", "focusin"]) document.addEventListener(name, on);
for (const name of ["pointerout", "focusout"]) document.addEventListener(name, off);
