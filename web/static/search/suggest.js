// Suggestions under a search box: the combobox with a listbox of the ARIA Authoring Practices.
// "/" puts the cursor into it from anywhere on the page. Without this file the form works as it is. Answers are those of OpenSearch:
// [typed, names, descriptions, addresses].

const WAIT = 80; // ms between questions: a key after a pause asks at once, fast typing waits for its end
const KEPT = 200; // answers that this page remembers

class Combobox {
  constructor(form) {
    this.form = form;
    this.input = form.elements.q;
    this.answers = new Map();
    this.active = -1;
    this.asked = -WAIT;
    this.list = made("div", { id: `${this.input.id}-options`, className: "options", hidden: true });
    this.status = made("span", { className: "vh" });
    set(this.list, { role: "listbox", "aria-label": form.dataset.label });
    set(this.status, { role: "status" });
    this.input.type = "text"; // role=combobox is not allowed on type=search
    this.input.autocomplete = "off";
    set(this.input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-haspopup": "listbox", "aria-controls": this.list.id });
    this.input.parentElement.append(this.list, this.status);
    this.listen();
  }

  listen() {
    // While a syllable is composed `input` follows every compositionupdate, so 알ㅍ is sent as well.
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus
    this.form.addEventListener("submit", () => this.close());
    addEventListener("pagehide", () => this.close());
  }

  key(event) {
    // The Enter or arrow that ends a composition belongs to the input method (229: Safari, old Chrome).
    if (event.isComposing || event.keyCode === 229) return;
    const { key } = event;
    if ((key === "ArrowDown" || key === "ArrowUp") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (this.list.hidden) this.ask();
      else if (!event.altKey) this.move(key === "ArrowDown" ? 1 : -1);
    } else if (key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.list.children[this.active].click();
    }
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), Math.max(0, this.asked + WAIT - performance.now()));
  }

  async ask() {
    const typed = this.input.value.trim();
    this.request?.abort();
    clearTimeout(this.timer);
    if (!typed) return this.close();
    if (this.answers.has(typed)) return this.show(typed, this.answers.get(typed));
    this.asked = performance.now();
    const request = (this.request = new AbortController());
    try {
      const answer = await fetched(this.form.dataset.suggest, typed, request.signal);
      if (this.answers.size >= KEPT) this.answers.delete(this.answers.keys().next().value);
      this.answers.set(typed, answer);
      if (request === this.request && this.input === document.activeElement) this.show(typed, answer);
    } catch {
      if (request === this.request) this.close(); // no suggestions is no error
    }
  }

  show(typed, [, names, descriptions, addresses]) {
    if (!names.length) return this.close();
    this.choose(-1);
    this.list.replaceChildren(...names.map((name, i) => {
      const option = made("a", { id: `${this.list.id}-${i}`, href: addresses[i], tabIndex: -1 });
      set(option, { role: "option", "aria-selected": "false" });
      option.append(marked(name, typed), made("small", { textContent: descriptions[i] }));
      return option;
    }));
    this.list.hidden = false;
    this.list.scrollTop = 0;
    set(this.input, { "aria-expanded": "true" });
    this.status.textContent = this.form.dataset.count.replace("{}", names.length);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
    this.choose(-1);
    this.list.hidden = true;
    this.status.textContent = "";
    set(this.input, { "aria-expanded": "false" });
  }

  // Through all options and back to the box itself (-1).
  move(step) {
    const places = this.list.children.length + 1;
    this.choose(((this.active + 1 + step + places) % places) - 1);
  }

  choose(place) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = this.list.children[place];
    if (option) {
      set(option, { "aria-selected": "true" });
      option.scrollIntoView({ block: "nearest" });
      set(this.input, { "aria-activedescendant": option.id });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }
}

async function fetched(address, typed, signal) {
  const url = new URL(address, location.href);
  url.searchParams.set("q", typed);
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

// A name; what is still to be typed of it stands out.
function marked(name, typed) {
  const span = made("span", {});
  if (/[가-힣]/.test(name)) span.lang = "ko";
  const done = name.toLowerCase().startsWith(typed.toLowerCase()) ? typed.length : name.length;
  span.append(name.slice(0, done), made("b", { textContent: name.slice(done) }));
  return span;
}

function made(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Combobox(form);

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const input = document.querySelector("[aria-keyshortcuts=\"/\"]");
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
});
