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

for (const svg of document.querySelectorAll("svg.flow")) {
  const on = (event) => {
    const node = event.target.closest("[data-id]");
    if (node) light(svg, node.dataset.id);
  };
  const off = () => svg.classList.remove("dim");
  svg.addEventListener("pointerover", on);
  svg.addEventListener("focusin", on);
  svg.addEventListener("pointerout", (event) => { if (!event.relatedTarget?.closest?.("svg.flow [data-id]")) off(); });
  svg.addEventListener("focusout", off);
}
