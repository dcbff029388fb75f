// The shapes of kinds of node, as web/tree/shapes.py has them for SVG, around a point.

const polygon = (c, x, y, points) => {
  points.forEach(([dx, dy], i) => (i ? c.lineTo(x + dx, y + dy) : c.moveTo(x + dx, y + dy)));
  c.closePath();
};

const circle = (c, x, y, r) => {
  c.moveTo(x + r, y);
  c.arc(x, y, r, 0, 7);
};

const SHAPES = {
  bar: (c, x, y, r) => c.rect(x - r * 1.2, y - r * 0.75, r * 2.4, r * 1.5),
  diamond: (c, x, y, r) => polygon(c, x, y, [[0, -r * 1.22], [r * 1.22, 0], [0, r * 1.22], [-r * 1.22, 0]]),
  square: (c, x, y, r) => c.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76),
  triangle: (c, x, y, r) => polygon(c, x, y, [[0, -r * 1.2], [r * 1.15, r * 0.85], [-r * 1.15, r * 0.85]]),
  hexagon: (c, x, y, r) => polygon(c, x, y, [[-r * 1.1, 0], [-r * 0.55, -r], [r * 0.55, -r], [r * 1.1, 0], [r * 0.55, r], [-r * 0.55, r]]),
  bow: (c, x, y, r) => polygon(c, x, y, [[-r, -r * 0.85], [r, r * 0.85], [r, -r * 0.85], [-r, r * 0.85]]),
  funnel: (c, x, y, r) => polygon(c, x, y, [[0, r * 1.2], [r * 1.15, -r * 0.85], [-r * 1.15, -r * 0.85]]),
};

export const trace = (c, shape, x, y, r) => (SHAPES[shape] ?? circle)(c, x, y, r);
