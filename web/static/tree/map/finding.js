// Models found by name: ringed on the map and listed beside it. The server finds, as the search box does.

export class Finding {
  constructor(map) {
    this.map = map;
    this.list = map.box.querySelector(".map-hits");
    this.form = map.tree.querySelector("form[role=search]");
    this.input = this.form?.elements.find;
    this.turn = 0;
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.keep();
      this.find();
    });
    this.input?.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.input.value) return;
      this.input.value = "";
      this.keep();
      this.find();
    });
    if (this.input?.value) this.find();
  }

  // The address says what was asked for.
  keep() {
    const here = new URL(location.href);
    if (this.input.value.trim()) here.searchParams.set("find", this.input.value.trim());
    else here.searchParams.delete("find");
    history.replaceState(history.state, "", here);
  }

  async find() {
    const { map } = this;
    const turn = ++this.turn;
    const words = this.input.value.trim();
    map.hits = [];
    this.list.hidden = true;
    map.tree.querySelector(".tree-note[role=status]")?.remove();
    if (words) {
      const answer = await fetch(`${map.box.dataset.found}&find=${encodeURIComponent(words)}`);
      if (!answer.ok || turn !== this.turn) return;
      const found = await answer.json();
      for (const name of found.names) map.m.names.set(name.at + map.m.shift, name);
      map.hits = found.places.map((place) => place + map.m.shift);
      this.show(found);
    } else map.telling.hush();
    map.redraw(false);
  }

  show(found) {
    const { map } = this;
    const named = map.hits.slice(0, found.names.length);
    const words = found.total ? map.say("found", { count: found.total }) : map.say("notFound", { words: this.input.value.trim() });
    const head = Object.assign(document.createElement("li"), { className: "n", textContent: words });
    this.list.replaceChildren(head, ...named.map((i) => this.row(i)));
    this.list.hidden = false;
    map.telling.line.textContent = words;
  }

  row(i) {
    const { map } = this;
    const item = document.createElement("li");
    const button = document.createElement("button");
    const when = document.createElement("small");
    button.type = "button";
    when.textContent = map.m.known[i] ? map.month(map.m.day[i]) : map.say("unknown");
    button.append(map.m.names.get(i).label, when);
    button.addEventListener("click", () => map.pick(i, true));
    button.addEventListener("pointerenter", () => map.hoverOn(i));
    button.addEventListener("pointerleave", () => map.hoverOn(-1));
    item.append(button);
    return item;
  }
}
