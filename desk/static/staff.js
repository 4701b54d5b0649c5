// The staff's pages, live. Pages work without this; with it, nothing needs a reload.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const csrf = $('meta[name="csrf"]')?.content ?? "";
const SLOW_REFRESH = 60_000; // in case a signal was lost

// Saying things

function say(text) {
  const place = $("[data-say]");
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 60);
}

let toastTimer;
function toast(text) {
  const place = $("[data-trouble]");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (place.hidden = true), 7000);
}

// Asking the desk

function withoutFile(form) {
  if (!(form instanceof FormData)) return form;
  form.delete("file"); // an empty field: there is nothing to send
  return form;
}

async function ask(url, form) {
  const options = { headers: { "X-Desk": "1", Accept: "application/json" } };
  const body = form instanceof FormData && form.get("file")?.size ? form : form && new URLSearchParams(withoutFile(form));
  if (form) Object.assign(options, { method: "POST", body });
  if (form) options.headers["X-CSRF-Token"] = csrf;
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Error("The desk cannot be reached. Check the connection; what you wrote is kept.");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) signedOut();
  if (!response.ok) {
    throw Object.assign(new Error(answer.error ?? "That did not work. Please try again."), { status: response.status });
  }
  return answer;
}

function signedOut() {
  sessionStorage.clear();
  location.assign("/desk/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
}

// One at a time, and once more if something changed meanwhile.
function gathered(work) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) return void (again = true);
    running = true;
    try {
      do {
        again = false;
        await work();
      } while (again);
    } catch (error) {
      if (error.status !== 401) console.warn(error.message);
    } finally {
      running = false;
    }
  };
}

// Times that tick

