// Sends files piece by piece while their person goes on with the form, by the tus protocol, and says of each how far it is and what is
// wrong with it. The form sends the ids of what came. Every word is the page's; without this script the form sends the files itself.

const VERSION = { "Tus-Resumable": "1.0.0" };
const [SMALLEST, LARGEST] = [256 * 1024, 4 * 1024 * 1024];
const LONGEST_PAUSE = 30;
// So long a second click does nothing; a page that was stopped on its way can be sent again.
const LEAVING = 10_000;
const KEPT = "mondossier-uploads";

// What stands in the way of a file for good, in words.
class Refusal extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

const wait = (seconds, signal) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

async function checksum(piece) {
  // Browsers compute digests on secure pages alone.
  if (!globalThis.crypto?.subtle) return {};
  const digest = await crypto.subtle.digest("SHA-256", await piece.arrayBuffer());
  return { "Upload-Checksum": `sha256 ${base64(new Uint8Array(digest))}` };
}

// Which uploads this browser began, on which page, of a file of what age: no name of a file is kept here.
const known = {
  all() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  },
  write(all) {
    try {
      localStorage.setItem(KEPT, JSON.stringify(all));
    } catch {
      // A browser that keeps nothing starts a file again after a reload.
    }
  },
  add: (id, changed, page) => known.write({ ...known.all(), [id]: { changed, page } }),
  forget(id) {
    const { [id]: _, ...others } = known.all();
    known.write(others);
  },
};

// What stands in the way until its person does something, in words.
class Standstill extends Error {
  constructor(words, { full = false } = {}) {
    super(words);
    this.full = full;
  }
}

// The line holds, and the portal takes nothing now.
class PutOff extends Error {}

