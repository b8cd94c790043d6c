/* The base of the explorables: pictures that a reader moves. Each kind is a file beside this one,
   which calls `explorables.add(name, kind)`. A kind has

   start   the state at first, plain data
   model   from a state to all numbers that are shown: pure, and held against the package by tests
   build   makes the handles and controls of a stage
   draw    draws on the sheet of a stage what the numbers say
   tell    returns the sentences on what is seen, for readers who see it and for those who do not

   The words are in the page, beside the stage: see book/explorables.py. */
(() => {
  "use strict";
  const { Sheet, clamp, distance, svg } = explorables;
  const MOTION = 350; // milliseconds
  const QUIET = 400; // until what has changed is read out
  const STEPS = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
    PageUp: [0, 10],
    PageDown: [0, -10],
    Home: [-Infinity, -Infinity],
    End: [Infinity, Infinity],
  };
  let stages = 0;

  /* Return an element of the page. */
  function html(name, attributes = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  const ease = (part) => part * part * (3 - 2 * part);

  /* Return what lies between two sets of numbers of one form. */
  function blend(from, to, part) {
    if (typeof to === "number" && typeof from === "number") return from + part * (to - from);
    if (Array.isArray(to)) {
      return from?.length === to.length ? to.map((each, k) => blend(from[k], each, part)) : to;
    }
    if (to === null || typeof to !== "object") return to;
    return Object.fromEntries(
      Object.keys(to).map((key) => [key, blend(from?.[key], to[key], part)]),
    );
  }

  class Stage {
    constructor(box, kind) {
      const id = `explorable-${(stages += 1)}`;
      Object.assign(this, {
        box,
        kind,
        id,
        state: structuredClone(kind.start),
        parts: [],
        handles: [],
      });
      this.words = JSON.parse(box.querySelector("script").textContent);
      const ink = svg("g", { "aria-hidden": "true" });
      this.sheet = new Sheet(ink);
      const what = {
        role: "group",
        "aria-label": this.words.title,
        "aria-describedby": `${id}-told`,
      };
      this.svg = svg("svg", { class: "explorable-picture", ...what }, ink);
      this.sliders = html("div", { class: "explorable-sliders" });
      this.buttons = html("div", { class: "explorable-buttons" });
      this.told = html("p", { id: `${id}-told`, class: "explorable-told", "aria-live": "polite" });
      this.svg.addEventListener("pointerdown", (event) => this._grab(event));
      // Not on the picture: that would take the focus, as if it were a control.
      for (const event of ["focusin", "focusout"]) box.addEventListener(event, () => this._paint());
      kind.build(this);
      this.button(this.words.again, () => this.change(structuredClone(kind.start), true));
      box.append(this.svg, this.sliders, this.buttons, this.told);
      box.classList.add("explorable-moves");
      this.change({});
      new ResizeObserver(() => this._paint()).observe(this.svg);
    }

    get width() {
      return this.svg.clientWidth;
    }

    get height() {
      return this.svg.clientHeight;
    }

    get wide() {
      return this.width >= 520; // as in explorables.css
    }

    /* Where on the sheet something happened. */
    where({ clientX, clientY }) {
      const { left, top } = this.svg.getBoundingClientRect();
      return [clientX - left, clientY - top];
    }

    /* The number of the handle that has the focus, or -1. */
    get focused() {
      return this.handles.findIndex(({ made }) => made === document.activeElement);
    }

    /* Change the state, and show what follows: at once, or smoothly where motion is welcome. */
    change(part, smoothly = false) {
      Object.assign(this.state, part);
      const before = this.numbers;
      this.found = this.kind.model(this.state);
      this.parts.forEach((part) => part(this.found));
      this._tell();
      cancelAnimationFrame(this.frame);
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (smoothly && before && !still) return this._glide(before, performance.now());
      return this._show(this.found);
    }

    /* Add a handle.

       at(numbers)    its place
       drag(place)    the change of the state when it is dragged there
       press(steps)   the change when arrow keys ask for steps to the right and up
       value(numbers) its [value, lowest, highest, as it is read out]
       twoWays        whether it moves up and down, too */
    handle({ name, at, drag, press, value, twoWays = false, radius = 8, look = "" }) {
      const ring = svg("circle", { class: "explorable-ring", r: radius + 5 });
      const reach = svg("circle", { class: "explorable-reach", r: 22 });
      const role = { role: "slider", tabindex: 0, "aria-label": name };
      const way = { class: `explorable-handle ${twoWays ? "two-ways" : ""} ${look}` };
      const made = svg(
        "g",
        { ...role, ...way },
        reach,
        ring,
        svg("circle", { class: "explorable-grip", r: radius }),
      );
      made.addEventListener("keydown", (event) => {
        const steps = STEPS[event.key];
        if (!steps || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const times = event.shiftKey ? 10 : 1;
        this.change(press(steps.map((step) => step * times)), true);
      });
      this.svg.append(made);
      this.handles.push({ made, at, drag });
      this.parts.push((numbers) => {
        const [now, low, high, text] = value(numbers);
        const told = { valuenow: now, valuemin: low, valuemax: high, valuetext: text };
        for (const [key, what] of Object.entries(told)) made.setAttribute(`aria-${key}`, what);
      });
      return made;
    }

    /* Call a function with the place when the picture is tapped beside its handles. No click: a
       picture that is drawn anew between pointer down and up gets none. */
    tap(picked) {
      let start = null;
      this.svg.addEventListener("pointerdown", (event) => {
        start = event.target.closest(".explorable-handle") ? null : this.where(event);
      });
      this.svg.addEventListener("pointerup", (event) => {
        if (start && distance(start, this.where(event)) < 6) picked(start);
      });
    }

    /* Add a slider over a list of values; marks are values with a name, which can be pressed. */
    slider({ name, key, values, text, marks = [] }) {
      const id = `${this.id}-${key}`;
      const shown = html("span", { "aria-hidden": "true", class: "explorable-value" });
      const input = html("input", { id, type: "range", min: 0, max: values.length - 1, step: 1 });
      const label = html("label", { for: id }, name);
      const made = html("div", { class: "explorable-slider" }, label, shown, input);
      const place = (value) =>
        values.indexOf(
          values.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a)),
        );
      for (const [value, what] of marks) {
        const at = `--at: ${place(value) / (values.length - 1)}`;
        const mark = html("button", { type: "button", class: "explorable-mark", style: at }, what);
        mark.addEventListener("click", () => this.change({ [key]: value }, true));
        made.append(mark);
      }
      input.addEventListener("input", () => this.change({ [key]: values[input.value] }));
      this.sliders.append(made);
      this.parts.push(() => {
        const value = this.state[key];
        input.value = place(value);
        shown.textContent = text(value);
        input.setAttribute("aria-valuetext", text(value));
      });
    }

    /* Add a choice of one of several values, as [value, name]; `enabled` as that of a button. */
    choice({ name, key, options, enabled = () => true }) {
      const id = `${this.id}-${key}`;
      const made = html("div", {
        class: "explorable-choice",
        role: "radiogroup",
        "aria-labelledby": id,
      });
      made.append(html("span", { id }, name));
      const inputs = options.map(([value, what], k) => {
        const input = html("input", { type: "radio", name: id, id: `${id}-${k}` });
        input.addEventListener("change", () => this.change({ [key]: value }, true));
        made.append(input, html("label", { for: input.id }, what));
        return input;
      });
      this.buttons.append(made);
      this.parts.push(() =>
        inputs.forEach((input, k) => {
          input.checked = options[k][0] === this.state[key];
          input.disabled = !enabled();
        }),
      );
    }

    /* Add a button; `enabled` says of a state whether it can be pressed. */
    button(name, press, enabled = () => true) {
      const made = html("button", { type: "button", class: "explorable-button" }, name);
      made.addEventListener("click", press);
      this.buttons.append(made);
      this.parts.push(() => (made.disabled = !enabled(this.state)));
      return made;
    }

    _glide(from, start) {
      this.frame = requestAnimationFrame((now) => {
        const part = clamp((now - start) / MOTION, 0, 1);
        this._show(blend(from, this.found, ease(part)));
        if (part < 1) this._glide(from, start);
      });
    }

    _show(numbers) {
      this.numbers = numbers;
      this._paint();
    }

    _paint() {
      if (!this.width) return; // folded
      this.sheet.clear();
      this.kind.draw(this, this.numbers);
      for (const handle of this.handles) {
        handle.place = handle.at(this.numbers);
        handle.made.setAttribute("transform", `translate(${handle.place})`);
      }
    }

    /* Say what is seen; to those who hear it, when it has come to rest. */
    _tell() {
      this.told.setAttribute("aria-busy", "true");
      this.told.textContent = this.kind.tell(this, this.found);
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => this.told.setAttribute("aria-busy", "false"), QUIET);
    }

    /* Take hold of the nearest handle until the pointer is let go. */
    _grab(event) {
      if (event.button || !event.target.closest(".explorable-handle")) return;
      const start = this.where(event);
      const away = (handle) => distance(handle.place, start);
      const held = this.handles.reduce((a, b) => (away(b) < away(a) ? b : a));
      const offset = held.place.map((each, k) => each - start[k]);
      const move = (moved) =>
        this.change(held.drag(this.where(moved).map((each, k) => each + offset[k])));
      event.preventDefault();
      held.made.focus({ preventScroll: true });
      this.svg.setPointerCapture(event.pointerId);
      this.svg.addEventListener("pointermove", move);
      this.svg.addEventListener(
        "lostpointercapture",
        () => this.svg.removeEventListener("pointermove", move),
        { once: true },
      );
    }
  }

  /* Add a kind, and start it wherever it stands on the page. */
  function add(name, kind) {
    explorables[name] = kind;
    for (const box of document.querySelectorAll(`[data-explorable="${name}"]`)) {
      box.stage = new Stage(box, kind);
    }
  }

  explorables.add = add;
})();
