// Sends a large file in parts, three at once, each with its checksum, and goes on where it stopped: after a network that was
// away, a page that was closed, a laptop that was shut. Storage knows which parts are there; this browser keeps which file they
// are of, under its owner's id.

const { bytes, notice, pause, said } = await import(`./upload-words.js${new URL(import.meta.url).search}`);

const ADDRESS = "/annotate/uploads";
const AT_ONCE = 3;
// What goes wrong on the way is tried again after so many seconds. While the browser is offline nothing is counted.
const PAUSES = [1, 2, 4, 8, 15, 30, 60, 60, 60];

// What the service has said no to.
class Refused extends Error {
  constructor(status, { heading, message, action }) {
    super(message);
    Object.assign(this, { status, notice: notice("danger", heading, message, action) });
  }
}

// Uploads in parts, for the form of the page; undefined where the plan has none, or the browser cannot.
export function partsFor(form) {
  const { above, owner, csrf } = form.dataset;
  if (!above || !crypto.subtle || !navigator.locks) return undefined;
  const store = kept(`gas uploads ${owner}`);
  const ask = asking(csrf);
  return {
    takes: (file) => file.size > Number(above),
    isOf: (file) => store.all().find(({ name, size }) => name === file.name && size === file.size),
    differs: (file) => store.all().find(({ name, size }) => name === file.name && size !== file.size),
    forget: store.forget,
    send: (file, hooks) => exclusively(store, file, (entry) => new Sending(file, entry, { ...hooks, store, ask }).go()),
    interrupted: (again) => interrupted(store, ask, again),
    discard: async (entry) => {
      if (entry.id) await ask(`${ADDRESS}/${entry.id}/discard`, {});
      store.forget(entry);
    },
  };
}

// What this browser keeps: { key, id, name, size } of each upload that was begun.
function kept(place) {
  // Where a browser keeps nothing, an upload goes on for as long as its page is open.
  const all = () => {
    try {
      return JSON.parse(localStorage.getItem(place) ?? "[]");
    } catch {
      return [];
    }
  };
  const without = ({ key }) => all().filter((entry) => entry.key !== key);
  const write = (entries) => {
    try {
      localStorage.setItem(place, JSON.stringify(entries));
    } catch {} // As above.
  };
  return { all, keep: (entry) => write([...without(entry), entry]), forget: (entry) => write(without(entry)) };
}

const lockOf = ({ name, size }) => `gas upload of ${size} bytes: ${name}`;

// One tab sends a file; a lock ends with its tab.
function exclusively(store, file, send) {
  const known = store.all().find(({ name, size }) => name === file.name && size === file.size);
  const entry = known ?? { key: crypto.randomUUID(), name: file.name, size: file.size };
  return navigator.locks.request(lockOf(entry), { ifAvailable: true }, (lock) => {
    if (!lock) throw notice("warning", "This file is being uploaded in another tab.", `Go on there, or close that tab: then ${file.name} goes on here.`);
    return send(entry);
  });
}

// Uploads that nobody is at, with how far each is. `again` is called once another tab is at one no more: a page that was just left
// may be so for a moment.
async function interrupted(store, ask, again) {
  const { held } = await navigator.locks.query();
  const found = [];
  for (const entry of store.all()) {
    if (held.some(({ name }) => name === lockOf(entry))) {
      navigator.locks.request(lockOf(entry), () => {}).then(again);
      continue;
    }
    const state = entry.id ? await stateOf(entry, ask) : undefined;
    if (!state || state.is_submitted) store.forget(entry);
    else found.push({ ...entry, next: state.next, percent: Math.floor((100 * sizeOf(state.parts)) / entry.size) });
  }
  return found;
}

const sizeOf = (parts) => parts.reduce((sum, part) => sum + part.bytes, 0);

// How far an upload is; undefined if it was cleared away, or is another person's.
async function stateOf({ id }, ask) {
  try {
    return await ask(`${ADDRESS}/${id}`);
  } catch (wrong) {
    if (wrong.status === 404) return undefined;
    throw wrong;
  }
}

// Asks the service, patiently.
function asking(csrf) {
  return async (address, fields) => {
    const request = fields && { method: "POST", body: new URLSearchParams({ ...fields, csrf_token: csrf }) };
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(address, request).catch(() => undefined);
      if (answer?.ok) return answer.json();
      if (answer?.status === 401) location.reload(); // The reload leads to the login page and back.
      const passes = !answer || answer.status === 429 || answer.status >= 500;
      if (answer && !passes) throw new Refused(answer.status, await answer.json().catch(() => ({ heading: "The service refused this.", message: `It answered with status ${answer.status}.` })));
      if (tries >= PAUSES.length) throw new Error("the service does not answer");
      await patience(tries, Number(answer?.headers.get("retry-after")));
    }
  };
}

async function patience(tries, seconds) {
  if (!navigator.onLine) await new Promise((online) => addEventListener("online", online, { once: true }));
  await pause(seconds || PAUSES[tries]);
}