class Uploads {
  constructor(place) {
    this.place = place;
    this.form = place.closest("form");
    this.input = this.form.querySelector('input[type="file"]');
    this.required = this.input.required;
    this.list = place.querySelector("ul");
    this.said = place.querySelector('[role="status"]');
    [this.row, this.wrong] = place.querySelectorAll("template");
    this.count = 0;
    this.files = [];
    // The same page in the other language is the same page.
    this.page = location.pathname.replace(/^\/[a-z]+/, "");
    place.hidden = false;
    this.form.querySelector("a.drops")?.addEventListener("click", (event) => this.drop(event));
    this.input.addEventListener("change", () => this.choose(this.input.files));
    this.form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.files.some((one) => one.unsettled())) event.preventDefault();
    });
    const drop = this.input.closest(".field");
    for (const kind of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", kind === "dragover");
        if (kind === "drop") this.choose(event.dataTransfer.files);
      });
    }
    this.looking = true;
    this.looked = this.look()
      .catch(() => {})
      .then(() => {
        this.looking = false;
        this.changed();
      });
    // Chosen before this script was there. Had the form been sent since, the browser would have stopped this page, and the script with it.
    if (this.input.files.length > 0) this.choose(this.input.files);
  }

  word(name, values = {}) {
    const text = this.place.dataset[name] ?? "";
    return Object.entries(values).reduce((words, [key, value]) => words.replaceAll(`{${key}}`, value), text);
  }

  // Said once per event and file, never for every percent.
  say(words) {
    this.said.textContent = words;
  }

  // What this page began before it was loaded again.
  async look() {
    const answer = await fetch(this.place.dataset.uploads, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const [mine, { items }] = [known.all(), await answer.json()];
    for (const item of items) {
      const kept = mine[item.id];
      if (kept?.page === this.page) this.add(new Upload(this, { ...item, changed: kept.changed, before: true }));
      delete mine[item.id];
    }
    const names = this.files.map((one) => one.name).join(", ");
    if (names) this.say(this.word("told", { file: names, state: this.word("before") }));
    // The others were submitted, or kept too long.
    for (const [id, kept] of Object.entries(mine)) if (kept.page === this.page) known.forget(id);
  }

  add(upload) {
    this.files.push(upload);
    this.list.append(upload.row);
    this.changed();
  }

  async choose(files) {
    // Emptying the field empties its list too.
    const chosen = Array.from(files);
    this.input.value = "";
    const fresh = chosen.map((file) => ({ file, upload: null }));
    this.choosing = fresh.length > 0;
    this.changed();
    await this.looked;
    for (const { file } of fresh) {
      const before = this.files.find((one) => one.waitsFor(file));
      if (before) before.go(file);
      else this.add(new Upload(this, { name: file.name, size: file.size, offset: 0, changed: file.lastModified }, file));
    }
    this.choosing = false;
    this.changed();
    this.next();
  }

  // Whoever cancels wants none of these files in the next submission. What a closed tab or a lost line left here comes back.
  drop(event) {
    // Opened in another tab, the link leaves this page as it is.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.leave();
    const here = Object.entries(known.all()).filter(([, kept]) => kept.page === this.page);
    const ids = new Set([...here.map(([id]) => id), ...this.files.map((one) => one.id)]);
    ids.delete(null);
    for (const one of this.files) {
      one.stopped?.abort();
      one.row.remove();
    }
    this.files = [];
    ids.forEach((id) => known.forget(id));
    // They end although the page does, and one that cannot be told goes by itself when its time is over.
    for (const id of ids) fetch(`${this.place.dataset.uploads}/${id}`, { method: "DELETE", headers: VERSION, keepalive: true }).catch(() => {});
    location.assign(event.currentTarget.href);
  }

  // One after the other: a slow line is not cut into slower ones.
  next() {
    if (this.files.some((one) => one.state === "sending")) return;
    this.files.find((one) => one.state === "waiting")?.send();
  }

  // Whether a submission takes no more files than these.
  full() {
    return this.files.filter((one) => one.state !== "refused").length >= Number(this.place.dataset.room);
  }

  // Whether something is still on its way, or not known yet.
  busy() {
    return this.looking || this.choosing || this.files.some((one) => one.unsettled());
  }

  changed() {
    this.input.required = this.required && !this.choosing && this.files.length === 0;
    if (this.told) this.tellRefused();
    if (this.busy() || !this.submitter) return;
    const submitter = this.submitter;
    this.submitter = null;
    this.form.requestSubmit(submitter);
  }

  submit(event) {
    // Of a double click, the first is sent.
    if (this.leaving) return event.preventDefault();
    const discards = event.submitter?.value === "discard";
    // What is refused would be missing in the list without a word.
    if (!this.busy() && !discards && this.tellRefused()) {
      event.preventDefault();
      this.told.focus();
      return;
    }
    // A file that broke off would be left out without a word.
    const unfinished = this.files.filter((one) => one.state === "again");
    if (unfinished.length > 0 && !discards) {
      event.preventDefault();
      for (const one of unfinished) one.insist();
      this.input.focus();
      return;
    }
    if (!this.busy() || discards) return this.leave();
    event.preventDefault();
    this.submitter = event.submitter;
    this.say(this.word("first"));
    for (const one of this.files) if (one.state === "paused") one.go();
  }

  leave() {
    this.leaving = true;
    const stays = () => (this.leaving = false);
    // A person who comes back by the browser's button can send again.
    addEventListener("pageshow", stays, { once: true });
    setTimeout(stays, LEAVING);
  }

  // Says where the page says what is wrong that files are refused, each with the way to the button that removes it; and says nothing any
  // more once they are removed.
  tellRefused() {
    const refused = this.files.filter((one) => one.state === "refused");
    if (refused.length === 0) {
      this.told?.remove();
      this.told = null;
      return false;
    }
    // Said once: the focus may be on it.
    const of = refused.map((one) => one.cancelling.id).join();
    if (this.told?.dataset.of === of) return true;
    const box = this.wrong.content.firstElementChild.cloneNode(true);
    box.dataset.of = of;
    const list = box.querySelector("ul");
    const told = (one, textContent) => {
      const way = document.createElement("a");
      Object.assign(way, { href: `#${one.cancelling.id}`, textContent });
      list.append(document.createElement("li"));
      list.lastElementChild.append(way);
    };
    const beyond = refused.filter((one) => one.beyond);
    if (beyond.length > 0) told(beyond[0], this.word("tooMany", { surplus: beyond.length }));
    for (const one of refused) if (!one.beyond) told(one, this.word("refusedFirst", { file: one.name, state: one.words.textContent }));
    const before = this.told ?? document.getElementById("errors");
    if (before) before.replaceWith(box);
    else this.form.before(box);
    this.told = box;
    return true;
  }

  settled() {
    // There is room again.
    for (const one of this.files) if (one.beyond && !this.full()) one.go();
    this.changed();
    this.next();
  }
}

