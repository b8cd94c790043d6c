/* Python in a worker: it starts once, then runs what it is asked for, one thing after the other.

   In:  {kind: "start", words, progress}, {kind: "run", cells, target, above}, {kind: "progress", text}
   Out: "fetched" (bytes so far), "ready", "plan" (ids), "begin", "output", "end" (of a cell),
        "idle" (nothing left to do), "progress" (what was passed and tried), "broken" */
import { loadPyodide } from "./pyodide/pyodide.mjs";

const HERE = new URL("./", import.meta.url);
const FILES = ["student", "placeholder", "packages", "planning", "kernel", "figures", "session"];
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

const bytes = async (name) => new Uint8Array(await (await fetch(new URL(name, HERE))).arrayBuffer());

async function start({ words, progress }) {
  const manifest = await (await fetch(new URL("manifest.json", HERE))).json();
  const python = Promise.all(FILES.map((name) => bytes(`python/${name}.py`)));
  const archive = bytes(manifest.archive);
  pyodide = await loadPyodide({
    indexURL: new URL("pyodide/", HERE).href,
    packages: ["numpy", "attrs"],
    env: { HOME: "/home/pyodide", MPLBACKEND: "module://figures", BNCOURSE_EVIDENCE: "/evidence" },
    stdout: () => {}, // Python's own output is taken where it is written
    stderr: () => {},
  });
  for (const name of ["numpy", "attrs"]) {
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
      await pyodide.loadPackage(missing, { messageCallback: () => {}, errorCallback: () => {} });
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
      if (!waiting) post("idle");
    });
};
