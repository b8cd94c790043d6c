/* A page of the book that can be made live: see book/live/__init__.py for what is in the page. */
import { Changes, progress } from "./memory.js";

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
const bars = [...document.querySelectorAll(".live-bar")];
const config = JSON.parse(document.querySelector(".live-words").textContent);
const words = config.words;
const changes = new Changes(config.page);
let python;
let cells = [];

const statuses = bars.map((bar) => bar.querySelector(".live-status"));
const say = (text) => statuses.forEach((status) => (status.textContent = text));
const ready = config.torch ? `${words.bar.ready} ${words.bar.torch}` : words.bar.ready;

/* Make room for the longest of these texts at once, so that what is below never moves. */
function makeRoom(...texts) {
  for (const status of statuses) {
    const heights = texts.map((text) => {
      status.textContent = text;
      return status.offsetHeight;
    });
    status.style.minHeight = `${Math.max(...heights)}px`;
  }
}

/* Show these buttons. Who has pressed one that goes finds the next Tab at the same place. */
function buttons(...names) {
  const pressed = document.activeElement?.closest(".live-bar button");
  bars.forEach((bar) =>
    bar.querySelectorAll("button").forEach((one) => (one.hidden = !names.includes(one.name))),
  );
  if (pressed?.hidden) pressed.closest(".live-bar").focus();
}

const edited = () => cells.filter((cell) => cell.changed);

const atRest = (...more) =>
  buttons("all", ...more, ...(edited().length ? ["reset", "download"] : []));

/* Ask for a cell, once Python is there; `above` asks for all that stands before it, too. */
function run(cell, above, extra = []) {
  const request = {
    cells: [...cells.map((each) => each.asRun), ...extra],
    target: extra[0]?.id ?? cell.id,
    above,
  };
  cell.waiting();
  if (python.state === "off") python.start(progress.read());
  python.run(request);
  buttons("stop");
}

const help = (cell, word) =>
  run(cell, false, [
    {
      id: `${cell.id} ${word}`,
      source: `from bncourse.exercises import ${word}\n${word}("${cell.exercise}")`,
    },
  ]);

function runAll() {
  const last = cells.filter((cell) => !cell.torch && cell.input).at(-1);
  if (last) run(last, true);
}

function stop() {
  python.end();
  cells.forEach((cell) => cell.forget());
  say(words.bar.stopped);
  python.start(progress.read());
  buttons();
}

function discard() {
  cells.forEach((cell) => cell.reset());
}

/* Give the notebook of the page with the reader's code; what was changed has no output. */
async function download() {
  const notebook = await (await fetch(config.notebook)).json();
  for (const cell of notebook.cells) {
    const mine = cells.find(({ id }) => id === cell.id);
    if (mine?.changed) Object.assign(cell, { source: mine.code, outputs: [], execution_count: null });
  }
  save(JSON.stringify(notebook, null, 1), config.notebook.split("/").at(-1));
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const at = (id) => cells.find((cell) => cell.id === id.split(" ")[0]);

const heard = {
  fetched: ({ bytes }) => {
    if (python.state === "starting") {
      say(filled(words.bar.loading, { done: megabytes(bytes), megabytes: megabytes(config.bytes) }));
    }
  },
  ready: () => {
    say(ready);
    atRest();
  },
  plan: ({ ids }) => {
    say(words.bar.busy);
    ids.forEach((id) => at(id).waiting());
    buttons("stop");
  },
  begin: ({ id }) => at(id).begin(id.includes(" ")),
  output: ({ id, output }) => at(id).show(output, id.includes(" ")),
  end: ({ id, fine, seconds }) => {
    const cell = at(id);
    cell.end(fine, seconds, id.includes(" "));
    say(cell.said);
  },
  progress: ({ text }) => progress.write(text),
  idle: () => {
    cells.filter((cell) => cell.said === words.cell.waiting).forEach((cell) => cell.forget());
    atRest();
  },
  broken: ({ text, starting }) => {
    cells.forEach((cell) => cell.forget());
    if (starting) {
      say(filled(words.bar.failed, { text }));
      buttons("again");
    } else {
      say(filled(words.bar.broken, { text }));
      python.start(progress.read());
      buttons();
    }
  },
};

/* Put editors in place of the code, and start Python. */
async function goLive() {
  buttons();
  makeRoom(config.offer, ready);
  say(words.bar.starting);
  const parts = [import("./cell.js"), fetch(config.cells).then((answer) => answer.json())];
  python = new (await import("./python.js")).Python(words.python, heard);
  python.start(progress.read());
  const [{ Cell }, data] = await Promise.all(parts);
  const actions = { run, help, change: remember };
  cells = data.map((each, n) => {
    const box = document.getElementById(`cell-${each.id}`);
    return new Cell(box, each, n + 1, { ...words.cell, ...words.python }, actions);
  });
  cells.forEach((cell) => cell.open(changes.get(cell.id)));
  changes.follow((id, code) => at(id)?.reset(code ?? undefined));
  progress.follow((text) => python.tell({ kind: "progress", text }));
  document.documentElement.classList.add("live");
  offerOlder();
}

function remember(cell) {
  changes.set(cell.id, cell.changed ? cell.code : null);
  if (python.state === "ready") atRest();
}

/* Changes to cells that a newer edition of the page no longer has. */
function offerOlder() {
  const known = new Set(cells.map(({ id }) => id));
  const older = Object.entries(changes.all()).filter(([id]) => !known.has(id));
  const box = document.querySelector(".live-older");
  box.hidden = !older.length;
  if (!older.length) return;
  box.querySelector("span").textContent = filled(words.bar.older, { count: older.length });
  const [keep, drop] = box.querySelectorAll("button");
  keep.onclick = () => save(older.map(([, code]) => code).join("\n\n\n"), "changes.py");
  drop.onclick = () => {
    older.forEach(([id]) => changes.set(id, null));
    offerOlder();
  };
}

const press = { start: goLive, all: runAll, stop, reset: discard, download, again: () => {
  say(words.bar.starting);
  buttons();
  python.start(progress.read());
} };

if (typeof WebAssembly === "object" && typeof Worker === "function") {
  say(config.offer);
  buttons("start");
  bars.forEach((bar) =>
    bar.addEventListener("click", ({ target }) => press[target.name]?.()),
  );
} else say(words.bar.too_old);
