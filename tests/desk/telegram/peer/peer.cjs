// A Telegram Bot API on loopback: telegram-test-api keeps the chats, and here is what it lacks.
//
//   node peer.cjs PORT [JOURNAL]
//
// With a journal it may be killed and started again: what it had accepted is in the file, as Telegram's servers keep it.
//
// What is added to it, each as Telegram documents it: updates that stay until an offset confirms them, long polling,
// `is_bot`, dates in seconds, sendChatAction, files up and down, edits by the customer, a webhook's secret, groups.
// Under /peer: what a test does as the customer, the calls that the bot made, and faults to order.

const fs = require("node:fs");
const http = require("node:http");
const busboy = require("busboy");
const express = require("express");
const { TelegramServer } = require("telegram-test-api/lib/telegramServer.js");

const ANSWERED_AT_ONCE_MS = 20;
const FOREVER_S = 86400;
const seconds = () => Math.floor(Date.now() / 1000);

class Peer extends TelegramServer {
  constructor(port, journal) {
    super({ port, host: "127.0.0.1", storeTimeout: FOREVER_S });
    Object.assign(this, { calls: [], faults: [], files: new Map(), nextFile: 1, hooks: {}, journal });
    this.setMaxListeners(0);
    if (journal && fs.existsSync(journal)) this.remember(fs.readFileSync(journal, "utf8"));
  }

  /** What must outlive a kill is on the disk before anybody is told of it. */
  note(entry) {
    if (this.journal) fs.appendFileSync(this.journal, `${JSON.stringify(entry)}\n`);
  }

  remember(lines) {
    for (const { update, sent, confirmed } of lines.split("\n").filter(Boolean).map((line) => JSON.parse(line))) {
      if (update) this.storage.userMessages.push(update);
      if (sent) this.storage.botMessages.push(sent);
      if (confirmed) this.storage.userMessages = this.storage.userMessages.filter((u) => u.botToken !== confirmed.token || u.updateId >= confirmed.offset);
      this.updateId = Math.max(this.updateId, (update ?? sent)?.updateId + 1 || 0);
      this.messageId = Math.max(this.messageId, (update ?? sent)?.messageId + 1 || 0);
      this.callbackId = Math.max(this.callbackId, update?.callbackId + 1 || 0);
    }
  }

  addBotMessage(...given) {
    const told = super.addBotMessage(...given);
    this.note({ sent: this.storage.botMessages.at(-1) });
    return told;
  }

  /** An update goes to the webhook, or waits until it is confirmed. */
  async addUserUpdate(update) {
    const stored = { ...this.getCommonFields(update.botToken), ...update, updateId: this.updateId++ };
    const hook = this.hooks[update.botToken];
    if (hook) return this.call(hook, Peer.shape(stored));
    this.note({ update: stored });
    this.storage.userMessages.push(stored);
    this.emit("update");
  }

  static shape(update) {
    if (update.raw) return { ...update.raw, update_id: update.updateId };
    const told = TelegramServer.formatUpdate(update);
    if (told.callback_query) told.callback_query.chat_instance = "1";
    return told;
  }

