/* A sheet to draw on, with the words of bncourse/drawings/canvas.py: a place is a pair of numbers,
   to the right and down, here in pixels. What is drawn takes the ink of the page, and its four hues
   are those of bncourse/drawings/ink.py, which explorables.css defines. */
(() => {
  "use strict";
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const INK = "currentColor";
  const HALF_LETTER = 0.33; // from the baseline to the middle of a line of text, of its size
  const HEAD = 9; // length of an arrow's head
  const POLYGONS = { square: [4, 45, 1.25], diamond: [4, 0, 1.3], triangle: [3, 90, 1.4] };

  // A formula: letters that stand alone are italic; see bncourse/drawings/formula.py.
  const PIECE =
    /(?<shift>[_^])(?:\{(?<group>[^}]*)\}|(?<one>.))|(?<word>[A-Za-z]{2,})|(?<letter>[A-Za-zΑ-ΡΤ-Ωα-ω])(?<hat>\u0302)?|(?<other>[^_^A-Za-zΑ-ΡΤ-Ωα-ω]+)/gsu;
  const SHIFTS = { _: 0.22, "^": -0.38 };
  const SMALL = 0.7;
  const HAT_BACK = 0.36;
  const HAT_WIDTH = 0.33;

  /* Return an SVG element. */
  function svg(name, attributes = {}, ...inside) {
    const made = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) made.setAttribute(key, value);
    }
    made.append(...inside);
    return made;
  }

  const between = (start, end, part) => start.map((a, k) => a + part * (end[k] - a));
  const distance = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1]);

  function towards(start, end, length) {
    const all = distance(start, end);
    return all ? between(start, end, length / all) : start;
  }

  function spans(text, size) {
    let [shift, forward] = [0, 0];
    return [...text.matchAll(PIECE)].flatMap(({ 0: whole, groups }) => {
      const inner = groups.group ?? groups.one ?? groups.letter ?? whole;
      const target = (SHIFTS[groups.shift] ?? 0) * size;
      const slanted = /^\p{L}$/u.test(inner) && inner !== "Σ";
      const made = svg("tspan", { dx: forward, dy: target - shift }, inner);
      if (groups.shift) made.setAttribute("font-size", SMALL * size);
      if (slanted) made.setAttribute("font-style", "italic");
      [shift, forward] = [target, 0];
      if (!groups.hat) return [made];
      forward = (HAT_BACK - HAT_WIDTH) * size;
      return [made, svg("tspan", { dx: -HAT_BACK * size }, "ˆ")];
    });
  }

  class Sheet {
    /* Draw into an SVG group. */
    constructor(group) {
      this.group = group;
    }

    clear() {
      this.group.replaceChildren();
    }

    line(places, { colour = INK, width = 1.5, dash, opacity } = {}) {
      this._path(places, "", { fill: "none", ...stroke(colour, width, dash, opacity) });
    }

    segment(start, end, look) {
      this.line([start, end], look);
    }

    shape(places, { colour = INK, fill = 1, width = 0, dash } = {}) {
      this._path(places, "Z", { ...filled(colour, fill), ...stroke(colour, width, dash) });
    }

    dot([cx, cy], r, { colour = INK, fill = 1, width = 0, dash } = {}) {
      this._add("circle", { cx, cy, r, ...filled(colour, fill), ...stroke(colour, width, dash) });
    }

    /* Draw a rectangle about a place. */
    box(
      [x, y],
      [width, height],
      { colour = INK, fill = 0.1, width: pen = 1.5, dash, corner = 6 } = {},
    ) {
      const place = {
        x: x - width / 2,
        y: y - height / 2,
        width: Math.max(width, 0),
        height,
        rx: corner,
      };
      this._add("rect", { ...place, ...filled(colour, fill), ...stroke(colour, pen, dash) });
    }

    /* Draw a point as a disc, a square, a diamond or a triangle, all about as large. */
    point(place, kind, radius, look) {
      if (!POLYGONS[kind]) return this.dot(place, radius, look);
      const [corners, turn, size] = POLYGONS[kind];
      const angles = explorables
        .range(corners)
        .map((k) => ((turn + (360 * k) / corners) * Math.PI) / 180);
      const corner = (a) => [
        place[0] + size * radius * Math.cos(a),
        place[1] - size * radius * Math.sin(a),
      ];
      return this.shape(angles.map(corner), look);
    }

    /* Draw an arrow, cut by two lengths at its ends; what is too short for an arrow is not drawn. */
    arrow(start, end, { colour = INK, width = 2, dash, cut = [0, 0] } = {}) {
      if (distance(start, end) < cut[0] + cut[1] + 3) return;
      const [tail, tip] = [towards(start, end, cut[0]), towards(end, start, cut[1])];
      const head = Math.min(HEAD, distance(tail, tip));
      const base = towards(tip, tail, head);
      const across = [(base[1] - tip[1]) * 0.42, (tip[0] - base[0]) * 0.42];
      this.segment(tail, towards(tip, tail, head - 1), { colour, width, dash });
      const side = (sign) => [base[0] + sign * across[0], base[1] + sign * across[1]];
      this.shape([tip, side(1), side(-1)], { colour });
    }

    write(place, words, { size = 14, anchor = "middle", colour = INK, bold } = {}) {
      this._text(place, [words], { size, anchor, colour, "font-weight": bold ? 600 : undefined });
    }

    formula(place, text, { size = 17, anchor = "middle", colour = INK } = {}) {
      this._text(place, spans(text, size), { size, anchor, colour, class: "explorable-formula" });
    }

    /* Write one formula above another, with a line of a width between them. */
    fraction([x, y], top, bottom, width, { size = 17, colour = INK } = {}) {
      this.formula([x, y - 0.62 * size], top, { size, colour });
      this.formula([x, y + 0.68 * size], bottom, { size, colour });
      this.segment([x - width / 2, y], [x + width / 2, y], { colour, width: 1.2 });
    }

    /* Write what stays legible on lines: with the ground around its letters. */
    label(place, text, look) {
      this.formula(place, text, look);
      this.group.lastChild.classList.add("explorable-label");
    }

    _text([x, y], inside, { size, anchor, colour, ...look }) {
      const place = { x, y: y + HALF_LETTER * size, "font-size": size, "text-anchor": anchor };
      this._add("text", { ...place, fill: colour, ...look }, ...inside);
    }

    _path(places, end, look) {
      const d = "M" + places.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L") + end;
      this._add("path", { d, ...look });
    }

    _add(name, attributes, ...inside) {
      this.group.append(svg(name, attributes, ...inside));
    }
  }

  function filled(colour, opacity) {
    return opacity ? { fill: colour, "fill-opacity": opacity } : { fill: "none" };
  }

  function stroke(colour, width, dash, opacity) {
    if (!width) return {};
    return {
      stroke: colour,
      "stroke-width": width,
      "stroke-dasharray": dash,
      "stroke-opacity": opacity,
    };
  }

  Object.assign(explorables, { Sheet, svg, distance });
})();