class Upload {
  constructor(uploads, { id = null, name, size, offset, changed, state = "incomplete", before = false }, file = null) {
    Object.assign(this, { uploads, id, name, size, offset, changed, file });
    this.row = uploads.row.content.firstElementChild.cloneNode(true);
    const part = (one) => this.row.querySelector(`.${one}`);
    [this.bar, this.words, this.pausing, this.cancelling, this.before] = ["bar", "state", "pause", "cancel", "before"].map(part);
    part("name").textContent = name;
    this.cancelling.id = `upload-${(uploads.count += 1)}`;
    this.before.textContent = uploads.word("before");
    this.before.hidden = !before;
    this.bar.setAttribute("aria-label", uploads.word("progress", { file: name }));
    this.pausing.addEventListener("click", () => (this.state === "paused" ? this.go() : this.pause()));
    this.cancelling.addEventListener("click", () => this.cancel());
    if (state === "ready") this.become("ready");
    else if (!file) this.become("again");
    else if (size === 0) this.refuse(uploads.word("empty"));
    else if (size > Number(uploads.place.dataset.most)) this.refuse(uploads.word("large"));
    else if (uploads.full()) {
      this.beyond = true;
      this.refuse(uploads.word("beyond"));
    } else this.become("waiting");
  }

  get address() {
    return `${this.uploads.place.dataset.uploads}/${this.id}`;
  }

  get percent() {
    return this.size ? Math.floor((100 * this.offset) / this.size) : 0;
  }

  unsettled() {
    return ["waiting", "sending", "paused"].includes(this.state);
  }

  // Says that the form waits for it to be resumed or removed.
  insist() {
    this.become("again", this.uploads.word("againFirst", { percent: this.percent }));
    this.row.classList.add("unfinished");
    this.tell();
  }

  waitsFor(file) {
    return this.state === "again" && this.name === file.name && this.size === file.size && this.changed === file.lastModified;
  }

  become(state, words = this.uploads.word(state, { percent: this.percent })) {
    this.state = state;
    this.row.dataset.state = state;
    this.row.classList.remove("unfinished");
    this.words.textContent = words;
    this.bar.value = this.percent;
    this.bar.hidden = state === "refused" || state === "ready";
    this.pausing.hidden = !["waiting", "sending", "paused"].includes(state);
    const verb = state === "paused" ? "resume" : "pause";
    this.pausing.textContent = this.uploads.word(verb);
    this.pausing.setAttribute("aria-label", this.uploads.word(`${verb}File`, { file: this.name }));
    this.cancelling.setAttribute("aria-label", this.uploads.word("cancelFile", { file: this.name }));
    if (state === "ready") this.enter();
  }

  tell() {
    this.uploads.say(this.uploads.word("told", { file: this.name, state: this.words.textContent }));
  }

  // The form sends what came.
  enter() {
    const entered = document.createElement("input");
    Object.assign(entered, { type: "hidden", name: "upload", value: this.id });
    this.row.append(entered);
  }

  refuse(words) {
    if (this.id) known.forget(this.id);
    this.id = null;
    this.become("refused", words);
    this.tell();
  }

  pause(words) {
    this.stopped?.abort();
    this.become("paused", words);
    this.tell();
    this.uploads.next();
  }

  go(file = this.file) {
    this.file = file;
    this.before.hidden = true;
    [this.full, this.beyond] = [false, false];
    this.become("waiting");
    this.uploads.changed();
    this.uploads.next();
  }

