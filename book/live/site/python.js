/* The page's hold on Python: a worker that is started when it is needed, and can be ended. */

export class Python {
  /* `on` has a function for each kind of message of the worker: see worker.js. */
  constructor(words, on) {
    this.words = words;
    this.on = on;
    this.compiled = []; // see worker.js
    this.worker = null;
    this.state = "off"; // then "starting", "ready" or "busy"
  }

  start(progress) {
    this.state = "starting";
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker === this.worker) this.#heard(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.worker) this.#broke(event.message ?? "", this.state === "starting");
    };
    worker.postMessage({ kind: "start", words: this.words, progress });
  }

  run(request) {
    if (this.state === "off") return;
    if (this.state === "ready") this.state = "busy";
    this.worker.postMessage({ kind: "run", ...request });
  }

  tell(message) {
    this.worker?.postMessage(message);
  }

  /* End the worker, whatever it is doing; `start` begins anew. */
  end() {
    this.worker?.terminate();
    this.worker = null;
    this.state = "off";
  }

  #heard(message) {
    if (message.kind === "broken") return this.#broke(message.text, message.starting);
    this.compiled.push(...(message.compiled ?? []));
    if (message.kind === "ready" || message.kind === "idle") {
      if (this.state === "starting" && message.kind === "idle") return;
      this.state = "ready";
    }
    if (message.kind === "plan") this.state = "busy";
    this.on[message.kind]?.(message);
  }

  #broke(text, starting) {
    this.end();
    this.on.broken({ text, starting });
  }
}
