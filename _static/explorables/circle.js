/* A feature of a batch of three as a point in space, on its way to a circle; and what the gradient
   loses on its way back. The static drawing, in the same view, is bncourse/drawings/circle.py. */
(() => {
  "use strict";
  const { add, average, clamp, distance, fill, number, range } = explorables;
  const ONES = [1, 1, 1];
  const ACROSS = [
    [1, -1, 0],
    [1, 1, -2],
  ]; // two directions in the plane
  const TILT = (31 * Math.PI) / 180; // of the eye above the plane
  const RADIUS = Math.sqrt(3); // of the circle: three values with the variance 1
  const RIM = 2.2; // how far the plane is drawn
  // How far x, and how far g, can be moved in the plane, and at right angles to it.
  const X_REACH = { level: [0.15, 2.5], along: [-1.6, 2.9] };
  const G_REACH = { level: [0, 1.6], along: [-1.7, 1.7] };
  const STEP = 0.05;
  const [BLUE, VERMILION, GREEN, PURPLE] = ["blue", "vermilion", "green", "purple"].map(
    (hue) => `var(--${hue})`,
  );

  const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  const scaled = (a, times) => a.map((value) => value * times);
  const plus = (...vectors) =>
    vectors[0].map((_, k) => vectors.reduce((sum, each) => sum + each[k], 0));
  const unit = (a) => scaled(a, 1 / Math.sqrt(dot(a, a)));
  const cross = (a, b) =>
    [0, 1, 2].map((k) => a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3]);

  /* The way of x to the circle, and of g back: its mean goes, then its part along x̂. */
  function model({ x, g, turn }) {
    const mean = average(x);
    const d = x.map((value) => value - mean);
    const s = Math.sqrt(average(d.map((value) => value ** 2)));
    const hat = scaled(d, 1 / s);
    const level = g.map((value) => value - average(g));
    const along = average(g.map((value, k) => value * hat[k]));
    const left = level.map((value, k) => value - hat[k] * along);
    const whole = dot(g, g) || 1;
    const shares = [3 * average(g) ** 2, 3 * along ** 2, dot(left, left)].map(
      (part) => part / whole,
    );
    return { x, g, turn, mean, d, s, hat, level, left, dx: scaled(left, 1 / s), shares };
  }

  /* The unit vectors that are seen to the right, to behind, and along (1, 1, 1). */
  function directions(turn) {
    const [first, second, ones] = [...ACROSS, ONES].map(unit);
    const angle = (turn * Math.PI) / 180;
    const right = plus(scaled(first, Math.cos(angle)), scaled(second, Math.sin(angle)));
    return { right, behind: cross(ones, right), ones };
  }

  /* Two views: from the side, and along (1, 1, 1). */
  function views(stage, turn) {
    const { right, behind, ones } = directions(turn);
    const { wide, width } = stage;
    const size = wide ? 50 : 45;
    const up = plus(scaled(ones, Math.cos(TILT)), scaled(behind, Math.sin(TILT)));
    const view = ([x, y], up) => ({
      place: (point) => [x + size * dot(right, point), y - size * dot(up, point)],
      seen: ([px, py]) => [(px - x) / size, (y - py) / size],
      turn,
    });
    const places = wide
      ? [
          [0.25 * width, 168],
          [0.7 * width, 136],
        ]
      : [
          [0.43 * width, 146],
          [0.43 * width, 326],
        ];
    return { side: view(places[0], up), above: view(places[1], behind) };
  }

  /* Return a vector with its part in the plane, and that along (1, 1, 1), where they may be. */
  function within({ level, along }, [a, b, c], turn) {
    const { right, behind, ones } = directions(turn);
    const length = Math.hypot(a, b) || 1;
    const times = clamp(length, ...level) / length;
    return plus(
      scaled(right, a * times),
      scaled(behind, b * times),
      scaled(ones, clamp(c, ...along)),
    );
  }

  function parts(vector, turn) {
    const { right, behind, ones } = directions(turn);
    return [right, behind, ones].map((direction) => dot(direction, vector));
  }

  /* A point of a view as parts of a vector: what the view does not show stays as it was. */
  function moved(view, [a, b], old) {
    if (view === "above") return [a, b, old[2]];
    return [a, old[1], (b - Math.sin(TILT) * old[1]) / Math.cos(TILT)];
  }

  function build(stage) {
    const { words, state } = stage;
    const point = (name, key, view, reach, foot) => {
      const change = (parts) => ({ [key]: within(reach, parts, state.turn) });
      const at = (numbers) =>
        views(stage, numbers.turn)[view].place(plus(numbers[key], foot(numbers)));
      const old = () => parts(state[key], state.turn);
      stage.handle({
        name,
        at,
        drag: (place) => {
          const { seen, place: back } = views(stage, state.turn)[view];
          const [start, origin] = [back(foot(stage.found)), back([0, 0, 0])];
          return change(
            moved(view, seen(place.map((each, k) => each - start[k] + origin[k])), old()),
          );
        },
        press: ([right, up]) => {
          const [a, b, c] = old();
          const [dx, dy] = [right, up].map((steps) => (Number.isFinite(steps) ? STEP * steps : 0));
          return change(view === "above" ? [a + dx, b + dy, c] : [a + dx, b, c + dy]);
        },
        value: (numbers) => [numbers[key][0], -4, 4, triple(words.triple, numbers[key])],
        twoWays: true,
        radius: 8,
        look: key === "x" ? "explorable-invisible" : "explorable-hollow",
      });
    };
    const none = () => [0, 0, 0];
    const hat = ({ hat }) => hat;
    point(words.x_side, "x", "side", X_REACH, none);
    point(words.g_side, "g", "side", G_REACH, hat);
    point(words.x_above, "x", "above", X_REACH, none);
    point(words.g_above, "g", "above", G_REACH, hat);
    const turns = range(73).map((k) => 5 * k - 180);
    stage.slider({
      name: words.turn,
      key: "turn",
      values: turns,
      text: (value) => fill(words.degrees, { value: number(value, 0) }),
    });
  }

  const triple = (sentence, vector) =>
    fill(
      sentence,
      vector.map((value) => number(value)),
    );

  function draw(stage, numbers) {
    const { sheet, words } = stage;
    const { side, above } = views(stage, numbers.turn);
    fromTheSide(sheet, side, numbers);
    fromAbove(sheet, above, numbers);
    bar(stage, words, numbers.shares);
  }

  function ring({ place, turn }, radius) {
    const { right, behind } = directions(turn);
    const angles = range(90).map((k) => (k * Math.PI) / 45);
    return angles.map((a) =>
      place(plus(scaled(right, radius * Math.cos(a)), scaled(behind, radius * Math.sin(a)))),
    );
  }

  function plane(sheet, view) {
    sheet.shape(ring(view, RIM), { fill: 0.08 });
    sheet.shape(ring(view, RADIUS), { fill: 0, width: 2 });
  }

  function fromTheSide(sheet, view, { x, d, hat, g, level }) {
    const { place } = view;
    const origin = place([0, 0, 0]);
    plane(sheet, view);
    for (const k of [0, 1, 2]) {
      const axis = ONES.map((_, n) => (n === k ? 1 : 0));
      sheet.arrow(origin, place(scaled(axis, 2.1)), { width: 1 });
      sheet.formula(place(scaled(axis, 2.4)), `x_${k + 1}`, { size: 15 });
    }
    sheet.segment(origin, place(scaled(ONES, 1.7)), { dash: "2 4", width: 1.2 });
    sheet.formula(place(scaled(ONES, 1.86)), "(1, 1, 1)", { size: 15 });
    const [start, foot, end] = [x, d, hat].map(place);
    const [tip, flat] = [g, level].map((vector) => place(plus(hat, vector)));
    sheet.arrow(start, foot, { colour: BLUE, dash: "6 3", cut: [7, 7] });
    sheet.arrow(foot, end, { colour: BLUE, cut: [6, 7] });
    sheet.arrow(end, flat, { colour: PURPLE, width: 2.5 });
    sheet.arrow(end, tip, { colour: VERMILION, width: 2.5 });
    sheet.segment(tip, flat, { colour: VERMILION, dash: "2 3", width: 2 });
    const down = tip[1] > flat[1] ? -17 : 17;
    if (distance(end, flat) > 16)
      beside(sheet, flat, [8 * Math.sign(flat[0] - end[0]), down], "g − mean(g)", PURPLE);
    beside(sheet, tip, [0, -down], "g", VERMILION);
    points(sheet, [start, [-16, 0], "x"], [foot, away(foot, end), "d"], [end, [0, 19], "x̂"]);
  }

  function fromAbove(sheet, view, { d, hat, level, left }) {
    const { place } = view;
    const origin = place([0, 0, 0]);
    plane(sheet, view);
    const [foot, end] = [d, hat].map(place);
    const [flat, rest] = [level, left].map((vector) => place(plus(hat, vector)));
    sheet.segment(origin, end, { dash: "2 4", width: 1.2 });
    sheet.dot(origin, 2.5);
    sheet.formula([origin[0], origin[1] + 14], "0", { size: 15 });
    sheet.arrow(foot, end, { colour: BLUE, cut: [6, 7] });
    rightAngle(sheet, end, origin, rest);
    sheet.arrow(end, flat, { colour: PURPLE, width: 2.5 });
    sheet.segment(flat, rest, { colour: PURPLE, dash: "2 3", width: 2 });
    sheet.arrow(end, rest, { colour: GREEN, width: 3 });
    if (distance(end, rest) > 16) beside(sheet, rest, away(rest, flat), "s ∂L/∂x", GREEN);
    const back = away(end, rest);
    points(sheet, [foot, back, "d"], [end, back, "x̂"]);
  }

  /* The way of a label from one place, away from another. */
  function away(place, other) {
    const long = distance(other, place);
    return long ? place.map((each, k) => (17 * (each - other[k])) / long) : [0, 17];
  }

  /* Write beside a place, and on the sheet. */
  function beside(sheet, [x, y], [right, down], text, colour) {
    const half = 4 * text.length;
    const most = sheet.group.ownerSVGElement.clientWidth - half;
    const out = Math.abs(right) > 6 ? Math.sign(right) * (half - 8) : 0;
    sheet.label([clamp(x + right + out, half, most), y + down], text, { size: 16, colour });
  }

  function rightAngle(sheet, corner, first, second) {
    const [one, two] = [first, second].map((place) => {
      const long = distance(corner, place);
      return long > 16 ? place.map((each, k) => (11 * (each - corner[k])) / long) : null;
    });
    if (!one || !two) return;
    const at = (...steps) =>
      corner.map((each, k) => steps.reduce((sum, step) => sum + step[k], each));
    sheet.line([at(one), at(one, two), at(two)], { width: 1 });
  }

  function points(sheet, ...named) {
    const [last] = named.at(-1);
    for (const [[x, y], [right, down], name] of named) {
      sheet.dot([x, y], 5, { colour: BLUE });
      const hidden = name === "d" && distance([x, y], last) < 20;
      if (!hidden) sheet.label([x + right, y + down], name, { size: 19 });
    }
  }

  /* Show how the square of g is divided. */
  function bar({ sheet, width, height, wide }, words, shares) {
    const [left, long, y] = [4, width - 8, height - 44];
    const colours = [VERMILION, PURPLE, GREEN];
    let at = left;
    sheet.formula([left, y - 21], words.divided, { size: 15, anchor: "start" });
    shares.forEach((share, k) => {
      const part = long * share;
      const look = k < 2 ? { fill: 0.3, width: 1.5, dash: "2 3" } : { fill: 1, width: 0 };
      if (part > 1)
        sheet.box([at + part / 2, y], [part - 2, 16], { colour: colours[k], corner: 2, ...look });
      at += part;
      const place = [left + long * [0, wide ? 0.5 : 0.6, 1][k], y + 22];
      const text = fill(words.shares[k], { share: number(100 * share, 0) });
      sheet.formula(place, text, {
        size: 15,
        colour: colours[k],
        anchor: ["start", "middle", "end"][k],
      });
    });
  }

  function tell({ words }, { x, mean, s, hat, dx, shares }) {
    const [lost_mean, lost_hat, kept] = shares.map((share) => number(100 * share, 0));
    const named = {
      x: triple(words.triple, x),
      hat: triple(words.triple, hat),
      dx: triple(words.triple, dx),
    };
    return fill(words.told, {
      ...named,
      mean: number(mean),
      s: number(s),
      lost_mean,
      lost_hat,
      kept,
    });
  }

  const start = { x: [0.5, 1, 2], g: [1, -0.5, 1.5], turn: -80 };
  add("circle", { start, model, directions, build, draw, tell });
})();
