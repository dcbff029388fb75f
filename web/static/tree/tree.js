// A family tree on a page: opened in place, by keyboard, dragged and zoomed.
// Without this file every link and form in it works all the same.

const find = () => document.querySelector("[data-tree]");
const seen = (element) => element.getClientRects().length > 0;
const rows = (tree) => [...tree.querySelectorAll("a[data-depth]")].filter(seen);
let search = location.search;
let latest = 0;

// ---- opening in place: the server's own section takes the place of the one there is ----

// Whether an address is this tree in another state.
function ours(address) {
  const form = find()?.querySelector(".tree-bar form");
  const here = form && new URL(form.action);
  return here && address.origin === here.origin && address.pathname === here.pathname;
}

async function go(address, push) {
  const turn = ++latest;
  const old = find();
  const ask = new URL(address, location.href);
  ask.searchParams.set("part", "tree");
  ask.hash = "";
  old.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(ask, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== latest) return;
    const fresh = document.adoptNode(page.querySelector("[data-tree]"));
    show(old, fresh);
    if (push) history.pushState(null, "", address);
    search = location.search;
  } catch {
    location.assign(address);
  }
}

function show(old, fresh) {
  const known = new Set([...old.querySelectorAll("[data-id]")].map((a) => a.dataset.id));
  const control = old.contains(document.activeElement) ? document.activeElement : null;
  const open = new Set([...old.querySelectorAll("details:not([open])")].map(nameOf));
  const scroll = old.querySelector(".scroller")?.scrollLeft ?? 0;
  old.replaceWith(fresh);
  for (const details of fresh.querySelectorAll("details")) details.open = !open.has(nameOf(details));
  start(fresh);
  const scroller = fresh.querySelector(".scroller");
  if (scroller) scroller.scrollLeft = scroll;
  const added = [...fresh.querySelectorAll("a[data-id]")].filter((a) => !known.has(a.dataset.id));
  if (known.size) for (const link of added) (link.closest("li") ?? link).classList.add("new");
  const next = control?.matches("[data-more]") && added.find(seen);
  (next || again(fresh, control))?.focus();
}

const nameOf = (details) => details.parentElement.querySelector("a[data-id]")?.dataset.id;

// The control of the new section that does what the one with the focus did.
function again(fresh, control) {
  if (!control) return null;
  if (control.id) return fresh.querySelector(`#${CSS.escape(control.id)}`);
  const places = [".tabs a", ".tree-bar a", ".tree-bar button"];
  for (const place of places) {
    const same = [...fresh.querySelectorAll(place)].filter(seen);
    const found = same.find((e) => e.textContent === control.textContent);
    if (found && control.matches(place)) return found;
  }
  const { id, more } = control.dataset;
  if (id) return rows(fresh).find((a) => a.dataset.id === id);
  return more ? rows(fresh).find((a) => a.dataset.id === more) : null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-tree] a[href]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const address = new URL(link.href.baseVal ?? link.href, location.href);
  if (link.hasAttribute("download") || !ours(address)) return;
  event.preventDefault();
  go(address.href, true);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const address = new URL(form.action);
  if (!form.closest("[data-tree]") || !ours(address)) return;
  event.preventDefault();
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  go(address.href, true);
});

addEventListener("popstate", () => {
  if (location.search !== search && find()) go(location.href, false);
});

// ---- keyboard, as in the tree pattern of the ARIA guide ----

let typed = "";
let timer = 0;

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-tree] a[data-depth]");
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = rows(find());
  const at = all.indexOf(link);
  const to = step(event.key, all, at) ?? (event.key.length === 1 && event.key !== " " ? type(event.key, all, at) : null);
  if (to === null) return;
  event.preventDefault();
  if (to instanceof Element) to.focus();
});

function step(key, all, at) {
  const link = all[at];
  const depth = (a) => Number(a.dataset.depth);
  const details = link.closest("li")?.querySelector(":scope > details");
  switch (key) {
    case "ArrowDown": return all[at + 1] ?? true;
    case "ArrowUp": return all[at - 1] ?? true;
    case "Home": return all[0];
    case "End": return all.at(-1);
    case "ArrowRight":
      if (details && !details.open) return (details.open = true);
      if (link.dataset.more) { link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })); return true; }
      return all[at + 1] && depth(all[at + 1]) > depth(link) ? all[at + 1] : true;
    case "ArrowLeft":
      if (details?.open) { details.open = false; return true; }
      return all.slice(0, at).findLast((a) => depth(a) < depth(link)) ?? true;
    default: return null;
  }
}

function type(key, all, at) {
  clearTimeout(timer);
  timer = setTimeout(() => (typed = ""), 700);
  typed += key.toLowerCase();
  const same = [...typed].every((letter) => letter === typed[0]);
  const wanted = same ? typed[0] : typed;
  const from = same ? at + 1 : at;
  const name = (a) => (a.querySelector("text") ?? a).textContent.trim().toLowerCase();
  return [...all.slice(from), ...all.slice(0, from)].find((a) => name(a).startsWith(wanted)) ?? true;
}

// ---- moving and zooming the timeline ----

function zoomable(tree) {
  const scroller = tree.querySelector(".scroller");
  const svg = scroller?.querySelector("svg");
  const bar = tree.querySelector("[data-zoom]");
  if (!svg || !bar || !seen(svg)) return;
  const { width, height } = svg.viewBox.baseVal;
  let scale = svg.getBoundingClientRect().width / width;
  const zoom = (to, x = scroller.clientWidth / 2) => {
    const next = Math.min(4, Math.max(0.25, to));
    scroller.classList.add("zoomed"); // until then a wide screen decides
    const place = (scroller.scrollLeft + x) / scale;
    scale = next;
    svg.setAttribute("width", Math.round(width * scale));
    svg.setAttribute("height", Math.round(height * scale));
    scroller.scrollLeft = place * scale - x;
  };
  const fit = () => zoom(Math.min(1, (scroller.clientWidth - 20) / width), 0);
  const button = (text, label, act) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text, title: label, ariaLabel: label, onclick: act });
    bar.append(made);
  };
  button("−", bar.dataset.out, () => zoom(scale / 1.25));
  button("+", bar.dataset.in, () => zoom(scale * 1.25));
  button(bar.dataset.fit, bar.dataset.fit, fit);
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - scroller.getBoundingClientRect().left);
  }, { passive: false });
  scroller.addEventListener("keydown", (event) => {
    if (event.target !== scroller) return;
    const act = { "+": () => zoom(scale * 1.25), "-": () => zoom(scale / 1.25), 0: fit }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  drag(scroller);
}

function drag(scroller) {
  scroller.classList.add("can-drag");
  scroller.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button || event.target.closest("a")) return;
    let { clientX: x, clientY: y } = event;
    const move = (next) => {
      scroller.scrollLeft -= next.clientX - x;
      scrollBy(0, y - next.clientY);
      ({ clientX: x, clientY: y } = next);
    };
    const stop = () => {
      scroller.classList.remove("drag");
      removeEventListener("pointermove", move);
    };
    event.preventDefault();
    scroller.classList.add("drag");
    addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, stop, { once: true });
  });
}

async function start(tree) {
  zoomable(tree);
  const map = tree.querySelector("[data-map]");
  if (!map) return;
  (await import("./map/map.js")).draw(map);
}

if (find()) start(find());
