// Completion from our own data: prefixes and terms once from the server, entities from its search.
// The textarea keeps the focus; the list is announced and chosen from with the arrow keys.
import { KEYWORDS } from "./highlight.js";

const MOST = 12;
const REACH = 200; // characters before the caret that are looked at
const BEFORE = /(<[^<>\s"{}|^`\\]*|[?$]?[\p{L}\p{N}_][\p{L}\p{N}_.:-]*)$/u;

// An entity as a query names it.
const reference = (id) => `<${id.replace(/[%#?[\]]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase())}>`;

export class Completer {
  constructor(editor, form, say) {
    Object.assign(this, { editor, form, say, terms: null, items: [], active: -1, asked: 0 });
    this.list = document.createElement("ul");
    Object.assign(this.list, { className: "hints", id: "hints", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.querySelector("label").textContent);
    form.append(this.list);
    const area = editor.area;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", "hints");
    area.addEventListener("input", (event) => event.isComposing || this.suggest(false));
    area.addEventListener("compositionend", () => this.suggest(false));
    area.addEventListener("blur", () => this.close());
    area.addEventListener("click", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the textarea keeps the focus
      const item = event.target.closest("li");
      if (item) this.take(Number(item.dataset.place));
    });
    window.addEventListener("scroll", () => this.close(), { passive: true });
  }

  // A key that the list takes; true if it did.
  key(event) {
    if (event.ctrlKey && event.code === "Space") return this.suggest(true), true;
    if (this.list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) return this.choose((this.active + step + this.items.length) % this.items.length), true;
    if (event.key === "Escape") return this.close(), true;
    if (event.key === "Tab" && !event.shiftKey) return this.take(Math.max(0, this.active)), true;
    if (event.key === "Enter" && this.active >= 0) return this.take(this.active), true;
    return false;
  }

  async suggest(wanted) {
    const asked = ++this.asked, area = this.editor.area;
    const text = this.editor.text.slice(Math.max(0, area.selectionStart - REACH), area.selectionStart);
    const word = BEFORE.exec(text)?.[0] ?? "";
    const quiet = /^[?$\d]/.test(word) || /#[^\n<>]*$/.test(text) || (word.length < 2 && word !== "<");
    if (area.selectionStart !== area.selectionEnd || (quiet && !wanted)) return this.close();
    this.terms ??= fetch(this.form.dataset.terms).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status));
    const found = await this.known(word, text);
    if (asked !== this.asked) return;
    this.show(found, word);
    const name = word.replace(/^<(\w+\/)?/, "");
    if (word.includes(":") || name.length < 2) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (asked !== this.asked) return;
    const entities = await this.entities(name);
    if (asked === this.asked) this.show([...found, ...entities].slice(0, MOST), word);
  }

  // Prefixes, classes, properties and keywords that fit; after `a` only classes.
  async known(word, text) {
    const { prefixes, terms } = await this.terms.catch(() => ({ prefixes: {}, terms: [] }));
    if (word.startsWith("<")) return [];
    if (/prefix\s+\w*$/i.test(text))
      return Object.entries(prefixes).filter(([name]) => name.startsWith(word))
        .map(([name, iri]) => ({ insert: `${name}: <${iri}>`, code: `${name}:`, about: iri }));
    const typed = word.toLowerCase(), classes = /\sa\s+\S*$/.test(text);
    const rank = ({ term, labels }) => {
      const name = term.toLowerCase(), local = name.slice(name.indexOf(":") + 1);
      if (name.startsWith(typed) || local.startsWith(typed)) return 0;
      return local.includes(typed) || labels.some((label) => label.toLowerCase().includes(typed)) ? 1 : 2;
    };
    const fitting = terms.filter((term) => (!classes || term.class) && rank(term) < 2)
      .sort((a, b) => rank(a) - rank(b))
      .map(({ term, labels }) => ({ insert: term, code: term, about: labels[0] }));
    const words = word && !word.includes(":") ? KEYWORDS.filter((k) => k.startsWith(typed) && k !== typed) : [];
    return [...words.slice(0, 3).map((k) => ({ insert: k.toUpperCase(), code: k.toUpperCase(), about: "" })),
      ...fitting].slice(0, MOST);
  }

  async entities(name) {
    this.search?.abort();
    this.search = new AbortController();
    const address = `${this.form.dataset.search}?limit=8&lang=${document.documentElement.lang}&q=${encodeURIComponent(name)}`;
    try {
      const answer = await fetch(address, { signal: this.search.signal });
      const { hits } = await answer.json();
      return hits.map(({ id, label }) => ({ insert: reference(id), code: reference(id), about: label }));
    } catch {
      return []; // the list does without them
    }
  }

  show(items, word) {
    if (!items.length) return this.hide();
    Object.assign(this, { items, word, active: -1 });
    this.list.replaceChildren(...items.map(({ code, about }, place) => {
      const item = document.createElement("li"), name = document.createElement("code"), label = document.createElement("span");
      item.id = `hint-${place}`;
      item.dataset.place = place;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      name.textContent = code;
      label.textContent = about;
      item.append(name, label);
      return item;
    }));
    this.place(word);
    this.say(this.form.dataset.suggestions.replace("#", items.length));
  }

  place(word) {
    const box = this.editor.box(this.editor.area.selectionStart - word.length);
    this.list.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.list;
    const below = box.bottom + 4 + height <= innerHeight || box.top < height;
    this.list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    this.list.style.top = `${below ? box.bottom + 4 : box.top - height - 4}px`;
  }

  choose(place) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const item = this.list.children[place];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.editor.area.setAttribute("aria-activedescendant", item.id);
  }

  take(place) {
    const { insert } = this.items[place];
    this.editor.insert(insert, this.word.length);
    this.close();
  }

  close() {
    this.asked++; // what is under way comes too late
    this.search?.abort();
    this.hide();
  }

  hide() {
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.say("");
    this.editor.area.removeAttribute("aria-activedescendant");
  }
}
