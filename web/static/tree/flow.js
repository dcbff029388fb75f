// In a drawing of who learned from what: pointing at a node lights all that led to it and all that came of it.

// Everything that one follows from a node, one way along the paths.
function reach(paths, start, from, to) {
  const found = new Set([start]);
  const lit = new Set();
  for (const id of found) {
    for (const path of paths) {
      if (path.dataset[from] !== id) continue;
      lit.add(path);
      found.add(path.dataset[to]);
    }
  }
  return { found, lit };
}

function light(svg, id) {
  const paths = [...svg.querySelectorAll("path[data-from]")];
  const up = reach(paths, id, "to", "from");
  const down = reach(paths, id, "from", "to");
  for (const path of paths) path.classList.toggle("lit", up.lit.has(path) || down.lit.has(path));
  for (const node of svg.querySelectorAll("[data-id]")) {
    node.classList.toggle("lit", up.found.has(node.dataset.id) || down.found.has(node.dataset.id));
  }
  svg.classList.add("dim");
}

const drawing = (target) => target.closest?.("svg.flow");

function on(event) {
  const node = drawing(event.target) && event.target.closest("[data-id]");
  if (node) light(drawing(node), node.dataset.id);
}

function off(event) {
  const { target, relatedTarget } = event;
  if (!relatedTarget?.closest?.("svg.flow [data-id]")) drawing(target)?.classList.remove("dim");
}

for (const name of ["pointerover", "focusin"]) document.addEventListener(name, on);
for (const name of ["pointerout", "focusout"]) document.addEventListener(name, off);
