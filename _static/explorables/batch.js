/* Four values of a feature on their way through batch norm: x, x̂ and y. The static drawing is
   bncourse/drawings/batch.py. */
(() => {
  "use strict";
  const { add, average, clamp, fill, moments, number, range, significant } = explorables;
  const RATE = 0.1; // of the running averages, as is PyTorch's default
  const LOW = -6; // ends of the number lines
  const HIGH = 12;
  const REACH = [-5, 11]; // how far a value can be moved
  const LEAST = 0.05; // the smallest spread that can still be pulled apart
  const EPS = [1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10];
  const KINDS = ["disc", "square", "diamond", "triangle"];
  const COLOURS = ["--blue", "--vermilion", "--green", "--purple"].map((name) => `var(${name})`);
  const BLUE = COLOURS[0];
  const GREEN = COLOURS[2];
  const RADIUS = 8;
  const FRACTIONS = {
    training: ["x − μ", "√(σ² + ε)", BLUE],
    evaluation: ["x − μ_{run}", "√(σ²_{run} + ε)", GREEN],
  };
  const twentieths = (from, to) => range(20 * (to - from) + 1).map((k) => from + k / 20);

  /* Batch norm: by the batch in training, by the running averages in evaluation. */
  function model({ x, gamma, beta, eps, training, running }) {
    const batch = moments(x);
    const used = training ? batch : running;
    const hat = x.map((value) => (value - used.mean) / Math.sqrt(used.variance + eps));
    const y = hat.map((value) => gamma * value + beta);
    const rows = [x, hat, y].map((values) => {
      const { mean, variance } = moments(values);
      return { values, mean, spread: Math.sqrt(variance) };
    });
    return { batch, running, rows };
  }

  /* The running averages after one more batch: of the means, and of the unbiased variances. */
  function step({ x, running }) {
    const { mean, variance } = moments(x);
    const fresh = { mean, variance: (variance * x.length) / (x.length - 1) };
    const moved = (key) => (1 - RATE) * running[key] + RATE * fresh[key];
    return { mean: moved("mean"), variance: moved("variance"), steps: running.steps + 1 };
  }

  /* Move all values alike, as far as there is room. */
  function shifted(x, mean) {
    const room = [REACH[0] - Math.min(...x), REACH[1] - Math.max(...x)];
    const by = clamp(mean - average(x), ...room);
    return x.map((value) => value + by);
  }

  /* Pull all values apart, or together, as far as there is room. */
  function stretched(x, spread) {
    const { mean, variance } = moments(x);
    const now = Math.sqrt(variance);
    if (now < 1e-9) return x;
    const room = (value) => (value > mean ? REACH[1] - mean : REACH[0] - mean) / (value - mean);
    const most = Math.min(...x.filter((value) => value !== mean).map(room));
    const times = clamp(Math.max(spread, LEAST) / now, 0, most);
    return x.map((value) => mean + times * (value - mean));
  }

  function layout(stage) {
    const wide = stage.wide;
    const [left, right] = wide ? [34, stage.width - 168] : [26, stage.width - 12];
    const rows = wide ? [46, 158, 270] : [76, 192, 308];
    const place = (value) => left + ((right - left) * (value - LOW)) / (HIGH - LOW);
    const value = (place) => LOW + ((HIGH - LOW) * (place - left)) / (right - left);
    return { wide, left, right, rows, place, value, column: stage.width - 80 };
  }

  function build(stage) {
    const { words, state } = stage;
    const tenth = (value) => Math.round(value * 10) / 10;
    const at = (height) => layout(stage).rows[0] + height;
    const valueAt = ([place]) => layout(stage).value(place);
    words.points.forEach((name, k) => {
      const set = (value) => ({ x: state.x.with(k, clamp(tenth(value), ...REACH)) });
      stage.handle({
        name,
        at: ({ rows }) => [layout(stage).place(rows[0].values[k]), at(0)],
        drag: (place) => set(valueAt(place)),
        press: ([right, up]) => set(state.x[k] + 0.1 * (right || up)),
        value: ({ rows }) => {
          const path = rows.map(({ values }) => number(values[k]));
          return [rows[0].values[k], ...REACH, fill(words.path, path)];
        },
        look: "explorable-invisible",
      });
    });
    const all = (name, height, now, range, changed, place) =>
      stage.handle({
        name,
        radius: 6,
        at: (numbers) => [layout(stage).place(place(numbers)), at(height)],
        drag: (place) => ({ x: changed(state.x, valueAt(place)) }),
        press: ([right, up]) => ({ x: changed(state.x, place(stage.found) + 0.1 * (right || up)) }),
        value: (numbers) => [now(numbers), ...range, number(now(numbers))],
      });
    const mean = ({ rows }) => rows[0].mean;
    const spread = ({ rows }) => rows[0].spread;
    const edge = (numbers) => mean(numbers) + spread(numbers);
    all(words.all, -30, mean, REACH, shifted, mean);
    const apart = (x, place) => stretched(x, place - average(x));
    all(words.apart, 28, spread, [0, (REACH[1] - REACH[0]) / 2], apart, edge);
    const plain = (value) => number(value);
    stage.slider({ name: words.gamma, key: "gamma", values: twentieths(-2, 2), text: plain });
    stage.slider({ name: words.beta, key: "beta", values: twentieths(-3, 6), text: plain });
    stage.slider({ name: words.eps, key: "eps", values: EPS, text: (value) => significant(value) });
    const modes = { training: true, evaluation: false };
    const options = Object.entries(modes).map(([mode, training]) => [training, words.modes[mode]]);
    stage.choice({ name: words.mode, key: "training", options });
    const after = (count) =>
      count ? step({ ...state, running: after(count - 1) }) : state.running;
    const advance = (name, count) => {
      const press = () => stage.change({ running: after(count) }, true);
      stage.button(name, press, ({ training }) => training);
    };
    advance(words.step, 1);
    advance(words.steps, 10);
  }

  function draw(stage, { batch, running, rows }) {
    const { sheet, state, words } = stage;
    const seen = layout(stage);
    ticks(sheet, seen);
    rows.forEach(({ mean, spread }, k) => {
      const height = seen.rows[k];
      sheet.formula([seen.left - 18, height], ["x", "x̂", "y"][k], { size: 22 });
      sheet.segment([seen.left, height], [seen.right, height], { width: 1.2 });
      bandAbout(sheet, seen, mean, spread, height);
    });
    if (running.steps || !state.training) averages(sheet, seen, running);
    grips(sheet, seen, batch);
    KINDS.forEach((_, k) => trace(sheet, seen, k, rows));
    column(sheet, seen, words, state, rows);
    if (stage.focused in KINDS) name(sheet, seen, stage.focused, rows);
  }

  /* Write the numbers of one value beside it. */
  function name(sheet, { place, rows, left, right }, k, found) {
    found.forEach(({ values }, row) => {
      const at = [clamp(place(values[k]), left + 16, right - 16), rows[row] + (row ? 23 : -23)];
      sheet.label(at, number(values[k]), { size: 15, colour: COLOURS[k] });
    });
  }

  function ticks(sheet, { rows, place, wide }) {
    const [top, bottom] = [rows[0], rows[2] + 16];
    for (let tick = LOW; tick <= HIGH; tick += wide ? 2 : 3) {
      const look = { width: 1, opacity: tick ? 0.16 : 0.4 };
      sheet.segment([place(tick), top], [place(tick), bottom], look);
      sheet.write([place(tick), bottom + 12], number(tick, 0), { size: 13 });
    }
  }

  /* Mark the mean, and all within one standard deviation of it. */
  function bandAbout(sheet, { place, left, right }, mean, spread, height) {
    const ends = [mean - spread, mean + spread].map((value) => clamp(place(value), left, right));
    const size = [ends[1] - ends[0], 28];
    sheet.box([average(ends), height], size, { fill: 0.12, width: 0, corner: 4 });
    const middle = place(mean);
    if (middle > right || middle < left) return;
    sheet.segment([middle, height - 18], [middle, height + 18], { width: 2.5 });
  }

  /* Mark the running averages, by which evaluation measures. */
  function averages(sheet, { place, rows }, { mean, variance }) {
    const [middle, reach] = [place(mean), place(Math.sqrt(variance)) - place(0)];
    const look = { colour: GREEN, dash: "5 3", width: 2 };
    sheet.box([middle, rows[0]], [2 * reach, 40], { ...look, fill: 0, corner: 4 });
    sheet.segment([middle, rows[0] - 20], [middle, rows[0] + 20], look);
  }

  function grips(sheet, { place, rows }, { mean, variance }) {
    const [middle, edge] = [place(mean), place(mean + Math.sqrt(variance))];
    sheet.segment([middle, rows[0] - 30], [middle, rows[0]]);
    sheet.segment([edge, rows[0] - 14], [edge, rows[0] + 28]);
  }

  /* Draw one value on all lines, with arrows from line to line; at an edge, what lies beyond it. */
  function trace(sheet, { place, left, right, rows }, k, found) {
    const [colour, values] = [COLOURS[k], found.map((row) => row.values[k])];
    const places = values.map((value, row) => [
      clamp(place(value), left - 4, right + 4),
      rows[row],
    ]);
    const cut = [RADIUS + 2, RADIUS + 3];
    places.slice(1).forEach((end, row) => sheet.arrow(places[row], end, { colour, cut }));
    places.forEach((at, row) => {
      const beyond = values[row] < LOW || values[row] > HIGH;
      sheet.point(at, KINDS[k], RADIUS, { colour, fill: beyond ? 0 : 1, width: beyond ? 2 : 0 });
    });
  }

  /* Write mean and spread of each line beside it, and between the lines what is done. */
  function column(sheet, { wide, column, right, rows }, words, state, found) {
    found.forEach(({ mean, spread }, k) => {
      const values = { mean: number(mean), spread: number(spread) };
      const look = { size: 15, anchor: "end" };
      if (!wide)
        return sheet.label([right, rows[k] - (k ? 46 : 62)], fill(words.both, values), look);
      sheet.formula([column, rows[k] - 10], fill(words.mean, values), { size: 16 });
      return sheet.formula([column, rows[k] + 10], fill(words.spread, values), { size: 16 });
    });
    if (!wide) return;
    const [top, bottom, colour] = FRACTIONS[state.training ? "training" : "evaluation"];
    const [first, second] = [(rows[0] + rows[1]) / 2, (rows[1] + rows[2]) / 2];
    sheet.formula([column - 40, first], "x̂ =", { size: 18, colour });
    sheet.fraction([column + 24, first], top, bottom, 90, { size: 18, colour });
    sheet.formula([column, second], "y = γ x̂ + β", { size: 18 });
  }

  function tell(stage, { batch, running, rows }) {
    const { words, state } = stage;
    const values = {
      mean: number(batch.mean),
      spread: number(Math.sqrt(batch.variance)),
      hat_mean: number(rows[1].mean),
      hat_spread: number(rows[1].spread),
      y_mean: number(rows[2].mean),
      y_spread: number(rows[2].spread),
      steps: number(running.steps, 0),
      running_mean: number(running.mean),
      running_var: number(running.variance),
    };
    return fill(`${state.training ? words.by_batch : words.by_running} ${words.averages}`, values);
  }

  const running = { mean: 0, variance: 1, steps: 0 };
  const start = { x: [2, 3, 5, 8], gamma: 1.5, beta: 2, eps: 1e-5, training: true, running };
  add("batch", { start, model, step, build, draw, tell });
})();
