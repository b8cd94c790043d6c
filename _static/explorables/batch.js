/* Four values of a feature on their way through batch norm: x, x̂ and y. The static drawing is
   bncourse/drawings/batch.py. */
(() => {
  "use strict";
  const { add, clamp, fill, number } = explorables;
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
  const twentieths = (from, to) => [...Array(20 * (to - from) + 1).keys()].map((k) => from + k / 20);

  const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function moments(values) {
    const mean = average(values);
    return { mean, variance: average(values.map((value) => (value - mean) ** 2)) };
  }

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
    const move = (old, fresh) => (1 - RATE) * old + RATE * fresh;
    const unbiased = (variance * x.length) / (x.length - 1);
    return { mean: move(running.mean, mean), variance: move(running.variance, unbiased), steps: running.steps + 1 };
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
    const most = Math.min(...x.map((value) => (value > mean ? REACH[1] - mean : mean - REACH[0]) / Math.abs(value - mean)));
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
      const set = (value) => ({ x: state.x.map((old, n) => (n === k ? clamp(tenth(value), ...REACH) : old)) });
      stage.handle({
        name,
        at: ({ rows }) => [layout(stage).place(rows[0].values[k]), at(0)],
        drag: (place) => set(valueAt(place)),
        press: ([right, up]) => set(state.x[k] + 0.1 * (right || up)),
        value: ({ rows }) => [rows[0].values[k], ...REACH, told(stage, words.path, rows.map(({ values }) => values[k]))],
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
    all(words.apart, 28, spread, [0, (REACH[1] - REACH[0]) / 2], (x, place) => stretched(x, place - average(x)), edge);
    const plain = (value) => number(value);
    stage.slider({ name: words.gamma, key: "gamma", values: twentieths(-2, 2), text: plain });
    stage.slider({ name: words.beta, key: "beta", values: twentieths(-3, 6), text: plain });
    const digits = (value) => Math.max(0, Math.ceil(-Math.log10(value)));
    stage.slider({ name: words.eps, key: "eps", values: EPS, text: (value) => number(value, digits(value)) });
    const modes = [[true, words.training], [false, words.evaluation]];
    stage.choice({ name: words.mode, key: "training", options: modes });
    const after = (count) => (count ? step({ ...state, running: after(count - 1) }) : state.running);
    for (const [name, count] of [[words.step, 1], [words.steps, 10]]) {
      stage.button(name, () => stage.change({ running: after(count) }, true), ({ training }) => training);
    }
  }

  const told = (stage, sentence, values) => fill(sentence, values.map((value) => number(value)));

  function draw(stage, { batch, running, rows }) {
    const { sheet, state, words } = stage;
    const seen = layout(stage);
    ticks(sheet, seen);
    rows.forEach(({ mean, spread }, k) => {
      const height = seen.rows[k];
      sheet.formula([seen.left - 18, height], ["x", "x̂", "y"][k], { size: 22 });
      sheet.line([[seen.left, height], [seen.right, height]], { width: 1.2 });
      bandAbout(sheet, seen, mean, spread, height);
    });
    if (running.steps || !state.training) averages(sheet, seen, running);
    grips(sheet, seen, batch);
    KINDS.forEach((kind, k) => trace(sheet, seen, kind, COLOURS[k], rows.map(({ values }) => values[k])));
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
      sheet.line([[place(tick), top], [place(tick), bottom]], { width: 1, opacity: tick ? 0.16 : 0.4 });
      sheet.write([place(tick), bottom + 12], number(tick, 0), { size: 13 });
    }
  }

  /* Mark the mean, and all within one standard deviation of it. */
  function bandAbout(sheet, { place, left, right }, mean, spread, height) {
    const ends = [mean - spread, mean + spread].map((value) => clamp(place(value), left, right));
    sheet.box([(ends[0] + ends[1]) / 2, height], [ends[1] - ends[0], 28], { fill: 0.12, width: 0, corner: 4 });
    const middle = place(mean);
    if (middle > right || middle < left) return;
    sheet.line([[middle, height - 18], [middle, height + 18]], { width: 2.5 });
  }

  /* Mark the running averages, by which evaluation measures. */
  function averages(sheet, { place, rows }, { mean, variance }) {
    const [middle, reach] = [place(mean), place(Math.sqrt(variance)) - place(0)];
    const look = { colour: GREEN, dash: "5 3", width: 2 };
    sheet.box([middle, rows[0]], [2 * reach, 40], { ...look, fill: 0, corner: 4 });
    sheet.line([[middle, rows[0] - 20], [middle, rows[0] + 20]], look);
  }

  function grips(sheet, { place, rows }, { mean, variance }) {
    const [middle, edge] = [place(mean), place(mean + Math.sqrt(variance))];
    sheet.line([[middle, rows[0] - 30], [middle, rows[0]]], { width: 1.5 });
    sheet.line([[edge, rows[0] - 14], [edge, rows[0] + 28]], { width: 1.5 });
  }

  /* Draw one value on all lines, with arrows from line to line; at an edge, what lies beyond it. */
  function trace(sheet, { place, left, right, rows }, kind, colour, values) {
    const places = values.map((value, k) => [clamp(place(value), left - 4, right + 4), rows[k]]);
    const cut = [RADIUS + 2, RADIUS + 3];
    places.slice(1).forEach((end, k) => sheet.arrow(places[k], end, { colour, cut }));
    places.forEach(([x, height], k) => {
      const beyond = Math.sign(values[k] - clamp(values[k], LOW, HIGH));
      const fill = beyond ? 0 : 1;
      sheet.point([x, height], kind, RADIUS, { colour, fill, width: beyond ? 2 : 0 });
    });
  }

  /* Write mean and spread of each line beside it, and between the lines what is done. */
  function column(sheet, { wide, column, right, rows }, words, state, found) {
    found.forEach(({ mean, spread }, k) => {
      const values = { mean: number(mean), spread: number(spread) };
      if (!wide) return sheet.label([right, rows[k] - (k ? 46 : 62)], fill(words.both, values), { size: 15, anchor: "end" });
      sheet.formula([column, rows[k] - 10], fill(words.mean, values), { size: 16 });
      return sheet.formula([column, rows[k] + 10], fill(words.spread, values), { size: 16 });
    });
    if (!wide) return;
    const [bottom, top] = state.training ? ["√(σ² + ε)", "x − μ"] : ["√(σ²_{run} + ε)", "x − μ_{run}"];
    const colour = state.training ? BLUE : GREEN;
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
