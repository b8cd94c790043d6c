/* The table of all exercises says what this reader has passed and tried on the live pages of this
   book, as the browser has noted it. The words are in the page: see book/exercise_list.py. */
(() => {
  "use strict";
  const KEY = "bncourse-progress"; // as in book/live/site/memory.js

  function noted() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {}; // no storage, or not ours
    }
  }

  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

  function show() {
    const box = document.querySelector(".exercise-progress");
    const { words, ids } = JSON.parse(box.dataset.exercises);
    const mine = noted();
    const state = ({ passed, checks }) => (passed ? words.passed : checks ? words.tried : "");
    const states = ids.map((id) => state(mine[id] ?? {}));
    if (!states.some(Boolean)) return;
    const table = box.parentElement.querySelector("table");
    table.querySelectorAll(".exercise-state").forEach((old) => old.remove());
    const column = [element("th", words.state), ...states.map((text) => element("td", text))];
    column.forEach((one, n) => {
      one.className = "exercise-state";
      table.rows[n].append(one);
    });
    const passed = states.filter((text) => text === words.passed).length;
    box.textContent = words.caption.replace("{passed}", passed).replace("{count}", ids.length);
    box.hidden = false;
  }

  addEventListener("storage", ({ key }) => key === KEY && show()); // another tab has passed one
  addEventListener("pageshow", show); // the reader comes back
})();
