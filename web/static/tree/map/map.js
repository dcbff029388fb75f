// A whole family on a canvas: time from left to right, subtrees packed along it, rivers from afar, dots and lines near.

import { Camera } from "./camera.js";
import { Colors } from "./colors.js";
import { Finding } from "./finding.js";
import { legend } from "./legend.js";
import { Marks } from "./lines.js";
import { drawFound, drawWay } from "./lit.js";
import { Mini } from "./mini.js";
import { asker, DAY, decode } from "./model.js";
import { pack } from "./packing.js";
import { picture } from "./picture.js";
import { listen } from "./pointing.js";
import { rivers } from "./rivers.js";
import { Stamps } from "./stamps.js";
import { Strip } from "./strip.js";
import { Telling } from "./telling.js";

const SLOW = 12; // ms: a picture that costs more is moved as it is, while a hand moves it
const REST = 110; // ms after which it is drawn anew

export async function draw(box) {
  const answer = await fetch(box.dataset.map);
  if (!answer.ok) return;
  const map = new FamilyMap(box, decode(await answer.json()));
  box.dataset.ready = "";
  box.familyMap = map;
}

class FamilyMap {
  constructor(box, m) {
    const words = JSON.parse(box.dataset.words);
    const lang = document.documentElement.lang;
    const number = new Intl.NumberFormat(lang);
    const month = new Intl.DateTimeFormat(lang, { year: "numeric", month: "short", timeZone: "UTC" });
    Object.assign(this, {
      box, m, words, lang,
      tree: box.closest("[data-tree]"),
      canvas: box.querySelector(".map-stage canvas"),
      legend: box.querySelector(".map-legend"),
      by: box.dataset.color,
      hover: -1, picked: -1, hits: [], seen: [], wanted: [],
      dirty: true, moving: false, frame: 0, cost: 0, drawn: 0, ratio: 1,
      count: (value) => number.format(value),
      month: (day) => month.format(new Date(m.start + day * DAY)),
    });
    this.context = this.canvas.getContext("2d");
    this.back = document.createElement("canvas").getContext("2d"); // the last whole picture
    this.L = pack(m);
    this.rivers = rivers(m, this.L);
    const least = Math.max(2e-3, 14 * Math.min(...this.L.bands.map((band) => band.s), 1));
    this.camera = new Camera(m.span, least, (moving) => this.redraw(true, moving));
    this.marks = new Marks(this);
    this.stamps = new Stamps(this);
    this.colors = new Colors(this);
    this.mini = new Mini(this);
    this.strip = new Strip(this);
    this.telling = new Telling(this);
    this.request = asker(m, box.dataset.names);
    this.colors.read();
    this.strip.count();
    listen(this);
    this.finding = new Finding(this);
    this.follow();
  }

  // A sentence of the map with its places filled.
  say(name, places = {}) {
    return this.words[name].replace(/\{(\w+)\}/g, (_, key) => {
      const value = places[key];
      return typeof value === "number" ? this.count(value) : value;
    });
  }

  ask(places) { return this.request(places); }

  // What changes the map from outside: its size, the theme, another fill.
  follow() {
    const recolor = () => {
      this.colors.read();
      this.strip.count();
      this.mini.forget();
      this.redraw();
      legend(this);
    };
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    addEventListener("themechange", recolor);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
    for (const link of this.tree.querySelectorAll("[data-color]")) {
      if (link === this.box) continue;
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        this.by = link.dataset.color;
        for (const other of link.parentElement.querySelectorAll("[data-color]")) other.ariaCurrent = other === link ? "true" : null;
        history.replaceState(history.state, "", link.href);
        recolor();
      });
    }
  }

  resize() {
    const { canvas } = this;
    if (!canvas.clientWidth) return;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    this.camera.resize(canvas.clientWidth, canvas.clientHeight);
    for (const one of [canvas, this.back.canvas]) {
      one.width = Math.round(canvas.clientWidth * this.ratio);
      one.height = Math.round(canvas.clientHeight * this.ratio);
    }
    this.mini.forget();
    this.redraw();
  }

  // Draws at the next frame: the whole picture, or only what lies over it.
  redraw(whole = true, moving = false) {
    if (whole) this.moving = moving;
    this.dirty ||= whole;
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    const { context: c, camera, ratio } = this;
    this.frame = 0;
    const began = performance.now();
    const shift = this.dirty && this.moving && this.taken && this.cost > SLOW && began - this.drawn < Math.max(250, 5 * this.cost);
    if (this.dirty && !shift) {
      picture(this.back, this, ratio);
      this.taken = { ...camera.view };
      this.drawn = performance.now();
      this.cost = this.drawn - began;
      this.dirty = false;
      this.later();
    }
    if (shift) {
      clearTimeout(this.settle);
      this.settle = setTimeout(() => this.redraw(), REST);
    }
    const on = this.hover >= 0 ? this.hover : this.picked;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.globalAlpha = on >= 0 ? 0.17 : this.hits.length ? 0.42 : 1;
    if (shift) this.moved(c);
    else c.drawImage(this.back.canvas, 0, 0);
    c.globalAlpha = 1;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.save();
    c.beginPath();
    c.rect(0, 21, camera.W, camera.H - 21);
    c.clip();
    this.lit = [];
    drawFound(c, this);
    if (on >= 0) drawWay(c, this, on);
    c.restore();
    this.mini.draw(ratio);
    this.strip.draw(ratio);
  }

  // The last picture, where it would be now.
  moved(c) {
    const { camera, taken, back: { canvas }, ratio } = this;
    const x = camera.x(taken.x0), y = camera.y(taken.y0);
    const across = (camera.x(taken.x1) - x) / camera.wide, down = (camera.y(taken.y1) - y) / camera.tall;
    const left = (x - camera.pad.l * across) * ratio, top = (y - camera.pad.t * down) * ratio;
    c.drawImage(canvas, left, top, canvas.width * across, canvas.height * down);
  }

  // What a picture that has come to rest still wants: counts, and names it did not have.
  later() {
    clearTimeout(this.rest);
    this.rest = setTimeout(async () => {
      legend(this);
      if (await this.ask(this.wanted)) this.redraw();
    }, 120);
  }

  hoverOn(i, x, y) {
    if (i === this.hover) return;
    this.hover = i;
    if (i >= 0 || this.picked < 0) {
      const [left, top] = i < 0 ? [0, 0] : this.marks.spot(i);
      this.telling.tell(i, x ?? left, y ?? top);
    } else this.telling.tell(this.picked, ...this.marks.spot(this.picked), true);
    this.redraw(false);
  }

  // Holds a model, its way lit, until another is picked; near also goes to it.
  pick(i, near = false) {
    const { m, L, camera } = this;
    this.picked = i;
    this.hover = -1;
    if (i >= 0 && near) {
      const [x, y] = this.marks.spot(i);
      const inside = x > 40 && x < camera.W - 40 && y > 40 && y < camera.H - 20;
      if (!inside || this.marks.row(i) < 4) camera.goTo(m.day[i], L.Y[i], L.bands[L.band[i]]?.s ?? 14);
    }
    this.telling.tell(i, ...(i < 0 ? [0, 0] : near ? [camera.W / 2, camera.H / 2] : this.marks.spot(i)), true);
    this.redraw(false);
  }

  async open(i) {
    await this.ask([i]);
    const name = this.m.names.get(i);
    if (name) location.assign(name.url);
  }
}