  /** As Telegram does, until it is taken. */
  async call(hook, update) {
    for (let again = 0; again < 20; again++) {
      const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": hook.secret ?? "" };
      const answer = await fetch(hook.url, { method: "POST", headers, body: JSON.stringify(update) }).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  confirm(token, offset) {
    const left = this.storage.userMessages.filter((u) => u.botToken !== token || u.updateId >= offset);
    if (left.length < this.storage.userMessages.length) this.note({ confirmed: { token, offset } });
    this.storage.userMessages = left;
    return left.filter((u) => u.botToken === token);
  }

  async updatesFrom(token, { offset = 0, timeout = 0, limit = 100 }) {
    const until = Date.now() + Number(timeout) * 1000;
    for (;;) {
      const found = this.confirm(token, Number(offset)).slice(0, Number(limit));
      if (found.length || Date.now() >= until) return found.map(Peer.shape);
      await this.either("update", until - Date.now());
    }
  }

  either(event, ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, Math.max(1, ms));
      const self = this;
      function done() { clearTimeout(timer); self.off(event, done); resolve(); }
      this.once(event, done);
    });
  }

  record(method, token, params, files) {
    const told = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, parsed(value)]));
    const call = { n: this.calls.length, method, token, params: told, files: files.map(({ name, type, data }) => ({ name, type, size: data.length })) };
    this.calls.push(call);
    this.emit("call");
    return call;
  }

  fault(token, method, params) {
    const at = this.faults.findIndex((f) => f.token === token && (f.method ?? method) === method && String(f.chat ?? params.chat_id) === String(params.chat_id));
    if (at < 0) return null;
    const [fault] = this.faults.splice(at, 1);
    return fault;
  }

  keep(data, path) {
    const id = `file-${this.nextFile++}`;
    this.files.set(id, { data, path: `${id}/${path}` });
    return id;
  }

  /** A message of the bot with a file in it. */
  addFile(method, params, files, token) {
    const kind = method.slice(4).toLowerCase();
    const [file] = files;
    const id = this.keep(file.data, file.name);
    const told = { file_id: id, file_unique_id: id, file_size: file.data.length, file_name: file.name };
    const sent = kind === "photo" ? [{ ...told, width: 1, height: 1 }] : { ...told, duration: 1, width: 1, height: 1, length: 1 };
    return this.addBotMessage({ ...params, [kind]: sent }, token);
  }

  sentMessage(chat, messageId) {
    return this.storage.botMessages.find((m) => String(m.messageId) === String(messageId) && String(m.message.chat_id) === String(chat));
  }

  customer({ token, chat, user, name, type = "private" }) {
    return this.getClient(token, { chatId: Number(chat), userId: Number(user ?? chat), firstName: name ?? "Robin", type });
  }
}

function parsed(value) {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try { return JSON.parse(value); } catch { return value; }
}

const refusal = (status, description, parameters) => ({ status, body: { ok: false, error_code: status, description, parameters } });

/** A form with files, in memory. */
function readForm(request, _response, next) {
  request.uploads = [];
  if (!request.is("multipart/form-data")) return next();
  request.body = {};
  request._body = true; // telegram-test-api's own parser need not look
  const form = busboy({ headers: request.headers });
  form.on("field", (name, value) => (request.body[name] = value));
  form.on("file", (field, stream, { filename, mimeType }) => {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => request.uploads.push({ field, name: filename, type: mimeType, data: Buffer.concat(chunks) }));
  });
  form.on("close", next);
  request.pipe(form);
}

const METHODS = {
  getme: () => ({ id: 666, is_bot: true, first_name: "Test", username: "TestNameBot", can_join_groups: true }),
  sendchataction: () => true,
  setmycommands: () => true,
  leavechat: () => true,
  answercallbackquery: () => true,
  deletewebhook: (peer, token) => { delete peer.hooks[token]; return true; },
  setwebhook: (peer, token, { url, secret_token: secret }) => { peer.hooks[token] = { url, secret }; return true; },
  getupdates: (peer, token, params) => peer.updatesFrom(token, params),
  getfile: (peer, _token, { file_id: id }) => {
    const file = peer.files.get(id);
    if (!file) return refusal(400, "Bad Request: invalid file_id");
    return { file_id: id, file_unique_id: id, file_size: file.data.length, file_path: file.path };
  },
  editmessagetext: (peer, _token, params) => {
    peer.editMessageText({ ...params, reply_markup: params.reply_markup ?? null });
    return peer.sentMessage(params.chat_id, params.message_id) ? true : refusal(400, "Bad Request: message to edit not found");
  },
  deletemessage: (peer, _token, params) => {
    const sent = peer.sentMessage(params.chat_id, params.message_id);
    if (!sent) return refusal(400, "Bad Request: message to delete not found");
    peer.storage.botMessages.splice(peer.storage.botMessages.indexOf(sent), 1);
    return true;
  },
  editmessagereplymarkup: (peer, _token, params) => {
    const sent = peer.sentMessage(params.chat_id, params.message_id);
    if (!sent) return refusal(400, "Bad Request: message to edit not found");
    sent.message.reply_markup = parsed(params.reply_markup) ?? null;
    return true;
  },
};

function api(peer) {
  const app = express();
  app.use(express.json({ limit: "25mb" }), express.urlencoded({ extended: true, limit: "25mb" }), readForm);
  app.use("/peer", customerSide(peer));
  app.get("/file/bot:token/*", (request, response) => {
    const file = [...peer.files.values()].find(({ path }) => path === request.params[0]);
    if (file) response.type("application/octet-stream").send(file.data);
    else response.status(404).json({ ok: false, error_code: 404, description: "Not Found" });
  });
  app.all("/bot:token/:method", (request, response, next) => answer(peer, request, response, next).catch(next));
  app.use(inSeconds, peer.webServer);
  return app;
}