  async cancel() {
    this.stopped?.abort();
    const { id, address } = this;
    this.state = "cancelled";
    this.row.remove();
    this.uploads.files = this.uploads.files.filter((one) => one !== this);
    this.uploads.say(this.uploads.word("told", { file: this.name, state: this.uploads.word("cancelled") }));
    this.uploads.input.focus();
    this.uploads.settled();
    if (!id) return;
    known.forget(id);
    await fetch(address, { method: "DELETE", headers: VERSION }).catch(() => {});
    // Its place is free.
    for (const one of this.uploads.files) if (one.full && one.state === "paused") one.go();
  }

  async send() {
    const stopped = new AbortController();
    this.stopped = stopped;
    this.become("sending");
    let tries = 0;
    while (!stopped.signal.aborted) {
      const before = this.offset;
      try {
        await this.sendAll(stopped.signal);
        this.become("ready");
        this.tell();
        break;
      } catch (error) {
        if (stopped.signal.aborted) return;
        if (error instanceof Refusal) {
          this.refuse(error.message);
          break;
        }
        if (error instanceof Standstill) {
          this.full = error.full;
          return this.pause(error.message);
        }
        tries = this.offset > before ? 1 : tries + 1;
        const seconds = Math.min(LONGEST_PAUSE, 2 ** (tries - 1));
        const words = this.uploads.word(error instanceof PutOff ? "putOff" : "retrying", { percent: this.percent });
        const told = tries > 1 && words === this.words.textContent;
        this.words.textContent = words;
        if (!told) this.tell();
        await wait(seconds, stopped.signal);
      }
    }
    if (!stopped.signal.aborted) this.uploads.settled();
  }

  async sendAll(signal) {
    if (this.id) await this.resume(signal);
    if (!this.id) await this.begin(signal);
    let length = SMALLEST;
    // Once more without a byte, if all came and nobody looked into it yet.
    do {
      const piece = this.file.slice(this.offset, this.offset + length);
      const start = performance.now();
      const answer = await this.ask("PATCH", this.address, signal, {
        headers: { "Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream", ...(await checksum(piece)) },
        body: piece,
      });
      this.offset = Number(answer.headers.get("Upload-Offset"));
      this.become("sending");
      document.dispatchEvent(new Event("session-used"));
      if (performance.now() - start < 1000) length = Math.min(2 * length, LARGEST);
    } while (this.offset < this.size);
  }

  async begin(signal) {
    const name = base64(new TextEncoder().encode(this.name));
    const headers = { "Upload-Length": this.size, "Upload-Metadata": `filename ${name}` };
    const answer = await this.ask("POST", this.uploads.place.dataset.uploads, signal, { headers });
    this.id = answer.headers.get("Location").split("/").pop();
    this.offset = 0;
    known.add(this.id, this.changed, this.uploads.page);
  }

  async resume(signal) {
    try {
      const answer = await this.ask("HEAD", this.address, signal);
      this.offset = Number(answer.headers.get("Upload-Offset"));
    } catch (error) {
      if (![404, 410].includes(error.status)) throw error;
      known.forget(this.id);
      [this.id, this.offset] = [null, 0];
    }
  }

  async ask(method, address, signal, { headers = {}, body } = {}) {
    const language = document.documentElement.lang;
    const all = { ...VERSION, Accept: "application/json", "Accept-Language": language, ...headers };
    const answer = await fetch(address, { method, headers: all, body, signal });
    if (answer.ok) return answer;
    // The session is over; what came waits for the next one.
    if (answer.status === 401) throw new Standstill(this.uploads.word("signedOut", { percent: this.percent }));
    const said = await answer.json().catch(() => ({}));
    if (said.type?.endsWith(":too-many-uploads")) throw new Standstill(said.title, { full: true });
    // These pass: the line stood still, another request was first, a piece arrived damaged, too many at once.
    const passes = [408, 409, 423, 429, 460].includes(answer.status);
    // An upload that broke off is asked where it stands.
    const gone = [404, 410].includes(answer.status) && method === "PATCH";
    if (answer.status >= 500) throw new PutOff(said.title);
    if (passes || gone) throw new Error(`${method} ${answer.status}`);
    if (said.type?.endsWith(":upload-interrupted")) throw new Error("broken off");
    throw new Refusal(answer.status, said.title ?? this.uploads.word("failed"));
  }
}

for (const place of document.querySelectorAll("[data-uploads]")) new Uploads(place);
