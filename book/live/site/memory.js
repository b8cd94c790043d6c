/* What the browser keeps: the reader's code, a key a cell, and what was passed and tried. */
const PROGRESS = "bncourse-progress";

const read = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // no storage
  }
};

const write = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // then it is forgotten when the page is left
  }
};

/* The changes to one page: {id: code}. Two tabs may change different cells. */
export class Changes {
  constructor(page) {
    this.prefix = `bncourse-cell:${page}:`;
  }

  get(id) {
    return read(this.prefix + id);
  }

  set(id, code) {
    write(this.prefix + id, code);
  }

  all() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      return Object.fromEntries(keys.map((key) => [key.slice(this.prefix.length), read(key)]));
    } catch {
      return {};
    }
  }

  /* Call `heard(id, code)` when another tab changes a cell. */
  follow(heard) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(this.prefix)) heard(key.slice(this.prefix.length), newValue);
    });
  }
}

const parsed = (text) => {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
};

/* Join two notes on exercises: what was passed stays passed, and no count goes back. */
function joined(ours, theirs) {
  const both = { ...theirs, ...ours };
  for (const id of Object.keys(ours).filter((id) => id in theirs)) {
    const [a, b] = [ours[id], theirs[id]];
    both[id] = Object.fromEntries(
      Object.keys({ ...a, ...b }).map((key) => {
        const [x, y] = [a[key] ?? 0, b[key] ?? 0];
        return [key, typeof x === "boolean" ? x || Boolean(y) : Math.max(x, y)];
      }),
    );
  }
  return both;
}

export const progress = {
  read: () => read(PROGRESS),
  write(text) {
    write(PROGRESS, JSON.stringify(joined(parsed(text), parsed(read(PROGRESS)))));
  },
  follow(heard) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key === PROGRESS && newValue) heard(newValue);
    });
  },
};
