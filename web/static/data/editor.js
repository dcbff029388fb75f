// A plain <textarea> with its text colored by a <pre> below it: undo, selection, input methods and
// screen readers work as everywhere, because the text is still the textarea's own.
import { paint, place } from "./highlight.js";

export class Editor {
  constructor(area) {
    this.area = area;
    this.pre = document.createElement("pre");
    this.pre.setAttribute("aria-hidden", "true");
    this.error = null;
    area.before(this.pre);
    area.parentElement.classList.add("on");
    area.addEventListener("input", () => this.fine());
    this.paint();
  }

  get text() { return this.area.value; }
  set text(value) {
    this.area.value = value;
    this.fine();
  }

  paint() { paint(this.pre, this.text, this.error); }

  // Nothing is known to be wrong.
  fine() {
    this.error = null;
    this.area.removeAttribute("aria-invalid");
    this.paint();
  }

  // Mark an error; `line` and `column` count from 1.
  wrong(line, column) {
    if (!line) return;
    this.error = place(this.text, line, column);
    this.area.setAttribute("aria-invalid", "true");
    this.paint();
    this.pre.querySelector(".at, .bad")?.scrollIntoView({ block: "nearest" });
  }

  // Put the caret at the error.
  visit() {
    if (!this.error) return;
    this.area.focus();
    this.area.setSelectionRange(...this.error.word);
  }

  // Replace what stands before the caret, in a way that can be undone.
  insert(text, before) {
    const end = this.area.selectionStart;
    this.area.setSelectionRange(end - before, end);
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, end - before, end, "end");
      this.area.dispatchEvent(new Event("input"));
    }
  }

  // Where a place in the text is on the screen.
  box(offset) {
    const range = document.createRange();
    const walker = document.createTreeWalker(this.pre, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(), left = offset; node; node = walker.nextNode()) {
      if (left <= node.length) {
        range.setStart(node, left);
        range.setEnd(node, Math.min(node.length, left + 1));
        return range.getBoundingClientRect();
      }
      left -= node.length;
    }
    return this.area.getBoundingClientRect();
  }
}
