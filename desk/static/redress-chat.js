/**
 * <redress-chat token="…" company="Harbour & Pine" base="https://desk.example">: the chat of a Redress desk.
 *
 * token    the shop's signed identity token; leave it out for a stranger
 * company  whose chat this is
 * base     where the desk is; by default, where this script came from
 * open     present: the chat is open from the start
 *
 * The protocol is in docs/webchat.md. No message's text ever becomes markup.
 */

const HERE = new URL(import.meta.url).origin;
const LONGEST = 8000;
const LARGEST = 20 * 1024 * 1024;
// What the desk takes. Asked like this, a phone hands over a JPEG instead of a HEIC photo, which would be refused: a JPEG
// is rid of where and when it was taken before it is kept.
const TAKES = "image/jpeg,image/png,image/gif,image/webp,audio/*,video/*,text/*,.pdf,.docx,.xlsx";
const CALLBACK = "/callback"; // what the desk itself hears of a button
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const TYPING_MS = 8000; // told again while it lasts; whoever is gone tells nothing
const KEEP = "redress-chat";

const STYLE = `
:host { --ink: #1d2a2f; --soft: #5a686d; --paper: #fff; --mist: #f3f6f5; --line: #dde4e2; --brand: #17524a;
  --on-brand: #fff; --mine: #17524a; --on-mine: #fff; --alarm: #9b2c1f;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); color-scheme: light; }
*, *::before, *::after { box-sizing: border-box; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid #e0a030; outline-offset: 2px; }
.launcher { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; display: flex; gap: 10px; align-items: center;
  border: 0; border-radius: 28px; padding: 14px 22px; background: var(--brand); color: var(--on-brand); font-weight: 600;
  box-shadow: 0 6px 24px rgb(16 40 36 / .28); transition: transform .15s; }
.launcher:hover { transform: translateY(-2px); }
.launcher svg { width: 22px; height: 22px; }
.badge { min-width: 22px; padding: 0 6px; border-radius: 11px; background: #f2c14e; color: #2a2000; font-size: 13px; text-align: center; }
.panel { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; display: flex; flex-direction: column;
  width: 392px; height: min(720px, calc(100dvh - 40px)); background: var(--paper); border-radius: 18px; overflow: hidden;
  box-shadow: 0 18px 60px rgb(16 40 36 / .28), 0 0 0 1px rgb(16 40 36 / .06); }
@media (max-width: 480px) { .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; } }
@media (prefers-reduced-motion: no-preference) { .panel { animation: rise .18s ease-out; } .row.new { animation: rise .18s ease-out; } }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }
header { display: flex; align-items: center; gap: 12px; padding: 14px 12px 14px 18px; background: var(--brand); color: var(--on-brand); }
.who { flex: 1; min-width: 0; }
h2 { margin: 0; font-size: 17px; line-height: 1.25; overflow-wrap: anywhere; }
.with { margin: 2px 0 0; font-size: 13.5px; opacity: .92; }
.with::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 7px; border-radius: 50%; background: #9fe0b4; }
.with.waiting::before { background: #f2c14e; }
.close { flex: none; width: 44px; height: 44px; border: 0; border-radius: 50%; background: transparent; color: inherit; }
.leave { flex: none; min-height: 44px; padding: 0 14px; border: 1px solid rgb(255 255 255 / .55); border-radius: 22px; background: transparent; color: inherit; font-size: 14px; }
.close:hover, .leave:hover { background: rgb(255 255 255 / .14); }
.close svg { width: 20px; height: 20px; display: block; margin: auto; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 18px 16px 8px; background: var(--mist); }
.welcome { padding: 22px 20px 0; background: var(--mist); }
.welcome p { margin: 0 0 6px; }
.welcome p:first-child { font-size: 19px; font-weight: 600; }
.row { display: flex; flex-direction: column; align-items: flex-start; margin: 0 0 12px; }
.row.customer { align-items: flex-end; }
.row.system { align-items: center; }
.name { margin: 0 0 3px 4px; font-size: 12.5px; color: var(--soft); }
.bubble { max-width: 86%; padding: 10px 14px; border-radius: 16px; background: var(--paper); border: 1px solid var(--line);
  white-space: pre-wrap; overflow-wrap: anywhere; }
.bot .bubble, .agent .bubble { border-bottom-left-radius: 5px; }
.agent .bubble { border-color: #b9d3cc; background: #eef7f4; }
.customer .bubble { background: var(--mine); color: var(--on-mine); border-color: transparent; border-bottom-right-radius: 5px; }
.system .bubble { max-width: 94%; padding: 4px 12px; border: 0; background: transparent; color: var(--soft); font-size: 14px; text-align: center; }
.state { margin: 3px 4px 0; font-size: 12.5px; color: var(--soft); }
.failed .state { color: var(--alarm); }
.again { margin-left: 6px; padding: 2px 8px; border: 1px solid currentColor; border-radius: 10px; background: var(--paper); }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 0; max-width: 94%; }
.after { width: 100%; margin: 0; padding: 2px 15px; white-space: pre-wrap; overflow-wrap: anywhere; }
.choice { min-height: 44px; padding: 8px 15px; border: 1.5px solid var(--brand); border-radius: 20px; background: var(--paper);
  color: var(--brand); font-weight: 600; text-align: left; overflow-wrap: anywhere; }
@media (hover: hover) { .choice:hover:enabled { background: var(--brand); color: var(--on-brand); } }
.choice:disabled { border-color: var(--line); color: var(--soft); font-weight: 400; cursor: default; }
.choice[data-rank] { display: flex; gap: 10px; width: 100%; }
.choice[data-rank]::before { content: attr(data-rank); flex: none; width: 24px; height: 24px; border-radius: 50%; background: #e3efec; color: var(--brand); text-align: center; }
.choice[data-rank] ~ .choice:not([data-rank]) { border-width: 1px; font-weight: 450; }
.choice.chosen { border-color: var(--brand); background: #e3efec; color: var(--brand); font-weight: 600; }
.typing { display: flex; gap: 5px; align-items: center; min-height: 26px; padding: 0 20px 6px; background: var(--mist); color: var(--soft); font-size: 13.5px; }
.dots { display: flex; gap: 4px; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; }
@media (prefers-reduced-motion: no-preference) { .dots i { animation: pulse 1.1s infinite; } .dots i:nth-child(2) { animation-delay: .15s; } .dots i:nth-child(3) { animation-delay: .3s; } }
@keyframes pulse { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }
.notice { padding: 8px 16px; background: #fff4da; color: #5b4300; font-size: 14px; }
.notice button { margin-left: 8px; }
form { display: flex; gap: 8px; align-items: flex-end; padding: 12px; border-top: 1px solid var(--line); background: var(--paper); }
textarea { flex: 1; min-height: 46px; max-height: 132px; padding: 10px 14px; border: 1.5px solid #8a999c; border-radius: 14px; resize: none; background: var(--paper); }
.send { flex: none; width: 46px; height: 46px; border: 0; border-radius: 50%; background: var(--brand); color: var(--on-brand); }
.send:disabled { background: #a9b8b5; cursor: default; }
.send svg { width: 20px; height: 20px; display: block; margin: auto; }
.clip { flex: none; display: grid; place-items: center; width: 46px; height: 46px; border-radius: 50%; color: var(--brand); cursor: pointer; }
.clip:hover { background: var(--mist); }
.clip:focus-within { outline: 3px solid #e0a030; outline-offset: 2px; }
.clip svg { width: 22px; height: 22px; }
.file { display: block; margin-top: 6px; color: inherit; overflow-wrap: anywhere; }
.file:first-child { margin-top: 0; }
.file img { display: block; max-width: 100%; max-height: 240px; border-radius: 10px; }
.file audio { display: block; width: 220px; max-width: 100%; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

const ICONS = {
  chat: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-5 4.5V16H6.5A2.5 2.5 0 0 1 4 13.5z",
  close: "M5 5l14 14M19 5L5 19",
  send: "M4 12L20 4l-5 16-4-6z",
  clip: "M8 12.5l6.5-6.5a3 3 0 0 1 4.2 4.2l-8.2 8.3a5 5 0 0 1-7-7L11 4",
};

/** An element with properties, attributes (data-, aria-, role) and children. Text is always text. */
function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linejoin": "round", "stroke-linecap": "round", "aria-hidden": "true" })) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What survives a reload: the session and what was not acknowledged yet. A private window may refuse to keep it. */
class Memory {
  constructor(key) { this.key = key; }
  read() { try { return JSON.parse(localStorage.getItem(this.key)) ?? {}; } catch { return {}; } }
  write(change) { try { localStorage.setItem(this.key, JSON.stringify({ ...this.read(), ...change })); } catch { /* not kept */ } }
}

/** An answer that is no success; `status` 0: nobody answered. */
class Problem extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

/** Speaks the protocol: one session, one event stream, and messages sent until they are acknowledged. */
class Line extends EventTarget {
  constructor(base, token, memory) {
    super();
    Object.assign(this, { base, token, memory, seen: 0, session: null, source: null, tries: 0, closed: false });
    this.unsent = memory.read().unsent ?? [];
    this.sending = false;
  }

  emit(kind, detail) { this.dispatchEvent(new CustomEvent(kind, { detail })); }

  async open() {
    try {
      await this.begin();
      this.listen();
      this.flush();
    } catch (problem) {
      if (problem.status === 401) return this.emit("refused", problem.message);
      this.emit("line", false);
      this.later(() => this.open());
    }
  }

  async begin() {
    const kept = this.memory.read();
    const opened = await this.call("/chat/session", { token: this.token, resume: kept.session ?? null });
    this.enter(opened, this.conversation ?? kept.conversation); // another tab may have gone on to another one
  }

  enter(opened, before) {
    if (before && before !== opened.conversation) {
      this.seen = 0;
      this.memory.write({ read: 0 });
      this.emit("fresh");
    }
    this.session = opened.session;
    this.conversation = opened.conversation;
    this.memory.write({ session: opened.session, conversation: opened.conversation });
    this.emit("session", opened);
  }

  /** Whoever typed a code here is a stranger again, in a conversation of its own. */
  async signOut() {
    try {
      const opened = await this.call("/chat/unlink", {});
      this.keep([]);
      this.enter(opened, this.conversation);
      this.listen();
    } catch (problem) {
      if (problem.status === 401 || problem.status === 404 || problem.status === 409) return this.open(); // another tab was first
      this.emit("unmoved", "You are still signed in here: that did not get through. Please try it again.");
    }
  }

  listen() {
    this.source?.close();
    if (this.closed) return;
    const query = new URLSearchParams({ session: this.session, after: String(this.seen) });
    const source = (this.source = new EventSource(`${this.base}/chat/events?${query}`));
    source.onopen = () => { this.tries = 0; this.emit("line", true); };
    source.onerror = () => { source.close(); this.emit("line", false); this.later(() => this.open()); };
    source.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      if (message.seq <= this.seen) return;
      this.seen = message.seq;
      this.emit("message", message);
    });
    for (const kind of ["typing", "owner"]) source.addEventListener(kind, (event) => this.emit(kind, JSON.parse(event.data)));
  }

  later(action) {
    clearTimeout(this.timer);
    if (this.closed) return;
    const pause = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
    this.timer = setTimeout(action, pause * (0.75 + Math.random() / 2));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.source?.close();
  }

  /** Puts a message in line. Its id stays the same however often it is sent, so it is one message. */
  send(text, payload = null) {
    const message = { id: newId(), text, payload };
    this.keep([...this.unsent, message]);
    this.emit("sending", message);
    this.flush();
  }

  retry() { this.flush(); }

  /** A file is sent at once or not at all: it is too large to be kept for later. */
  async sendFile(file, text) {
    const message = { id: newId(), text: text || `[${file.name}]`, payload: null };
    this.emit("sending", message);
    const form = new FormData();
    form.set("id", message.id);
    form.set("text", text);
    form.set("file", file);
    try {
      const stored = await this.ask("/chat/attachments", form, {});
      this.emit("stored", { ...message, seq: stored.seq });
    } catch (problem) {
      this.emit("failed", { ...message, reason: problem.message || "This could not be sent. Please try it again.", hopeless: true });
    }
  }

  fileAddress(id) { return `${this.base}/chat/attachments/${id}?${new URLSearchParams({ session: this.session })}`; }

  keep(unsent) {
    this.unsent = unsent;
    this.memory.write({ unsent });
  }

  async flush() {
    if (this.sending || !this.session) return;
    this.sending = true;
    try {
      while (this.unsent.length) await this.post(this.unsent[0]);
    } catch {
      // `failed` was emitted, and a timer tries again.
    } finally {
      this.sending = false;
    }
  }

  async post(message) {
    try {
      const stored = await this.call("/chat/messages", message);
      this.keep(this.unsent.filter((other) => other.id !== message.id));
      this.emit("stored", { ...message, seq: stored.seq });
    } catch (problem) {
      if (problem.status === 401 || problem.status === 404 || problem.status === 409) {
        this.session = null;
        this.later(() => this.open());
      }
      const hopeless = problem.status === 413 || problem.status === 422;
      if (hopeless) this.keep(this.unsent.filter((other) => other.id !== message.id));
      else if (problem.status !== 401) this.later(() => (this.session ? this.flush() : this.open()));
      this.emit("failed", { ...message, reason: hopeless ? problem.message : "", hopeless });
      if (!hopeless) throw problem;
    }
  }

  call(path, body) { return this.ask(path, JSON.stringify(body), { "Content-Type": "application/json" }); }

  async ask(path, body, headers) {
    let response;
    if (this.session) headers.Authorization = `Bearer ${this.session}`;
    try {
      response = await fetch(this.base + path, { method: "POST", headers, body });
    } catch {
      throw new Problem(0, "");
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Problem(response.status, answer.detail ?? "");
    return answer;
  }
}

/**
 * A list of alternatives that the buttons repeat stands in every text, for channels without buttons. Here each button
 * takes its number and its place: what is said before the list, the numbers by title, what is said after it.
 */
function ranked(text, buttons) {
  const lines = text.split("\n");
  const ranks = new Map();
  const listed = lines.map((line) => {
    const [, rank, title] = /^(\d+)\. (.+)$/.exec(line) ?? [];
    return buttons.some((button) => button.title === title) && Boolean(ranks.set(title, rank));
  });
  if (!ranks.size) return { before: text, ranks, after: "" };
  const after = lines.slice(listed.lastIndexOf(true) + 1).join("\n");
  return { before: lines.slice(0, listed.indexOf(true)).join("\n"), ranks, after };
}

class RedressChat extends HTMLElement {
  static observedAttributes = ["token", "company"];

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.rows = new Map(); // a message's id, or a customer's own id of it, to its row
    this.unread = 0;
    this.notices = new Map();
    this.follows = true; // false while the customer reads further up
    this.owner = { owner: "nobody", name: null, position: null };
  }

  get base() { return (this.getAttribute("base") ?? HERE).replace(/\/$/, ""); }
  get company() { return this.getAttribute("company") ?? ""; }
  get isOpen() { return !this.panel.hidden; }

  connectedCallback() {
    if (!this.panel) this.build();
    this.begin();
  }

  disconnectedCallback() { this.line?.close(); }

  attributeChangedCallback(name, before, after) {
    if (!this.panel || before === after) return;
    if (name === "company") this.heading.textContent = this.company;
    if (name === "token") this.begin();
  }

  /** A stranger and each customer are kept apart, so that nobody sees another's thread on a shared computer. */
  get memoryKey() {
    const [, claims] = (this.getAttribute("token") ?? "").split(".");
    let who = "stranger";
    try { who = JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/"))).sub; } catch { /* a stranger */ }
    return `${KEEP}:${this.base}:${who}`;
  }

  begin() {
    this.line?.close();
    this.started = false;
    this.clear();
    const memory = new Memory(this.memoryKey);
    this.carryOver(memory);
    this.line = new Line(this.base, this.getAttribute("token") || null, memory);
    this.hear();
    if (memory.read().session || this.hasAttribute("open")) this.start();
    if (this.hasAttribute("open") || memory.read().open) this.show(false);
  }

  /** Who signs in keeps the conversation that they began as a stranger. */
  carryOver(memory) {
    const stranger = new Memory(`${KEEP}:${this.base}:stranger`);
    const begun = stranger.read();
    if (!this.getAttribute("token") || !begun.session || memory.key === stranger.key) return;
    if (!memory.read().session) memory.write(begun);
    stranger.write({ session: undefined, conversation: undefined, unsent: [], open: undefined });
  }

  start() {
    if (this.started) return;
    this.started = true;
    for (const message of this.line.unsent) this.addOwn(message);
    this.line.open();
  }

  hear() {
    const on = (kind, action) => this.line.addEventListener(kind, (event) => action(event.detail));
    on("message", (message) => this.onMessage(message));
    on("owner", (owner) => this.onOwner(owner));
    on("typing", (typing) => this.onTyping(typing));
    on("sending", (message) => this.addOwn(message));
    on("stored", (message) => this.setState(message.id, ""));
    on("failed", (message) => this.onFailed(message));
    on("line", (up) => this.setNotice("line", up ? "" : "The connection is down. I keep trying, and nothing you wrote is lost."));
    on("refused", (reason) => this.setNotice("line", reason));
    on("unmoved", (reason) => this.setNotice("leave", reason));
    on("session", ({ name }) => {
      this.hello.textContent = name ? `Hello ${name}` : "Hello";
      this.log.setAttribute("aria-live", "off"); // a restored thread is not read out
    });
    on("fresh", () => this.clear());
  }

  build() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.badge = h("span", { className: "badge", hidden: true });
    this.launcher = h("button", { className: "launcher", type: "button", "aria-expanded": "false" }, icon("chat"), "Help", this.badge);
    this.launcher.addEventListener("click", () => this.show());
    this.panel = h("section", { className: "panel", hidden: true, role: "dialog", "aria-label": `Chat with ${this.company || "us"}` }, this.header(), ...this.body(), this.form());
    this.panel.addEventListener("keydown", (event) => { if (event.key === "Escape") this.hide(); });
    this.shadowRoot.append(this.launcher, this.panel);
    this.setOwner();
  }

  header() {
    this.heading = h("h2", {}, this.company || "Chat");
    this.with = h("p", { className: "with", role: "status" });
    const close = h("button", { className: "close", type: "button", "aria-label": "Close the chat" }, icon("close"));
    close.addEventListener("click", () => this.hide());
    this.leave = h("button", { className: "leave", type: "button", hidden: true }, "Sign out");
    this.leave.addEventListener("click", () => this.signOut());
    return h("header", {}, h("div", { className: "who" }, this.heading, this.with), this.leave, close);
  }

  async signOut() {
    this.leave.disabled = true;
    await this.line.signOut();
    this.leave.disabled = false;
    this.input.focus();
  }

  body() {
    this.log = h("div", { className: "log", role: "log", tabIndex: 0, "aria-label": "Messages", "aria-live": "polite", "aria-relevant": "additions" });
    this.log.addEventListener("scroll", () => this.onScroll(), { passive: true });
    new ResizeObserver(() => this.reveal(this.log.lastElementChild)).observe(this.log);
    this.hello = h("p");
    this.welcome = h("div", { className: "welcome", hidden: true }, this.hello, h("p", {}, "Tell us in your own words what went wrong. An assistant answers at once, and a person takes over whenever you ask."));
    this.typing = h("div", { className: "typing", "aria-hidden": "true" });
    this.notice = h("div", { className: "notice", role: "status", hidden: true });
    return [this.welcome, this.log, this.typing, this.notice];
  }

  form() {
    this.input = h("textarea", { id: "words", rows: 1, placeholder: "Write a message…", "aria-describedby": "hint", enterKeyHint: "send" });
    this.input.dir = "auto";
    this.button = h("button", { className: "send", type: "submit", disabled: true, "aria-label": "Send" }, icon("send"));
    const hint = h("span", { id: "hint", className: "quiet" }, "Enter sends. Shift and Enter begin a new line.");
    const form = h("form", {}, this.clip(), h("label", { for: "words", className: "quiet" }, "Your message"), this.input, hint, this.button);
    this.input.addEventListener("input", () => this.fit());
    this.input.addEventListener("keydown", (event) => this.onKey(event, form));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    return form;
  }

  clip() {
    const field = h("input", { type: "file", className: "quiet", accept: TAKES });
    field.addEventListener("change", () => {
      const [file] = field.files;
      field.value = "";
      if (file) this.submitFile(file);
    });
    return h("label", { className: "clip", title: "Send a photo or a file" }, icon("clip"), h("span", { className: "quiet" }, "Send a photo or a file"), field);
  }

  /** What is written already goes with the file. */
  submitFile(file) {
    const over = file.size > LARGEST ? "That file is larger than 20 MB. Please send a smaller one." : "";
    this.setNotice("file", over || (this.line.session ? "" : "The connection is not there yet. Please try it again in a moment."));
    if (over || !this.line.session) return;
    const words = this.input.value.trim();
    this.input.value = "";
    this.fit();
    this.line.sendFile(file, words);
  }

  onKey(event, form) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  fit() {
    const words = this.input.value.trim();
    this.button.disabled = !words;
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 3, 132)}px`;
    const over = [...words].length - LONGEST;
    this.setNotice("length", over > 0 ? `That is ${over.toLocaleString("en-GB")} characters too long. Please send it in shorter parts.` : "");
    this.button.disabled ||= over > 0;
  }

  submit() {
    const words = this.input.value.trim();
    if (!words || this.button.disabled) return;
    this.input.value = "";
    this.fit();
    this.start();
    this.line.send(words);
    this.input.focus();
  }

  show(focus = true) {
    this.panel.hidden = false;
    this.launcher.hidden = true;
    this.launcher.setAttribute("aria-expanded", "true");
    this.setUnread(0);
    this.start();
    this.line.memory.write({ open: true, read: this.line.seen });
    this.reveal(this.log.lastElementChild);
    if (focus) this.input.focus();
  }

  hide() {
    this.panel.hidden = true;
    this.launcher.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    this.line.memory.write({ open: false });
    this.launcher.focus();
  }

  clear() {
    this.rows.clear();
    this.follows = true;
    this.welcome.hidden = true;
    this.log.replaceChildren();
    this.onTyping({ on: false });
    this.setNotice("line", "");
    this.setNotice("leave", "");
  }

  onMessage(message) {
    const known = this.rows.get(message.client_id ?? message.id);
    if (known) {
      if (message.files?.length && !known.querySelector(".file")) this.showFiles(known.querySelector(".bubble"), message);
      known.dataset.seq = message.seq;
      this.setState(message.client_id ?? message.id, "");
      this.place(known);
      return;
    }
    if (message.author === "bot" || message.author === "agent") this.onTyping({ on: false });
    if (message.author === "customer") this.retireChoices(message.text);
    this.place(this.row(message));
    this.countRead(message);
  }

  /** The badge counts what was never on screen, across reloads. */
  countRead(message) {
    const { memory } = this.line;
    if (this.isOpen) memory.write({ read: message.seq });
    else if (message.author !== "customer" && message.seq > (memory.read().read ?? 0)) this.setUnread(this.unread + 1);
  }

  addOwn(message) {
    if (this.rows.has(message.id)) return;
    this.retireChoices(message.text);
    this.place(this.row({ ...message, author: "customer", client_id: message.id, buttons: [] }));
    this.setState(message.id, "Sending…");
  }

  row(message) {
    const row = h("div", { className: `row ${message.author} new` });
    const spoken = { customer: "You: ", bot: "Assistant: ", agent: `${message.name || "Agent"}: `, system: "" }[message.author];
    const { before, ranks, after } = ranked(message.text, message.buttons ?? []);
    const bubble = h("div", { className: "bubble" }, h("span", { className: "quiet" }, spoken), h("span", {}, before));
    bubble.dir = "auto";
    if (message.files?.length) this.showFiles(bubble, message);
    if (message.author === "agent") row.append(h("p", { className: "name", "aria-hidden": "true" }, message.name));
    row.append(bubble, h("p", { className: "state", hidden: true }));
    if (message.buttons?.length) row.append(this.choices(message.buttons, ranks, after));
    row.dataset.at = message.at ?? message.id; // a turn's replies share their time
    if (message.seq) row.dataset.seq = message.seq;
    this.rows.set(message.client_id ?? message.id, row);
    this.welcome.hidden = true;
    return row;
  }

  /** Photos and recordings in place, everything else to be saved. A file alone has no words. */
  showFiles(bubble, message) {
    if (!message.text) bubble.lastChild.textContent = "";
    for (const { id, kind, name, type } of message.files) {
      const href = this.line.fileAddress(id);
      const link = h("a", { className: "file", href, target: "_blank", rel: "noopener noreferrer" });
      if (kind === "photo" && type !== "image/heic") link.append(h("img", { src: href, alt: name, loading: "lazy" }));
      else if (kind === "audio") link.append(h("audio", { src: href, controls: true, preload: "none" }));
      else link.append(name || "A file, on its way");
      bubble.append(link);
    }
  }

  choices(buttons, ranks, after) {
    const group = h("div", { className: "choices", role: "group", "aria-label": "Answers to choose from" });
    for (const { title, payload } of buttons) {
      const choice = h("button", { className: "choice", type: "button" }, title);
      choice.dataset.payload = payload;
      if (ranks.has(title)) choice.dataset.rank = ranks.get(title);
      choice.addEventListener("click", () => {
        this.line.send(title, payload);
        this.input.focus();
      });
      group.append(choice);
    }
    if (after) [...group.querySelectorAll("[data-rank]")].at(-1).after(h("p", { className: "after" }, after));
    return group;
  }

  /** A question is answered once, by a button or in words. Who waits may ask for a call all the while. */
  retireChoices(words = "") {
    const waits = this.owner.owner === "queue";
    for (const choice of this.log.querySelectorAll(".choice:enabled")) {
      if (waits && choice.dataset.payload === CALLBACK && choice.textContent !== words) continue;
      choice.disabled = true;
      if (choice.textContent === words) choice.classList.add("chosen");
    }
  }

  /** By number; what has none yet comes last. */
  place(row) {
    const order = Number(row.dataset.seq ?? Infinity);
    const after = [...this.log.children].find((other) => other !== row && Number(other.dataset.seq ?? Infinity) > order);
    if (!row.isConnected || (after ?? null) !== row.nextElementSibling) this.log.insertBefore(row, after ?? null);
    this.follows ||= row.classList.contains("customer");
    this.reveal(row);
  }

  /** Scrolls to the end, but never past the beginning of what was said together with this row. */
  reveal(row) {
    if (!row || !this.follows) return;
    requestAnimationFrame(() => {
      let first = row;
      while (first.previousElementSibling?.dataset.at === row.dataset.at) first = first.previousElementSibling;
      const { log } = this;
      log.scrollTop = this.at = Math.min(log.scrollHeight - log.clientHeight, first.offsetTop - log.offsetTop - 12);
    });
  }

  onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    if (scrollTop < this.at - 8) this.follows = false;
    if (scrollHeight - scrollTop - clientHeight < 40) this.follows = true;
    this.at = scrollTop;
  }

  setState(id, words) {
    const row = this.rows.get(id);
    if (!row) return null;
    const state = row.querySelector(".state");
    row.classList.remove("failed");
    state.hidden = !words;
    state.textContent = words;
    return { row, state };
  }

  onFailed({ id, reason, hopeless }) {
    const shown = this.setState(id, reason || "Not sent yet.");
    if (!shown) return;
    shown.row.classList.add("failed");
    if (hopeless) return;
    const again = h("button", { className: "again", type: "button" }, "Send again");
    again.addEventListener("click", () => { this.setState(id, "Sending…"); this.line.retry(); });
    shown.state.append(again);
  }

  onTyping({ who, on }) {
    this.typing.replaceChildren();
    clearTimeout(this.typingEnds);
    if (!on) return;
    this.typingEnds = setTimeout(() => this.onTyping({ on: false }), TYPING_MS);
    const name = who === "agent" ? this.owner.name ?? "The agent" : "The assistant";
    this.typing.append(h("span", { className: "dots" }, h("i"), h("i"), h("i")), h("span", {}, `${name} is typing`));
  }

  onOwner(owner) {
    this.owner = owner;
    this.log.setAttribute("aria-live", "polite");
    this.welcome.hidden = this.rows.size > 0;
    this.onTyping({ on: false });
    if (owner.owner !== "bot") this.retireChoices(); // nobody reads a button's payload then, but for one
    this.setOwner();
  }

  setOwner() {
    const { owner, name, position, minutes, opens, anybody, proved } = this.owner;
    this.leave.hidden = !proved;
    const place = position ? `Waiting for a person: you are number ${position}` : "Waiting for a person";
    const when = opens ? `we open ${opens}` : minutes ? `about ${minutes} minutes` : anybody ? "we can't say yet how long" : "nobody is at the desk just now";
    const waiting = `${place}, ${when}`;
    this.with.textContent = { nobody: "Connecting…", bot: "You are talking to the assistant", queue: waiting, agent: `You are talking to ${name ?? "a person"}` }[owner];
    this.with.classList.toggle("waiting", owner === "queue" || owner === "nobody");
  }

  setNotice(about, words) {
    this.notices.set(about, words);
    const all = [...this.notices.values()].filter(Boolean).join(" ");
    if (this.notice.textContent !== all) this.notice.textContent = all;
    this.notice.hidden = !all;
  }

  setUnread(count) {
    this.unread = count;
    this.badge.hidden = !count;
    this.badge.textContent = String(count);
    this.badge.setAttribute("aria-label", `${count} new messages`);
  }
}

customElements.define("redress-chat", RedressChat);
