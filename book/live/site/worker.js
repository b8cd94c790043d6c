/* Python in a worker: it starts once, then runs what it is asked for, one thing after the other.

   In:  {kind: "start", words, progress}, {kind: "run", cells, target, above}, {kind: "progress", text}
   Out: "fetched" (bytes so far), "ready", "plan" (ids), "begin", "output", "end" (of a cell),
        "idle" (nothing left to do, and what was compiled), "progress" (what was passed and tried),
        "broken" */
import { loadPyodide } from "./pyodide/pyodide.mjs";
import * as snapshot from "./snapshot.js";

const HERE = new URL("./", import.meta.url);
const FILES = ["student", "placeholder", "packages", "planning", "kernel", "figures", "session"];
const FIRST = ["numpy", "attrs"];
const ENVIRONMENT = { MPLBACKEND: "module://figures", BNCOURSE_EVIDENCE: "/evidence" };
const QUIET = { messageCallback: () => {}, errorCallback: () => {} };
let session, pyodide;

const post = (kind, rest = {}) => self.postMessage({ kind, ...rest });

/* Count what is fetched, so that the page can say how far it is. */
const plainFetch = self.fetch;
let fetched = 0;
self.fetch = async (...request) => {
  const response = await plainFetch(...request);
  if (!response.body) return response;
  const counter = new TransformStream({
    transform(chunk, controller) {
      fetched += chunk.byteLength;
      post("fetched", { bytes: fetched });
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
};

/* While the page holds what was compiled, browsers need not compile it again for the next worker. */
const compiled = [];
const compile = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...given) => {
  const made = await compile(...given);
  compiled.push(made.module);
  return made;
};
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(Module, given) {
    const made = new Module(...given);
    compiled.push(made);
    return made;
  },
});

const bytes = async (name) => new Uint8Array(await (await fetch(new URL(name, HERE))).arrayBuffer());

const load = (more) =>
  loadPyodide({
    indexURL: new URL("pyodide/", HERE).href,
    stdout: () => {}, // Python's own output is taken where it is written
    stderr: () => {},
    ...more,
  });

/* Python without packages: as the browser has kept it, or started from nothing. */
async function bare() {
  const kept = await snapshot.read();
  if (kept) {
    try {
      return await load({ _loadSnapshot: kept });
    } catch {
      // of no use: it is made again
    }
  }
  const python = await load({ _makeSnapshot: true });
  snapshot.write(python.makeMemorySnapshot());
  return python;
}

async function start({ words, progress }) {
  const manifest = await (await fetch(new URL("manifest.json", HERE))).json();
  const python = Promise.all(FILES.map((name) => bytes(`python/${name}.py`)));
  const archive = bytes(manifest.archive);
  pyodide = await bare();
  await pyodide.loadPackage(FIRST, QUIET);
  for (const name of FIRST) {
    if (!pyodide.loadedPackages[name]) throw new Error(`${name} could not be loaded`);
  }
  const { FS } = pyodide;
  FS.mkdirTree("/live");
  (await python).forEach((text, n) => FS.writeFile(`/live/${FILES[n]}.py`, text));
  pyodide.unpackArchive(await archive, "zip", { extractDir: "/course" });
  FS.mkdirTree("/evidence");
  for (const name of manifest.evidence) {
    FS.createLazyFile("/evidence", name, new URL(`evidence/${name}`, HERE).href, true, false);
  }
  pyodide.pyimport("os").environ.update(pyodide.toPy(ENVIRONMENT));
  pyodide.runPython("import sys; sys.path[:0] = ['/live', '/course']");
  session = pyodide.pyimport("session").Session(post_from_python, pyodide.toPy(words), progress);
  post("ready");
}

const post_from_python = (kind, message) => {
  post(kind, message.toJs({ dict_converter: Object.fromEntries, create_proxies: false }));
  message.destroy();
};

async function run({ cells, target, above }) {
  const plan = session.plan(pyodide.toPy(cells), target, above).toJs();
  post("plan", { ids: plan });
  for (const id of plan) {
    post("begin", { id });
    const missing = session.packages(id).toJs();
    if (missing.length) {
      await pyodide.loadPackage(missing, QUIET);
      session.loaded(pyodide.toPy(missing.filter((name) => pyodide.loadedPackages[name])));
    }
    if (!session.run(id)) break;
  }
}

const TASKS = { start, run, progress: ({ text }) => session.write_progress(text) };
let last = Promise.resolve();
let waiting = 0;

self.onmessage = ({ data }) => {
  waiting += 1;
  last = last
    .then(() => TASKS[data.kind](data))
    .catch((error) => post("broken", { text: String(error), starting: !session }))
    .finally(() => {
      waiting -= 1;
      if (!waiting) post("idle", { compiled: compiled.splice(0) });
    });
};
