/* A block of numbers (N, C, H, W), and which of them share their statistics in five norms. The
   static drawing is bncourse/drawings/pool.py. Here the samples stand one below the other. */
(() => {
  "use strict";
  const { add, average, clamp, fill, number, range } = explorables;
  const MOST = [4, 6, 2, 2]; // N, C, H, W
  const NUMBERS =
    "603156262943665643535864347379677767397556437698131066543044364700340353503196638667866661236732";
  const IMAGES = ["1 × 1", "1 × 2", "2 × 2"]; // H, W
  const EPS = 1e-5;
  const TOP = 34; // of the table, in pixels
  const [BLUE, VERMILION] = ["var(--blue)", "var(--vermilion)"];
  const FILLED = { colour: BLUE, fill: 0.25, width: 0, corner: 0 };
  const FRAMED = { colour: VERMILION, fill: 0, width: 1.8, corner: 1 };
  // Which of the axes are pooled, G being the groups and K the channels of one; the formula.
  const NORMS = {
    batch: { pooled: "NHW", axes: "NCHW", mean: "μ_c =", over: "Σ_n_,_h_,_w x_n_c_h_w" },
    layer: { pooled: "CHW", axes: "NCHW", mean: "μ_n =", over: "Σ_c_,_h_,_w x_n_c_h_w" },
    instance: { pooled: "HW", axes: "NCHW", mean: "μ_n_c =", over: "Σ_h_,_w x_n_c_h_w" },
    group: { pooled: "KHW", axes: "NGKHW", mean: "μ_n_g =", over: "Σ_k_,_h_,_w x_n_g_k_h_w" },
    rms: { pooled: "CHW", axes: "NCHW", mean: "r²_n =", over: "Σ_c_,_h_,_w x²_n_c_h_w" },
  };

  /* Return the numbers as they stand in the block, by sample, channel, row and column. */
  function block() {
    const [, C, H, W] = MOST;
    const at = (n, c, h, w) => Number(NUMBERS[((n * C + c) * H + h) * W + w]);
    const images = (n, c) => range(H).map((h) => range(W).map((w) => at(n, c, h, w)));
    return range(MOST[0]).map((n) => range(C).map((c) => images(n, c)));
  }

  function sizes({ samples, image, groups }) {
    const [H, W] = image.split(" × ").map(Number);
    return { N: samples, C: MOST[1], H, W, G: groups, K: MOST[1] / groups };
  }

  function places({ N, C, H, W }) {
    const each = (count, inside) => range(count).flatMap(inside);
    return each(N, (n) => each(C, (c) => each(H, (h) => range(W).map((w) => [n, c, h, w]))));
  }

  /* Return whether two places belong to one pool of a norm, and whether to one γ. */
  function together(norm, K, [n, c, h, w], [n2, c2, h2, w2]) {
    const [sample, channel, position] = [n === n2, c === c2, h === h2 && w === w2];
    if (norm === "batch") return { pool: channel, affine: channel };
    if (norm === "instance") return { pool: sample && channel, affine: channel };
    const group = Math.floor(c / K) === Math.floor(c2 / K);
    if (norm === "group") return { pool: sample && group, affine: channel };
    return { pool: sample, affine: channel && position };
  }

  /* The pool of the chosen number, and what becomes of that. */
  function model(state, values = block()) {
    const size = sizes(state);
    const most = [size.N, size.C, size.H, size.W];
    const chosen = state.chosen.map((index, k) => Math.min(index, most[k] - 1));
    const value = ([n, c, h, w]) => values[n][c][h][w];
    const cells = places(size).map((place) => {
      return { place, value: value(place), ...together(state.norm, size.K, place, chosen) };
    });
    const pool = cells.filter((cell) => cell.pool).map((cell) => cell.value);
    const mean = average(pool);
    const centre = state.norm === "rms" ? 0 : mean;
    const variance = average(pool.map((each) => (each - centre) ** 2)); // or mean square
    const hat = (value(chosen) - centre) / Math.sqrt(variance + EPS);
    const counts = { count: pool.length, pools: cells.length / pool.length };
    return { ...state, ...counts, size, chosen, cells, mean, variance, value: value(chosen), hat };
  }

  function layout({ wide, width }, { N, C, H, W }) {
    const left = wide ? 40 : 22;
    const gap = wide ? 9 : 6;
    const cell = wide ? 27 : Math.floor((width - left - (C - 1) * gap) / (2 * C));
    const [across, down] = [W * cell + gap, H * cell + gap];
    const corner = ([n, c, h, w]) => [left + c * across + w * cell, TOP + n * down + h * cell];
    const middle = (place) => corner(place).map((each) => each + cell / 2);
    /* The number nearest to a place on the sheet. */
    const nearest = ([x, y]) => {
      const index = (place, step, count) => clamp(Math.floor(place / step), 0, count - 1);
      const c = index(x - left + gap / 2, across, C);
      const n = index(y - TOP + gap / 2, down, N);
      return [n, c, index(y - TOP - n * down, cell, H), index(x - left - c * across, cell, W)];
    };
    const side = wide ? [462, 12] : [left, 54 + MOST[0] * (2 * cell + gap)];
    return { left, gap, cell, corner, middle, nearest, side, wide };
  }

  function build(stage) {
    const { words, state } = stage;
    const step = ([right, up]) => {
      const { N, C, H, W } = stage.found.size;
      const [n, c, h, w] = stage.found.chosen;
      const rows = up === right ? 0 : -up; // Home and End stay in their row
      const x = clamp(c * W + w + right, 0, C * W - 1);
      const y = clamp(n * H + h + rows, 0, N * H - 1);
      return { chosen: [Math.floor(y / H), Math.floor(x / W), y % H, x % W] };
    };
    const pick = (place) => ({ chosen: layout(stage, stage.found.size).nearest(place) });
    stage.handle({
      name: words.number,
      at: ({ chosen, size }) => layout(stage, size).middle(chosen),
      drag: pick,
      press: step,
      value: ({ chosen, cells, value }) => {
        const index = cells.findIndex(({ place }) => String(place) === String(chosen));
        const text = named(words.place, chosen, { value: number(value, 0) });
        return [index + 1, 1, cells.length, text];
      },
      twoWays: true,
      radius: 11,
      look: "explorable-invisible",
    });
    stage.tap((place) => stage.change(pick(place), true));
    const choice = (name, key, values, text, enabled) => {
      const options = values.map((value) => [value, text(value)]);
      stage.choice({ name, key, options, enabled });
    };
    const whole = (value) => number(value, 0);
    choice(words.norm, "norm", Object.keys(NORMS), (norm) => words.norms[norm]);
    choice(words.samples, "samples", [1, 2, 3, 4], whole);
    choice(words.image, "image", IMAGES, (image) => image);
    choice(words.groups, "groups", [1, 2, 3, 6], whole, () => state.norm === "group");
  }

  /* Put a place, counted from one, into a sentence. */
  function named(sentence, [n, c, h, w], values) {
    const [sample, channel, row, column] = [n, c, h, w].map((index) => number(index + 1, 0));
    return fill(sentence, { ...values, sample, channel, row, column });
  }

  function draw(stage, numbers) {
    const { sheet, words } = stage;
    const seen = layout(stage, numbers.size);
    table(sheet, seen, numbers);
    axes(sheet, seen, numbers);
    if (seen.wide) solid(sheet, [486, 194], numbers);
    legend(sheet, seen, numbers, words);
  }

  function table(sheet, { left, corner, middle, cell }, { size, cells, chosen }) {
    const bottom = corner([size.N, 0, 0, 0])[1];
    sheet.formula([left - 12, bottom + 6], "N", { size: 16 });
    sheet.formula([left - 12, 20], "C", { size: 16 });
    const small = { size: 12 };
    for (const c of range(size.C)) {
      const x = corner([0, c, 0, 0])[0] + (size.W * cell) / 2;
      sheet.write([x, 20], number(c + 1, 0), small);
    }
    for (const n of range(size.N)) {
      const y = corner([n, 0, 0, 0])[1] + (size.H * cell) / 2;
      sheet.write([left - 12, y], number(n + 1, 0), small);
    }
    for (const { place, value, pool, affine } of cells) {
      const at = middle(place);
      if (pool) sheet.box(at, [cell, cell], FILLED);
      sheet.box(at, [cell, cell], { fill: 0, width: 0.7, corner: 0 });
      if (affine) sheet.box(at, [cell - 5, cell - 5], FRAMED);
      sheet.write(at, number(value, 0), { size: 14, bold: pool });
    }
    sheet.box(middle(chosen), [cell + 1, cell + 1], { fill: 0, width: 3, corner: 2 });
  }

  /* Show the axes, those that are pooled filled, and the formula. */
  function axes(sheet, { side: [x, y], wide }, { norm, size, count }) {
    const { axes, pooled, mean, over } = NORMS[norm];
    [...axes].forEach((axis, k) => {
      const place = [x + 14 + 32 * k, y + 14];
      const inside = pooled.includes(axis);
      const look = inside ? { fill: 0.25, width: 2 } : { fill: 0, width: 1, dash: "3 3" };
      sheet.box(place, [28, 28], { ...look, colour: BLUE, corner: 4 });
      sheet.formula(place, axis, { size: 17 });
      sheet.write([place[0], y + 38], number(size[axis], 0), { size: 13 });
    });
    const product = [...pooled].map((axis) => number(size[axis], 0)).join(" · ");
    const counted = wide ? [x, y + 62] : [x + 166, y + 16];
    const look = { size: 17, anchor: "start" };
    sheet.formula(counted, `${product} = ${number(count, 0)}`, look);
    const height = wide ? y + 100 : y + 70;
    sheet.formula([x, height], mean, look);
    sheet.fraction([x + 68, height], "1", [...pooled].join(" "), 44, { size: 16 });
    sheet.formula([x + 96, height], over, look);
  }

  /* Draw the block as bncourse/drawings/pool.py does: the samples stand one behind the other. */
  function solid(sheet, [x, y], { size, cells }) {
    const [cell, back] = [14, [7, -6]];
    const [N, C, S] = [size.N, size.C, size.H * size.W];
    const place = (n, c, s) => [x + cell * c + back[0] * n, y + cell * s + back[1] * n];
    const mark = (key, look) => {
      const marked = cells.filter((cell) => cell[key]);
      const along = marked.map(({ place: [n, c, h, w] }) => [n, c, h * size.W + w]);
      const ends = [0, 1, 2].map((k) => along.map((each) => each[k]));
      const sides = ends.map((each) => [Math.min(...each), Math.max(...each) + 1]);
      for (const face of faces(place, sides)) sheet.shape(face, look);
    };
    mark("pool", { colour: BLUE, fill: 0.85 });
    for (const line of grid(place, N, C, S)) sheet.line(line, { width: 0.8, opacity: 0.55 });
    mark("affine", { colour: VERMILION, fill: 0, width: 2.4 });
    const beside = ([a, b], right, down) => [a + right, b + down];
    sheet.formula(beside(place(0, C / 2, S), 0, 13), "C", { size: 15 });
    sheet.formula(beside(place(0, 0, S / 2), -20, 0), "H, W", { size: 14 });
    sheet.formula(beside(place(N / 2, 0, 0), -10, -6), "N", { size: 15 });
  }

  /* The faces of a part of the block that are seen: in front, above, at the right. */
  function faces(place, [[n, n2], [c, c2], [s, s2]]) {
    return [
      [place(n, c, s), place(n, c2, s), place(n, c2, s2), place(n, c, s2)],
      [place(n, c, s), place(n, c2, s), place(n2, c2, s), place(n2, c, s)],
      [place(n, c2, s), place(n2, c2, s), place(n2, c2, s2), place(n, c2, s2)],
    ];
  }

  function grid(place, N, C, S) {
    return [
      ...range(C + 1).map((k) => [place(N, k, 0), place(0, k, 0), place(0, k, S)]),
      ...range(S + 1).map((k) => [place(0, 0, k), place(0, C, k), place(N, C, k)]),
      ...range(N).map((k) => [place(k + 1, 0, 0), place(k + 1, C, 0), place(k + 1, C, S)]),
    ];
  }

  function legend(sheet, { side: [x, y], wide }, { norm }, words) {
    const [pool, affine] = norm === "rms" ? words.legend_rms : words.legend;
    const entry = ([left, height], size, look, text) => {
      sheet.box([left + 7, height], [size, size], look);
      sheet.formula([left + 22, height], text, { size: 15, anchor: "start" });
    };
    entry(wide ? [x, 278] : [x, y + 108], 14, FILLED, pool);
    entry(wide ? [x, 300] : [x + 130, y + 108], 12, FRAMED, affine);
  }

  function tell({ words }, { norm, chosen, value, hat, mean, variance, count, pools }) {
    const values = {
      value: number(value, 0),
      hat: number(hat),
      mean: number(mean),
      variance: number(variance),
      count: number(count, 0),
      pools: number(pools, 0),
    };
    const alone = count === 1 && norm !== "rms" ? ` ${words.alone}` : "";
    return `${fill(words.told[norm], values)} ${named(words.picked, chosen, values)}${alone}`;
  }

  const start = { norm: "batch", samples: 4, image: "2 × 2", groups: 2, chosen: [0, 4, 0, 0] };
  add("pool", { start, model, block, build, draw, tell });
})();
