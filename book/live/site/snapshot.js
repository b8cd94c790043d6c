/* Python as it is when it has just started, kept by the browser: the next start takes it from there.

   Pyodide calls this an experiment, so its version is part of the name, and whoever cannot use what
   is kept starts without. Browsers keep it for https and for this machine only. */
import { version } from "./pyodide/pyodide.mjs";

const STORE = `python of ${new URL("./", import.meta.url)}`;
const NAME = new URL(`snapshot-${version}`, import.meta.url).href;

export async function read() {
  try {
    const kept = await (await caches.open(STORE)).match(NAME);
    return kept && new Uint8Array(await kept.arrayBuffer());
  } catch {
    return undefined;
  }
}

export async function write(bytes) {
  try {
    await caches.delete(STORE); // also those of other versions
    await (await caches.open(STORE)).put(NAME, new Response(bytes));
  } catch {
    // no place for it: the next start takes longer
  }
}
