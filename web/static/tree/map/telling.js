// What is said of a model: in a box beside it, in the line under the map that screen readers follow.

const WAY = 5; // names of a way that are told

const made = (name, text, className = "") => Object.assign(document.createElement(name), { textContent: text, className });

export class Telling {
  constructor(map) {
    this.map = map;
    this.tip = map.box.querySelector(".map-tip");
    this.line = map.box.querySelector("output");
    this.usual = this.line.textContent;
    this.turn = 0;
  }

  name(i) { return this.map.m.names.get(i)?.label ?? "…"; }

  // Shows a box near a point and says the same; pinned, with a link to the page.
  async tell(i, x, y, pinned = false) {
    const turn = ++this.turn;
    if (i < 0) return this.hush();
    this.show(i, x, y, pinned);
    const { m } = this.map;
    if (await this.map.ask([...m.pathTo(i), ...(m.also.get(i) ?? [])])) {
      this.map.redraw(false);
      if (turn === this.turn) this.show(i, x, y, pinned);
    }
  }

  hush() {
    this.tip.hidden = true;
    this.line.textContent = this.usual;
  }

  facts(i) {
    const { map } = this;
    const { m } = map;
    const parent = m.parent[i];
    const relation = m.words.relation[m.kind[i]].word;
    const way = m.pathTo(i);
    return [
      m.makers[m.org[i]],
      parent >= m.shift ? map.say("from", { kind: relation, name: this.name(parent) }) : relation,
      `${m.known[i] ? map.month(m.day[i]) : map.say("unknown")} · ${map.say("license")}: ${m.words.license[m.verdict[i]].word}`,
      m.size[i] > 1 ? map.say("below", { count: m.size[i] - 1 }) : map.say("nothing"),
      way.length > 2 ? [...way].reverse().slice(-WAY).map((v) => this.name(v)).join(" › ") : "",
    ].filter(Boolean);
  }

  show(i, x, y, pinned) {
    const { map, tip } = this;
    const facts = this.facts(i);
    const url = map.m.names.get(i)?.url;
    const title = pinned && url ? Object.assign(made("a", this.name(i)), { href: url }) : made("b", this.name(i));
    tip.replaceChildren(title, ...facts.map((text) => made("span", text)));
    tip.hidden = false;
    tip.classList.toggle("pinned", pinned);
    this.line.textContent = [this.name(i), ...facts].join(", ");
    const { W, H } = map.camera;
    const left = x + 22 + tip.offsetWidth > W ? Math.max(4, x - tip.offsetWidth - 18) : x + 18;
    const top = Math.min(Math.max(26, y + 16), Math.max(26, H - tip.offsetHeight - 6));
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