async function digest(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

const base64 = (binary) => btoa(String.fromCharCode(...binary));
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// One file on its way. `hooks`: progress(loaded, total, before), says(text), settings, signal.
class Sending {
  constructor(file, entry, { store, ask, progress, says, settings, signal }) {
    Object.assign(this, { file, entry, store, ask, progress, says, settings, signal });
    this.digests = new Map();
    this.loaded = new Map();
  }

  // Gives the address that submits the file.
  async go() {
    let state = await this.begun();
    if (state.next) return state.next;
    for (let rounds = 0; ; rounds += 1) {
      await this.compare(state);
      await this.sendMissing();
      try {
        return (await this.ask(`${this.at}/complete`, { bytes: this.file.size, sha256: await this.composite() })).next;
      } catch (wrong) {
        // A part that was there is not any more: what is missing is sent again.
        if (wrong.status !== 409 || rounds > 1) throw wrong.notice ?? wrong;
        state = await this.ask(this.at);
      }
    }
  }

  get at() {
    return `${ADDRESS}/${this.entry.id}`;
  }

  async begun() {
    const known = this.entry.id && (await stateOf(this.entry, this.ask));
    if (known && !known.is_submitted) return known;
    if (this.entry.id) {
      this.store.forget(this.entry);
      this.entry = { ...this.entry, key: crypto.randomUUID(), id: undefined };
    }
    this.store.keep(this.entry);
    const { key, name, size } = this.entry;
    const state = await this.ask(ADDRESS, { ...this.settings, key, file_name: name, bytes: size }).catch((wrong) => {
      this.store.forget(this.entry);
      throw wrong.notice ?? wrong;
    });
    this.entry = { ...this.entry, id: state.id };
    this.store.keep(this.entry);
    return state;
  }

  // What is there has to be of this file, byte for byte.
  async compare({ part_bytes, parts }) {
    this.parts = [];
    for (let start = 0; start < this.file.size; start += part_bytes) {
      const end = Math.min(start + part_bytes, this.file.size);
      this.parts.push({ number: this.parts.length + 1, start, end });
    }
    this.loaded.clear();
    for (const there of parts) {
      const part = this.parts[there.number - 1];
      if (!part || there.bytes !== part.end - part.start) continue;
      this.says(`Checking what was sent before: part ${part.number} of ${this.parts.length}`);
      if (this.signal.aborted) throw this.stopped();
      const sum = await digest(await this.read(part));
      if (base64(sum) !== there.sha256) throw this.isAnother();
      this.digests.set(part.number, there.sha256);
      this.loaded.set(part.number, there.bytes);
    }
    this.before = this.sum();
  }

  isAnother() {
    return notice("danger", "This is not the file that was interrupted.",
      `${this.file.name} has the same name and size, and other content than what was sent. Choose the file as it was, or discard the interrupted upload.`);
  }

  sum() {
    return [...this.loaded.values()].reduce((sum, loaded) => sum + loaded, 0);
  }

  async sendMissing() {
    const missing = this.parts.filter(({ number }) => !this.loaded.has(number));
    const failing = new AbortController();
    const signal = AbortSignal.any([this.signal, failing.signal]);
    const work = async () => {
      for (let part = missing.shift(); part && !signal.aborted; part = missing.shift()) await this.send(part, signal);
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } catch (wrong) {
      failing.abort(); // The others need not go on.
      throw wrong;
    }
    if (this.signal.aborted) throw this.stopped();
  }

  async send(part, signal) {
    const data = await this.read(part);
    const sha256 = base64(await digest(data));
    for (let tries = 0; ; tries += 1) {
      try {
        // Asked anew for each try: an address is good for a quarter of an hour.
        const signed = await this.ask(`${this.at}/part`, { number: part.number, bytes: data.byteLength, sha256 });
        await put(signed, data, signal, (loaded) => this.tell(part, loaded));
        this.digests.set(part.number, sha256);
        return;
      } catch (wrong) {
        this.loaded.delete(part.number);
        if (this.signal.aborted) throw this.stopped();
        if (wrong instanceof Refused) throw wrong.notice;
        if (signal.aborted || tries >= PAUSES.length) throw this.broken(wrong);
        await patience(tries);
      }
    }
  }

  tell({ number }, loaded) {
    this.loaded.set(number, loaded);
    this.progress(this.sum(), this.file.size, this.before);
  }

  async read({ start, end }) {
    try {
      return await this.file.slice(start, end).arrayBuffer();
    } catch {
      throw notice("danger", "The file cannot be read any more.", `${this.file.name} was changed, moved or removed. Choose it again.`);
    }
  }

  stopped() {
    return notice("info", "The upload was stopped.", `What was sent of ${this.file.name} is kept for seven days. Send the file again to go on.`);
  }

  broken({ code }) {
    const why = code ? `Storage refused a part: it answered ${code}.` : "The connection to storage broke.";
    return notice("danger", why, `What was sent of ${this.file.name} is kept for seven days. Check your network and send the file again: it goes on where it stopped.`);
  }

  async composite() {
    const all = await new Blob(this.parts.map(({ number }) => fromBase64(this.digests.get(number)))).arrayBuffer();
    return base64(await digest(all));
  }
}

// Sends one part. Storage takes these very bytes and no others.
function put({ url, headers }, data, signal, tell) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded }) => tell(loaded));
  request.addEventListener("load", () => {
    if (request.status === 200) return resolve();
    reject(Object.assign(new Error("storage refused a part"), { code: said(request)("Code") || `status ${request.status}` }));
  });
  request.addEventListener("error", () => reject(new Error("the connection broke")));
  request.addEventListener("abort", () => reject(new Error("stopped")));
  signal.addEventListener("abort", () => request.abort());
  if (signal.aborted) reject(new Error("stopped"));
  request.open("PUT", url);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.send(data);
  return promise;
}

// What to know of an upload that was interrupted.
export function interruption({ name, size, percent, next }, discard) {
  const button = { press: discard, label: "Discard" };
  if (next) return notice("warning", `${name} was uploaded, and not submitted.`, "", { href: next, label: "Submit it" }, button);
  return notice("warning", `An upload of ${name} was interrupted at ${percent} %. Choose the file again to go on.`,
    `It has ${bytes(size)}. What was sent is kept for seven days, with the settings that you had chosen.`, button);
}
