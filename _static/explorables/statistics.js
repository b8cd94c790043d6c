/* A running mean and a running variance on their way to the truth: what is expected of them, how
   far they stray, and one path. The equations are those of chapters/test-time.ipynb. */
(() => {
  "use strict";
  const { add, clamp, fill, moments, number, range, significant } = explorables;
  const TRUTH = { mean: 10, variance: 100 }; // of a bell curve
  const START = { mean: 0, variance: 1 };
  const DEFAULTS = { PyTorch: 0.1, Keras: 0.01 };
  const LAST = 500; // steps
  // From a thousandth to 0.99, ten to a decade, each with two digits.
  const RATES = range(30)
    .map((k) => Number((10 ** (k / 10 - 3)).toPrecision(2)))
    .concat(0.99);
  const SIZES = [2, 4, 8, 16, 32, 64, 128, 256];
  const RANGES = { mean: [0, 20], variance: [0, 200] };
  const TICKS = { mean: [0, 10, 20], variance: [0, 100, 200] };
  const [BLUE, VERMILION] = ["var(--blue)", "var(--vermilion)"];
  const LEFT = 44;

  /* Return a function that gives numbers from 0 to 1, the same ones for the same seed: mulberry32. */
  function stream(seed) {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  /* Return batches drawn from the truth, by the method of Box and Muller. */
  function batches({ size, seed }, count = LAST) {
    const uniform = stream(1000 * seed + size);
    const one = () => {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return TRUTH.mean + Math.sqrt(TRUTH.variance) * radius * Math.cos(2 * Math.PI * uniform());
    };
    return range(count).map(() => range(size).map(one));
  }

  /* Return the mean and the unbiased variance of each batch of a path; the last ones are kept. */
  let kept = {};
  function statistics({ size, seed }) {
    if (kept.size === size && kept.seed === seed) return kept.found;
    const found = batches({ size, seed }).map((values) => {
      const { mean, variance } = moments(values);
      return { mean, variance: (variance * size) / (size - 1) };
    });
    kept = { size, seed, found };
    return found;
  }

  /* Return the running averages before the first step and after each. */
  function path({ rate, size, seed }) {
    const move = (old, fresh) => (1 - rate) * old + rate * fresh;
    let now = START;
    const after = statistics({ size, seed }).map(({ mean, variance }) => {
      now = { mean: move(now.mean, mean), variance: move(now.variance, variance) };
      return now;
    });
    return [START, ...after];
  }

  /* Return what is expected after some steps, and the standard deviations. */
  function closedForm({ rate, size }, steps) {
    const weight = (1 - rate) ** steps; // of the start
    const averaging = Math.sqrt((rate / (2 - rate)) * (1 - weight ** 2));
    const between = (key) => weight * START[key] + (1 - weight) * TRUTH[key];
    const spread = {
      mean: Math.sqrt(TRUTH.variance / size) * averaging,
      variance: TRUTH.variance * Math.sqrt(2 / (size - 1)) * averaging,
    };
    return { weight, mean: between("mean"), variance: between("variance"), spread };
  }

  function model(state) {
    const expected = range(LAST + 1).map((steps) => closedForm(state, steps));
    const examples = (state.size * (2 - state.rate)) / state.rate;
    return { ...state, expected, path: path(state), examples };
  }

  function layout(stage) {
    const right = stage.width - 14;
    const across = (steps) => LEFT + ((right - LEFT) * steps) / LAST;
    const top = stage.wide ? 48 : 66;
    const panels = { mean: [top, top + 120], variance: [top + 158, top + 278] };
    const height = (key, value) => {
      const [[top, bottom], [low, high]] = [panels[key], RANGES[key]];
      return bottom - ((bottom - top) * (clamp(value, low, high) - low)) / (high - low);
    };
    return { wide: stage.wide, right, across, panels, height, axis: top + 294 };
  }

  function build(stage) {
    const { words, state } = stage;
    const set = (steps) => ({ steps: clamp(Math.round(steps), 1, LAST) });
    stage.handle({
      name: words.steps,
      at: ({ steps }) => [layout(stage).across(steps), layout(stage).axis],
      drag: ([x]) => set((LAST * (x - LEFT)) / (layout(stage).right - LEFT)),
      press: ([right, up]) => set(state.steps + (right || up)),
      value: ({ steps }) => [steps, 1, LAST, number(steps, 0)],
    });
    const marks = Object.entries(DEFAULTS).map(([library, rate]) => [
      rate,
      `${library} ${significant(rate)}`,
    ]);
    const text = (value) => significant(value);
    stage.slider({ name: words.rate, key: "rate", values: RATES, text, marks });
    stage.slider({ name: words.size, key: "size", values: SIZES, text });
    stage.button(words.another, () => stage.change({ seed: state.seed + 1 }, true));
  }

  function draw(stage, numbers) {
    const { sheet, words } = stage;
    const seen = layout(stage);
    legend(sheet, words, seen);
    for (const key of ["mean", "variance"]) panel(sheet, words, seen, numbers, key);
    timeAxis(sheet, words, seen, numbers.steps);
  }

  function legend(sheet, words, { wide, right }) {
    sheet.write([4, 10], words.expected, { size: 13, anchor: "start", colour: BLUE });
    const [place, anchor] = wide ? [[right, 10], "end"] : [[4, 28], "start"];
    sheet.write(place, words.path, { size: 13, anchor, colour: VERMILION });
  }

  function panel(sheet, words, { right, across, panels, height }, { expected, path, steps }, key) {
    const at = (each, value) => [across(each), height(key, value)];
    const edge = (sign) =>
      expected.map((each, k) => at(k, each[key] + sign * 2 * each.spread[key]));
    for (const tick of TICKS[key]) {
      const y = height(key, tick);
      sheet.segment([LEFT, y], [right, y], { width: 1, opacity: 0.15 });
      sheet.write([LEFT - 8, y], number(tick, 0), { size: 13, anchor: "end" });
    }
    const title = fill(key === "mean" ? words.mean : words.variance, {
      truth: number(TRUTH[key], 0),
    });
    sheet.write([4, panels[key][0] - 15], title, { size: 14, anchor: "start" });
    sheet.segment(at(0, TRUTH[key]), at(LAST, TRUTH[key]), { dash: "6 4", width: 1.5 });
    sheet.shape([...edge(1), ...edge(-1).reverse()], { colour: BLUE, fill: 0.18 });
    sheet.line(
      path.map((each, k) => at(k, each[key])),
      { colour: VERMILION, width: 1.2 },
    );
    sheet.line(
      expected.map((each, k) => at(k, each[key])),
      { colour: BLUE, width: 2.5 },
    );
    const [top, bottom] = panels[key];
    sheet.segment([across(steps), top], [across(steps), bottom]);
    const whole = Math.round(steps); // in motion it may lie between
    sheet.dot(at(steps, path[whole][key]), 4, { colour: VERMILION });
    sheet.dot(at(steps, expected[whole][key]), 5, { colour: BLUE });
  }

  function timeAxis(sheet, words, { right, across, axis }, steps) {
    sheet.segment([LEFT, axis], [right, axis], { width: 1.2 });
    for (let tick = 0; tick <= LAST; tick += 100) {
      sheet.segment([across(tick), axis - 4], [across(tick), axis + 4], { width: 1.2 });
      if (Math.abs(across(tick) - across(steps)) < 26) continue;
      sheet.write([across(tick), axis + 19], number(tick, 0), { size: 13 });
    }
    sheet.write([across(steps), axis + 19], number(steps, 0), { size: 14, bold: true });
    sheet.write([right, axis + 37], words.axis, { size: 13, anchor: "end" });
  }

  function tell({ words }, { steps, rate, size, expected, path, examples }) {
    const now = expected[steps];
    return fill(words.told, {
      steps: number(steps, 0),
      rate: significant(rate),
      size: number(size, 0),
      weight: number(100 * now.weight, 1),
      mean: number(now.mean, 1),
      mean_spread: number(now.spread.mean, 1),
      variance: number(now.variance, 1),
      variance_spread: number(now.spread.variance, 1),
      path_mean: number(path[steps].mean, 1),
      path_variance: number(path[steps].variance, 1),
      examples: number(examples, 0),
    });
  }

  const start = { rate: 0.1, size: 16, steps: 50, seed: 1 };
  add("statistics", { start, model, batches, build, draw, tell });
})();
