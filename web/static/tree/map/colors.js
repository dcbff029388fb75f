// The colors of the map, read from the style sheets, so that a theme needs no script.

import { mix } from "./rivers.js";

const TOKENS = ["bg", "card", "ink", "soft", "faint", "line", "line2", "map-trunk", "map-lit", "map-ring"];
const SVG = "http://www.w3.org/2000/svg";

export class Colors {
  constructor(map) {
    this.map = map;
    this.probe = document.createElement("i");
    this.probe.hidden = true;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "lineage vh");
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.append(document.createElementNS(SVG, "path"));
    map.box.append(this.probe, this.svg);
    this.dot = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  }

  read() {
    const { map } = this;
    this.of = {};
    for (const token of TOKENS) {
      this.probe.className = "";
      this.probe.style.color = `var(--${token})`;
      this.of[token.replace("map-", "")] = getComputedStyle(this.probe).color;
    }
    this.probe.style.color = "";
    this.font = getComputedStyle(map.canvas).fontFamily;
    this.dark = this.rgb(this.of.card)[0] < 128;
    map.L.bands.forEach((band, i) => this.tint(band, band.v < 0 ? null : (i * 137.5 + 150) % 360));
    this.fill();
  }

  // Branches are tinted each in a hue of its own; what is too small for a band is gray.
  tint(band, hue) {
    const tone = (light, dark) => {
      const [lightness, chroma] = this.dark ? dark : light;
      return `oklch(${lightness} ${hue === null ? chroma / 8 : chroma} ${hue ?? 150})`;
    };
    band.wash = tone([0.98, 0.011], [0.232, 0.014]);
    band.tint = tone([0.945, 0.03], [0.285, 0.032]);
    band.deep = tone([0.895, 0.05], [0.35, 0.045]);
    band.name = hue === null ? this.of.soft : tone([0.4, 0.085], [0.86, 0.07]);
  }

  rgb(color) {
    this.dot.clearRect(0, 0, 1, 1);
    this.dot.fillStyle = color;
    this.dot.fillRect(0, 0, 1, 1);
    return [...this.dot.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }

  named(css) {
    if (css.startsWith("k-")) {
      this.svg.firstChild.setAttribute("class", `link ${css === "k-inFamily" ? "k-family" : css}`);
      return getComputedStyle(this.svg.firstChild).stroke;
    }
    this.probe.className = `dot ${css}`;
    return getComputedStyle(this.probe).color;
  }

  // What the shapes are filled by: a color for each category, and the category of each model.
  fill() {
    const { map } = this;
    const { m, by } = map;
    if (by === "org") {
      const listed = Object.entries(m.hues).map(([place, css]) => ({ word: m.makers[place], css, place: Number(place) }));
      const at = new Map(listed.map(({ place }, i) => [place, i]));
      this.at = Uint8Array.from(m.org, (org) => at.get(org) ?? listed.length);
      this.palette = [...listed, { word: map.words.others, css: "c0" }];
    } else {
      this.at = by === "license" ? m.verdict : m.kind;
      this.palette = m.words[by].map((one) => ({ ...one }));
    }
    const ground = this.rgb(this.of.card);
    const share = this.dark ? 0.6 : 0.5;
    for (const one of this.palette) {
      one.color = this.named(one.css);
      one.rgb = this.rgb(one.color);
      one.soft = `rgb(${one.rgb.map((value, i) => Math.round(value * share + ground[i] * (1 - share))).join(" ")})`;
    }
    for (const river of map.rivers) mix(m, map.L, river, this.at, this.palette.length);
  }

  color(i) { return this.palette[this.at[i]].color; }
}
