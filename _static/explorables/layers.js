/* Networks before the first step, layer by layer: what comes through forwards, and what gradient
   comes back. All is measured: layers-data.js is written by book/measured_layers.py. */
(() => {
  "use strict";
  const { add, clamp, fill, measured, number, significant } = explorables;
  const CHOICES = {
    activation: ["sigmoid", "tanh", "relu"],
    weights: ["naive", "xavier", "he"],
    norm: ["none", "batch"],
    skips: ["none", "post", "pre"],
  };
  const FORWARDS = ["size", "difference", "classes"];
  const ENDS = [1, 2, 4, 8, 16, 32]; // where an axis may end, in decades
  const CLASSES = [0, 0.5]; // the axis of a part
  const SMALLEST = -10; // the decade below which differences are not stored
  const [BLUE, VERMILION] = ["var(--blue)", "var(--vermilion)"];
  const LEFT = 52;

  /* Return what is stored of a network, in decades, or in parts of one. */
  function curve({ activation, weights, norm, skips, depth }, name) {
    const stored = measured.networks[[activation, weights, norm, skips].join(" ")][name];
    const rows = name === "gradient" ? stored[depth] : stored.map((row) => row.slice(0, depth));
    const unit = name === "classes" ? 1000 : 100;
    const [middle, low, high] = rows.map((row) =>
      row.map((value) => (value === null ? null : value / unit)),
    );
    return { middle, low, high };
  }

  /* Return the ends of an axis that holds curves of decades. */
  function ends(curves, name) {
    if (name === "classes") return CLASSES;
    const values = curves
      .flatMap(({ low, high }) => [...low, ...high])
      .filter((value) => value !== null);
    const end = (most) => ENDS.find((each) => each >= most) ?? ENDS.at(-1);
    return [-end(-Math.min(...values)), name === "difference" ? 0 : end(Math.max(...values))];
  }

  function model(state) {
    const { kept, depth, forwards } = state;
    const names = [forwards, "gradient"];
    const curves = Object.fromEntries(names.map((name) => [name, curve(state, name)]));
    const old =
      kept && Object.fromEntries(names.map((name) => [name, curve({ ...kept, depth }, name)]));
    const axes = names.map((name) => ends([curves[name], ...(old ? [old[name]] : [])], name));
    const back = curves.gradient.middle;
    const whole = back[0] - back[depth - 1];
    const layer = Math.min(state.layer, depth);
    return { forwards, depth, layer, curves, old, axes, whole, each: 10 ** (whole / (depth - 1)) };
  }

  const raised = (power) =>
    String(power).replace(/./g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]));

  /* Return ten to a power as it is read. */
  function size(power) {
    return power > -3 && power < 4 ? significant(10 ** power) : `10${raised(Math.round(power))}`;
  }

  function layout(stage, depth) {
    const right = stage.width - 16;
    const across = (layer) => LEFT + 10 + ((right - LEFT - 20) * (layer - 1)) / (depth - 1);
    const panels = [
      [34, 154],
      [228, 348],
    ];
    const layer = (x) =>
      clamp(Math.round(1 + ((x - LEFT - 10) * (depth - 1)) / (right - LEFT - 20)), 1, depth);
    return { right, across, layer, panels, axis: 182, wide: stage.wide };
  }

  function build(stage) {
    const { words, state } = stage;
    const at = ({ depth, layer }) => {
      const { across, axis } = layout(stage, Math.round(depth));
      return [across(layer), axis];
    };
    stage.handle({
      name: words.layer,
      at,
      drag: ([x]) => ({ layer: layout(stage, state.depth).layer(x) }),
      press: ([right, up]) => ({ layer: clamp(stage.found.layer + (right || up), 1, state.depth) }),
      value: ({ layer, depth }) => [layer, 1, depth, number(layer, 0)],
    });
    for (const [key, values] of Object.entries(CHOICES)) {
      const options = values.map((value) => [value, words.options[key][value]]);
      stage.choice({ name: words.choices[key], key, options });
    }
    const depths = measured.depths.map((depth) => [depth, number(depth, 0)]);
    stage.choice({ name: words.depth, key: "depth", options: depths });
    const forwards = FORWARDS.map((name) => [name, words.forwards[name]]);
    stage.choice({ name: words.shown, key: "forwards", options: forwards });
    stage.button(words.keep, () => {
      const { activation, weights, norm, skips } = state;
      stage.change({ kept: { activation, weights, norm, skips } });
    });
  }

  function draw(stage, numbers) {
    const { sheet, words } = stage;
    const { forwards, curves, old, axes } = numbers;
    const seen = layout(stage, Math.round(numbers.depth));
    [forwards, "gradient"].forEach((name, k) => {
      const place = scale(seen, k, axes[k]);
      frame(sheet, seen, k, axes[k], name, place);
      if (old) line(sheet, seen, place, old[name], { dash: "5 4", width: 1.5, opacity: 0.7 });
      band(sheet, seen, place, curves[name], [BLUE, VERMILION][k]);
      mark(sheet, seen, place, curves[name], numbers.layer, [BLUE, VERMILION][k]);
    });
    between(sheet, seen, numbers);
    if (old) sheet.write([LEFT + 54, seen.axis - 14], words.kept, { size: 13, anchor: "start" });
    sheet.write([4, 12], words.titles[forwards], { size: 14, anchor: "start", colour: BLUE });
    sheet.write([4, 366], words.titles.gradient, { size: 14, anchor: "start", colour: VERMILION });
  }

  function scale({ panels }, k, [low, high]) {
    const [top, bottom] = panels[k];
    return (value) => bottom - ((bottom - top) * (clamp(value, low, high) - low)) / (high - low);
  }

  function frame(sheet, { right }, k, [low, high], name, place) {
    const span = high - low;
    const step = name === "classes" ? 0.1 : [1, 2, 4, 8, 16].find((each) => span / each <= 6);
    for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9; n += 1) {
      const y = place(n * step);
      sheet.segment([LEFT, y], [right, y], { width: 1, opacity: n ? 0.15 : 0.4 });
      const text =
        name === "classes" ? number(n * step, 1) : n === 0 ? "1" : `10${raised(n * step)}`;
      sheet.write([LEFT - 8, y], text, { size: 13, anchor: "end" });
    }
  }

  /* Return the pieces of a curve of which something is known, as places. */
  function pieces({ across }, place, values) {
    const known = values.findIndex((value) => value === null);
    const shown = known < 0 ? values : values.slice(0, known);
    return shown.map((value, k) => [across(k + 1), place(value)]);
  }

  function line(sheet, seen, place, { middle }, look) {
    const places = pieces(seen, place, middle);
    if (places.length > 1) sheet.line(places, look);
  }

  function band(sheet, seen, place, curve, colour) {
    const [low, high] = ["low", "high"].map((name) => pieces(seen, place, curve[name]));
    const both = Math.min(low.length, high.length);
    if (both > 1)
      sheet.shape([...low.slice(0, both), ...high.slice(0, both).reverse()], { colour, fill: 0.2 });
    line(sheet, seen, place, curve, { colour, width: 2 });
    for (const each of pieces(seen, place, curve.middle)) sheet.dot(each, 2.8, { colour });
  }

  function mark(sheet, seen, place, { middle }, layer, colour) {
    const value = middle[Math.round(layer) - 1];
    if (value !== null)
      sheet.dot([seen.across(layer), place(value)], 6, { colour, fill: 0, width: 2 });
  }

  /* Draw the layers between the panels, and which way is forwards and which back. */
  function between(sheet, { across, right, axis, panels, wide }, { depth, layer }) {
    const x = across(layer);
    sheet.segment([x, panels[0][0]], [x, panels[1][1]], { width: 1, opacity: 0.5 });
    sheet.segment([LEFT, axis], [right, axis], { width: 1.2 });
    sheet.arrow([LEFT, axis - 14], [LEFT + 44, axis - 14], { colour: BLUE });
    sheet.arrow([right, axis + 34], [right - 44, axis + 34], { colour: VERMILION });
    const all = Math.round(depth);
    const step = all <= 8 ? 1 : all <= 16 || wide ? 3 : 5;
    for (let each = 1; each <= all; each += 1) {
      sheet.segment([across(each), axis - 3], [across(each), axis + 3], { width: 1 });
      const close = Math.abs(across(each) - x) < 22 && Math.abs(each - layer) > 0.01;
      if (!close && ((each - 1) % step === 0 || each === Math.round(layer))) {
        sheet.write([across(each), axis + 19], number(each, 0), {
          size: 13,
          bold: each === Math.round(layer),
        });
      }
    }
  }

  function tell({ words }, { forwards, depth, layer, curves, whole, each }) {
    const values = curves[forwards].middle;
    const read = (value) => {
      if (value === null)
        return forwards === "difference" ? `< ${size(SMALLEST)}` : words.unmeasured;
      return forwards === "classes" ? `${number(100 * value, 0)} %` : size(value);
    };
    const found = {
      layer: number(layer, 0),
      depth: number(depth, 0),
      value: read(values[layer - 1]),
      first: read(values[0]),
      last: read(values[depth - 1]),
      gradient: size(curves.gradient.middle[layer - 1]),
      whole: size(whole),
      each: significant(each),
      seeds: number(measured.seeds, 0),
    };
    return fill(`${words.told[forwards]} ${words.back} ${words.seeds}`, found);
  }

  const start = {
    activation: "relu",
    weights: "he",
    norm: "none",
    skips: "none",
    depth: 16,
    forwards: "size",
    layer: 8,
    kept: null,
  };
  add("layers", { start, model, build, draw, tell });
})();
