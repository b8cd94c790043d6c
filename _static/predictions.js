/* A prediction folds what follows it, up to the end of its section, until the reader has chosen, or
   has asked once for everything, on all pages. The words are in the page: see book/predictions.py. */
(() => {
  "use strict";
  const KEY = "predictions";
  const FOLDED = "predictions-folded"; // a class of the page until the script has run

  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {}; // no storage, or not ours
    }
  }

  function remember(change) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...remembered(), ...change }));
    } catch {
      // then it is forgotten when the page is left
    }
  }

  /* Move all that follows a prediction in its section into a box of its own. */
  function enclose(prediction) {
    const rest = document.createElement("div");
    rest.className = "prediction-rest";
    while (prediction.nextSibling) rest.append(prediction.nextSibling);
    prediction.after(rest);
    rest.addEventListener("beforematch", () => open(rest)); // found by the browser's search
    return rest;
  }

  function open(rest) {
    if (!rest.hidden) return;
    rest.hidden = false;
    window.dispatchEvent(new Event("resize")); // the theme looks again at what is too wide
  }

  function fold(rest) {
    rest.setAttribute("hidden", "until-found");
  }

  /* Return the sentences on the choices: the list in the next box that has one. */
  function sentences(rest) {
    const items = rest.querySelector(".admonition.expected ul")?.children ?? [];
    return [...items].map((item) => {
      const answer = (item.querySelector(":scope > p") ?? item).cloneNode(true);
      answer.querySelector("strong")?.remove();
      return answer;
    });
  }

  /* Lay a button over a choice. The text stays beside it, as it may hold a formula. */
  function button(choice, id) {
    const text = document.createElement("span");
    text.id = id;
    text.append(...(choice.querySelector(":scope > p") ?? choice).childNodes);
    const made = document.createElement("button");
    made.type = "button";
    made.setAttribute("aria-labelledby", id);
    made.setAttribute("aria-pressed", "false");
    choice.replaceChildren(made, text);
    return made;
  }

  class Prediction {
    constructor(box) {
      this.box = box;
      this.rest = enclose(box);
      this.answers = sentences(this.rest);
      this.status = box.querySelector(".prediction-answer");
      const list = box.querySelector("ul");
      list.classList.add("prediction-choices");
      this.buttons = [...list.children].map((choice, n) => button(choice, `${box.id}-${n + 1}`));
      this.buttons.forEach((made, n) => made.addEventListener("click", () => this.choose(n)));
      this.again = box.querySelector(".prediction-fold");
      this.again.addEventListener("click", () => this.forget());
      box.querySelector(".prediction-controls").hidden = false;
      this.mark(remembered()[box.id]);
    }

    choose(n) {
      remember({ [this.box.id]: n });
      this.mark(n);
      open(this.rest);
    }

    forget() {
      remember({ [this.box.id]: undefined, all: undefined });
      this.mark(undefined);
      fold(this.rest);
      this.buttons[0].focus();
      predictions.forEach((each) => each.update());
    }

    mark(chosen) {
      this.chosen = this.buttons[chosen] ? chosen : undefined;
      this.buttons.forEach((made, n) => made.setAttribute("aria-pressed", n === this.chosen));
      this.status.replaceChildren(...(this.answers[this.chosen]?.cloneNode(true).childNodes ?? []));
      this.update();
    }

    update() {
      const { all } = remembered();
      const waits = this.chosen === undefined && !all;
      this.again.hidden = waits;
      this.box.querySelector(".prediction-wait").hidden = !waits;
      this.box.querySelector(".prediction-all").hidden = Boolean(all);
    }
  }

  const predictions = [];

  /* Open what holds the target of a link, or a word that the book's search has marked. */
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const marked = document.querySelectorAll(".prediction-rest .highlighted");
    for (const found of [target, ...marked]) {
      for (let rest = found; (rest = rest?.parentElement?.closest(".prediction-rest")); ) open(rest);
    }
    if (target) target.scrollIntoView();
  }

  function showAll() {
    remember({ all: true });
    predictions.forEach((each) => {
      open(each.rest);
      each.update();
    });
  }

  function start() {
    // The last one first, so that each of them encloses those that follow it.
    const boxes = [...document.querySelectorAll(".admonition.predict:has(> .prediction-controls)")];
    predictions.push(...boxes.reverse().map((box) => new Prediction(box)));
    const { all } = remembered();
    for (const each of predictions) {
      if (!all && each.chosen === undefined) fold(each.rest);
      each.box.querySelector(".prediction-all").addEventListener("click", showAll);
    }
    document.documentElement.classList.remove(FOLDED);
    openTarget();
    window.addEventListener("hashchange", openTarget);
    window.addEventListener("load", openTarget);
  }

  // Nothing that is folded in a moment should be seen before that.
  if (!remembered().all) document.documentElement.classList.add(FOLDED);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