function span(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 24) return `${hours} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function tick(root = document) {
  for (const place of $$("[data-since]", root)) {
    const text = span(Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / 1000)));
    if (place.textContent !== text) place.textContent = text;
  }
  for (const place of $$("[data-until]", root)) {
    const left = Math.floor((Date.parse(place.dataset.until) - Date.now()) / 1000);
    const text = left >= 0 ? span(left) : `${span(-left)} late`;
    if (place.textContent !== text) place.textContent = text;
    const clock = place.closest(".sla");
    if (clock && left < 0) clock.classList.add("breached");
  }
}

// News: through a worker that all tabs share, or a line of our own where there is none

function hear(onNews) {
  const dot = $("[data-live]");
  if (!dot) return;
  const show = (state) => {
    dot.classList.toggle("on", state === "on");
    dot.classList.toggle("off", state === "off");
    dot.title = state === "on" ? "Live: changes show by themselves" : "Not live just now: trying again";
  };
  const script = $("script[data-worker]").dataset.worker;
  if (window.SharedWorker) {
    const { port } = new SharedWorker(script, { name: "redress-desk" });
    port.onmessage = ({ data }) => {
      if (data.state) show(data.state);
      if (data.news) onNews(data.news);
      if (data.signedOut) signedOut();
    };
    addEventListener("pagehide", () => port.postMessage("bye"));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    return;
  }
  ownLine(show, onNews);
}

function ownLine(show, onNews) {
  const source = new EventSource("/desk/stream");
  source.onopen = () => show("on");
  source.onerror = () => {
    show("off");
    if (source.readyState === EventSource.CLOSED) setTimeout(() => ownLine(show, onNews), 3000);
  };
  source.addEventListener("news", (event) => onNews(JSON.parse(event.data)));
  source.addEventListener("signed-out", signedOut);
}

function counts(standing) {
  for (const [name, number] of Object.entries(standing ?? {})) {
    const place = $(`[data-count="${name}"]`);
    if (place) place.textContent = number;
  }
}

// Actions: forms that say what they do, busy while they do it

function actions() {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.sure && !confirm(form.dataset.sure)) return;
    const button = event.submitter ?? $("button", form);
    if (button.disabled) return;
    const given = event.submitter ? new FormData(form, event.submitter) : new FormData(form); // a disabled button tells nothing
    const screen = form.closest("[data-screen]");
    if (screen && "read" in form.dataset) given.set("seen", screen.dataset.last); // what came later is not read yet
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      const to = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
      const answer = await ask(to, given);
      if (answer.told) {
        form.reset();
        if (form.dataset.then === "reload") return location.reload();
        toast(answer.told);
        document.dispatchEvent(new Event("desk:changed"));
      } else location.assign(answer.to);
    } catch (error) {
      toast(error.message);
      document.dispatchEvent(new Event("desk:changed"));
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  });
}

// The queue

function chime() {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.connect(context.destination);
  gain.gain.setValueAtTime(0.08, context.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.7);
  for (const [start, pitch] of [[0, 660], [0.16, 880]]) {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(gain);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + 0.7);
  }
}

function queuePage(page) {
  const view = page.dataset.queue;
  const list = $("[data-list]", page);
  const sound = $("[data-sound]", page);
  const title = document.title;
  let unseen = 0;
  const waiting = () => new Set($$('[data-owner="queue"]', list).map((x) => x.dataset.conversation));
  let known = waiting();

  sound.checked = localStorage.getItem("desk:sound") === "on";
  sound.addEventListener("change", () => {
    localStorage.setItem("desk:sound", sound.checked ? "on" : "off");
    if (sound.checked) chime();
  });
  const seen = () => {
    unseen = 0;
    document.title = title;
  };
  addEventListener("focus", seen);

  function announce() {
    const arrived = $$('[data-owner="queue"]', list).filter((x) => !known.has(x.dataset.conversation));
    known = waiting();
    if (!arrived.length) return;
    for (const entry of arrived) entry.classList.add("new");
    const first = arrived[0].dataset.told;
    say(arrived.length === 1 ? `New in the queue: ${first}.` : `${arrived.length} new in the queue, first: ${first}.`);
    if (sound.checked) chime();
    if (!document.hasFocus()) document.title = `(${(unseen += arrived.length)}) ${title}`;
  }

  const refresh = gathered(async () => {
    const answer = await ask(`/desk/queue?view=${view}&teams=${page.dataset.teams}`);
    $("[data-today]", page).innerHTML = answer.today;
    const focused = list.contains(document.activeElement) ? document.activeElement.closest("[data-conversation]") : null;
    const control = focused && document.activeElement.tagName;
    list.innerHTML = answer.html;
    if (focused) $(`[data-conversation="${CSS.escape(focused.dataset.conversation)}"] ${control}`, list)?.focus();
    for (const [name, size] of Object.entries(answer.sizes)) $(`[data-size="${name}"]`, page).textContent = size;
    counts(answer.standing);
    tick(page);
    announce();
  });
  const concerns = (news) => news.k !== "typing" && (news.k !== "message" || $(`[data-conversation="${CSS.escape(news.c)}"]`, list));
  document.addEventListener("desk:changed", refresh);
  setInterval(refresh, SLOW_REFRESH);
  return (news) => concerns(news) && refresh();
}

// One conversation

function conversationPage(screen) {
  const id = screen.dataset.screen;
  const base = `/desk/conversations/${encodeURIComponent(id)}`;
  const lines = $("[data-lines]", screen);
  const scroll = $("[data-scroll]", screen);
  const newer = $("[data-newer]", screen);
  const past = "past" in screen.dataset;
  let last = Number(screen.dataset.last);
  let note = Number(screen.dataset.note);

  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight;
    newer.hidden = true;
  };
  newer.addEventListener("click", toEnd);
  scroll.addEventListener("scroll", () => atEnd() && (newer.hidden = true), { passive: true });
  if (!location.hash && !past) toEnd();

  const fetchLines = gathered(async () => {
    if (past) return;
    const answer = await ask(`${base}/messages?after=${last}&note=${note}`);
    const stayed = atEnd();
    const own = answer.authors.at(-1) === "agent";
    if (answer.last >= last && answer.html.trim()) lines.insertAdjacentHTML("beforeend", answer.html);
    screen.dataset.last = last = Math.max(last, answer.last);
    note = Math.max(note, answer.note);
    if (answer.authors.includes("customer")) {
      $("[data-typing]", screen).hidden = true;
      say("The customer wrote.");
      if (!document.hasFocus()) document.title = `● ${title}`;
    }
    if (!answer.html.trim()) return;
    if (stayed || own) toEnd();
    else newer.hidden = false;
  });
  // A line that is there already has changed: an edit, a file that has come, a delivery that failed.
  const refreshLines = gathered(async () => {
    if (past) return;
    const { html } = await ask(`${base}/messages?after=0`);
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    for (const line of $$("li[data-seq]", fresh.content)) {
      const shown = document.getElementById(line.id);
      if (shown && shown.innerHTML.trim() !== line.innerHTML.trim()) shown.innerHTML = line.innerHTML;
    }
  });
  const title = document.title;
  addEventListener("focus", () => (document.title = title));

  const fetchPieces = gathered(async () => {
    const answer = await ask(`${base}/pieces`);
    for (const name of ["head", "side"]) put(name, answer[name]);
    const fresh = document.createElement("template");
    fresh.innerHTML = answer.foot;
    // The foot changes only with the owner, so that nobody loses what they are writing.
    const mine = $('input[value="messages"]', screen) !== null;
    if (mine !== (fresh.content.querySelector('input[value="messages"]') !== null)) {
      put("foot", answer.foot);
      composer(screen, base, id, fetchLines);
    }
    tick(screen);
  });

  // A piece is put in place only when it has changed: whoever reads or clicks in it is not disturbed for nothing.
  const shown = Object.fromEntries($$("[data-piece]", screen).map((x) => [x.dataset.piece, x.innerHTML.trim()]));
  function put(name, html) {
    const piece = $(`[data-piece="${name}"]`, screen);
    if (name === "head" && $(".drop[open]", piece)) return; // somebody is filling it in
    if ($$(".corrections textarea, .corrections select", piece).some((x) => x.value)) return; // or saying what was wrong
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (fresh.innerHTML.trim() === shown[name]) return;
    shown[name] = fresh.innerHTML.trim();
    const open = $$("details", piece).map((d) => d.open);
    const top = piece.scrollTop;
    piece.innerHTML = html;
    const now = $$("details", piece);
    if (now.length === open.length) now.forEach((d, i) => (d.open = open[i]));
    piece.scrollTop = top;
  }

  const fetchRail = gathered(async () => {
    const answer = await ask(`/desk/rail?at=${encodeURIComponent(id)}`);
    $("[data-rail]", screen).innerHTML = answer.html;
    counts(answer.standing);
    tick(screen);
  });

  $$("[data-pane]", screen).forEach((button) => button.addEventListener("click", () => showPane(button.dataset.pane)));
  function showPane(name) {
    screen.classList.toggle("packet", name === "side");
    for (const b of $$("[data-pane]", screen)) b.setAttribute("aria-pressed", String(b.dataset.pane === name));
    if (name === "talk") toEnd();
  }

  // Links to evidence: show the record wherever it is, opened and marked.
  screen.addEventListener("click", (event) => {
    if (event.target.closest("[data-show-keys]")) return $("[data-keys]").showModal();
    const link = event.target.closest('a[href^="#"], a[*|href^="#"]');
    if (!link) return;
    const record = document.getElementById(decodeURIComponent((link.getAttribute("href") ?? "").slice(1)));
    if (!record) return;
    event.preventDefault();
    record.closest("details")?.setAttribute("open", "");
    showPane(record.closest(".side") ? "side" : "talk");
    record.scrollIntoView({ block: "center", behavior: "smooth" });
    record.classList.remove("flash");
    void record.offsetWidth;
    record.classList.add("flash");
    record.focus({ preventScroll: true });
  });

  composer(screen, base, id, fetchLines);
  keys(screen);
  document.addEventListener("desk:changed", () => {
    fetchPieces();
    fetchLines();
  });
  setInterval(() => {
    fetchLines();
    fetchRail();
  }, SLOW_REFRESH);

  return (news) => {
    if (news.k === "typing") return void (news.c === id && news.who === "customer" && ($("[data-typing]", screen).hidden = !news.on));
    if (news.c === id && ["changed", "file", "delivery"].includes(news.k)) refreshLines();
    if (news.k === "lost" || news.c === id) {
      fetchLines();
      if (news.k !== "message" || screen.dataset.mine !== "1") fetchPieces();
    }
    if (news.k !== "alert") fetchRail();
  };
}

function composer(screen, base, id, sent) {
  const form = $("[data-composer]", screen);
  const text = $("textarea", form);
  const hint = $("[data-hint]", screen);
  const draft = `desk:draft:${id}`;
  const mode = () => $('input[name="mode"]:checked', screen).value;
  let typing = false;
  let toldAt = 0; // it is told again while it lasts: for whoever is gone it runs out
  let idle;
  let failed = null; // sent again with its own id, it is stored once
  let next = false; // the next is to follow as soon as this one has arrived

  text.value = sessionStorage.getItem(draft) ?? "";
  const tellTyping = (on) => {
    const again = on && Date.now() - toldAt > 3000;
    if ((typing === on && !again) || (on && mode() !== "messages")) return;
    typing = on;
    toldAt = Date.now();
    ask(`${base}/typing`, { on: on ? "1" : "0" }).catch(() => {});
  };
  text.addEventListener("input", () => {
    sessionStorage.setItem(draft, text.value);
    tellTyping(text.value.trim() !== "");
    clearTimeout(idle);
    idle = setTimeout(() => tellTyping(false), 4000);
  });
  for (const radio of $$('input[name="mode"]', screen)) {
    radio.addEventListener("change", () => {
      form.setAttribute("action", `${base}/${mode()}`);
      text.placeholder = mode() === "notes" ? "Only colleagues see this note" : "Write to the customer";
      text.focus();
    });
  }
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key === "Escape") text.blur();
  });
  const file = $("[data-file]", form);
  const chosen = $("[data-chosen]", form);
  const showChosen = () => {
    if (!chosen) return;
    chosen.textContent = file.files[0]?.name ?? "";
    chosen.hidden = !file.files.length;
  };
  file?.addEventListener("change", showChosen);
  const saved = $("[data-saved]", form);
  saved?.addEventListener("change", () => {
    if (!saved.value) return;
    text.value = text.value.trim() ? `${text.value.trimEnd()} ${saved.value}` : saved.value;
    saved.selectedIndex = 0;
    text.dispatchEvent(new Event("input"));
    text.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = $("button", form);
    const words = text.value.trim();
    const kind = mode();
    const attached = kind === "messages" ? file?.files[0] : null;
    if (!words && !attached) return;
    if (button.disabled) return void (next = true);
    const again = failed?.words === words && failed.kind === kind && failed.attached === attached;
    const id = again ? failed.id : crypto.randomUUID();
    button.disabled = true;
    clearTimeout(idle);
    // The field is free at once. What is begun while this is on its way stays what it is: no note becomes a reply.
    text.value = "";
    const untouched = () => mode() === kind && !text.value;
    try {
      const sending = new FormData();
      sending.set("text", words);
      sending.set("id", id);
      if (attached) sending.set("file", attached);
      await ask(`${base}/${kind}`, sending);
      if (attached && file.files[0] === attached) file.value = "";
      showChosen();
      failed = null;
      hint.textContent = "";
      if (!text.value) sessionStorage.removeItem(draft);
      if (kind === "notes" && untouched()) $('input[value="messages"]', screen)?.click();
    } catch (error) {
      failed = { words, kind, id, attached };
      next = false;
      toast(untouched() ? error.message : `${error.message} Not sent: “${words}”`);
      if (untouched()) text.value = words;
      hint.textContent = "Not sent";
      if (error.status === 409) document.dispatchEvent(new Event("desk:changed"));
    } finally {
      tellTyping(false);
      button.disabled = false;
      text.focus();
      sent();
      if (next) form.requestSubmit();
      next = false;
    }
  });
}

function keys(screen) {
  const writing = (target) => target.closest("input, textarea, select, dialog");
  const choose = (value) => {
    const radio = $(`input[name="mode"][value="${value}"]`, screen);
    if (radio && !radio.checked) radio.click();
    $("#words", screen).focus();
  };
  const step = (by) => {
    const chats = $$(".chat", screen);
    const here = chats.findIndex((x) => x.hasAttribute("aria-current"));
    chats.at((here + by + chats.length) % chats.length)?.click();
  };
  addEventListener("keydown", (event) => {
    if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      const chat = $(`[data-nth="${event.code.slice(5)}"]`, screen);
      if (chat) event.preventDefault();
      return void chat?.click();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    const does = {
      r: () => choose("messages"),
      n: () => choose("notes"),
      j: () => step(1),
      k: () => step(-1),
      q: () => location.assign("/desk"),
      o: () => $("#options", screen)?.scrollIntoView({ block: "start", behavior: "smooth" }),
      "?": () => $("[data-keys]").showModal(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
}

// What is offered, and how one stands

const fetchOffer = gathered(async () => {
  const place = $("[data-offer]");
  if (!$("[data-presence]")) return;
  const answer = await ask("/desk/offer");
  const pages = $("[data-pages]");
  const before = $$("[data-page]", pages).length;
  pages.innerHTML = answer.pages;
  tick(pages);
  if ($$("[data-page]", pages).length > before) chime();
  const shown = $("[data-offer-id]", place)?.dataset.offerId ?? null;
  if (String(answer.offer ?? "") === String(shown ?? "")) return;
  place.innerHTML = answer.html;
  tick(place);
  if (!answer.offer) return;
  say("A conversation is offered to you.");
  if (localStorage.getItem("desk:sound") === "on") chime();
});

function presence() {
  const form = $("[data-presence]");
  const choice = $("select", form ?? document.createElement("form"));
  choice?.addEventListener("change", async () => {
    try {
      await ask("/desk/presence", new FormData(form));
      choice.className = choice.value;
      say(`You are ${choice.value}.`);
    } catch (error) {
      toast(error.message);
    }
  });
}

// Other pages keep their counts

const onlyCounts = gathered(async () => counts((await ask("/desk/rail")).standing));

function start() {
  actions();
  $('form[action="/desk/sign-out"]')?.addEventListener("submit", () => sessionStorage.clear());
  const queue = $("[data-queue]");
  const screen = $("[data-screen]");
  const onNews = queue ? queuePage(queue) : screen ? conversationPage(screen) : (news) => /queue|owner|alert/.test(news.k) && onlyCounts();
  presence();
  tick(); // after the pages have seen what the server sent
  setInterval(tick, 1000);
  hear((news) => {
    if (/^(offer|alert|lost)$/.test(news.k)) fetchOffer();
    onNews(news);
  });
}

start();