async function answer(peer, request, response, next) {
  const { token, method } = request.params;
  const name = method.toLowerCase();
  const params = { ...request.query, ...request.body };
  if (name !== "getupdates") peer.record(method, token, params, request.uploads);
  const fault = peer.fault(token, method, params);
  if (fault?.drop === "before") return void request.socket.destroy();
  if (fault?.status) return void response.status(fault.status).json(refusal(fault.status, fault.description, fault.parameters).body);
  if (fault?.drop === "after") response.json = () => request.socket.destroy();
  if (fault?.waitMs) await new Promise((resolve) => setTimeout(resolve, fault.waitMs));
  const chat = String(params.chat_id ?? "");
  if (name.startsWith("send") && name !== "sendmessage" && name !== "sendchataction") {
    return void response.json({ ok: true, result: fixed(peer.addFile(method, params, request.uploads, token)) });
  }
  if (name === "sendmessage" && !String(params.text ?? "").trim()) {
    return void response.status(400).json(refusal(400, "Bad Request: message text is empty").body);
  }
  if (name === "sendmessage" && String(params.text).length > 4096) {
    return void response.status(400).json(refusal(400, "Bad Request: message is too long").body);
  }
  const made = METHODS[name];
  if (!made) return inSeconds(request, response, next);
  const result = await made(peer, token, params, chat);
  if (result?.status) return void response.status(result.status).json(result.body);
  response.json({ ok: true, result });
}

/** telegram-test-api tells milliseconds. */
function inSeconds(_request, response, next) {
  const json = response.json.bind(response);
  response.json = (body) => json(body?.result?.date ? { ...body, result: fixed(body.result) } : body);
  next();
}

/** As Telegram tells a message of the bot: what came as JSON in a form is JSON again. */
function fixed(message) {
  const told = Object.fromEntries(Object.entries(message).map(([key, value]) => [key, key === "text" ? value : parsed(value)]));
  return { ...told, date: Math.floor(message.date / 1000), from: { id: 666, is_bot: true, first_name: "Test" } };
}

/** What a test does as the customer, and what it sees. */
function customerSide(peer) {
  const side = express.Router();
  const does = (path, act) => side.post(path, async (request, response, next) => {
    try { response.json((await act(request.body, request)) ?? {}); } catch (error) { next(error); }
  });
  does("/says", async ({ text, more, ...who }) => {
    const message = peer.customer(who).makeMessage(text, more ?? {});
    if (text === undefined || text === null) delete message.text;
    const number = peer.messageId;
    await peer.addUserMessage(message);
    return { message_id: number };
  });
  does("/presses", async ({ data, message_id: messageId, ...who }) => {
    const message = { message_id: Number(messageId), date: seconds() };
    await peer.addUserCallback(peer.customer(who).makeCallbackQuery(data, { message }));
  });
  does("/edits", async ({ message_id: messageId, text, more, ...who }) => {
    const message = peer.customer(who).makeMessage(text, { message_id: Number(messageId), edit_date: seconds(), ...(more ?? {}) });
    await peer.addUserUpdate({ botToken: who.token, raw: { edited_message: message } });
  });
  does("/update", ({ token, raw }) => peer.addUserUpdate({ botToken: token, raw }));
  does("/keeps", ({ base64, path }) => ({ file_id: peer.keep(Buffer.from(base64, "base64"), path) }));
  does("/fault", (fault) => { peer.faults.push(fault); });
  side.get("/calls", async (request, response) => {
    const after = Number(request.query.after ?? 0);
    if (peer.calls.length <= after) await peer.either("call", Number(request.query.wait ?? ANSWERED_AT_ONCE_MS));
    response.json(peer.calls.slice(after));
  });
  side.get("/chat/:chat", (request, response) => {
    const sent = peer.storage.botMessages.filter((m) => m.botToken === request.query.token && String(m.message.chat_id) === request.params.chat);
    response.json(sent.map(({ messageId, message }) => ({ ...message, message_id: messageId })));
  });
  side.get("/waiting", (_request, response) => response.json(peer.storage.userMessages.map(Peer.shape)));
  return side;
}

const peer = new Peer(0, process.argv[3]);
const server = http.createServer(api(peer));
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
if (!process.argv[3]) process.stdin.on("end", () => process.exit(0)).resume(); // whoever started it has gone
