// Labelling without the mouse. Everything works without this too.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const writing = (target) => target.matches('input[type="search"], textarea, select') || target.closest("dialog");

function moves(list) {
  const links = () => $$(".entry a", list);
  return (by) => {
    const all = links();
    const here = all.indexOf(document.activeElement);
    all.at(here < 0 ? 0 : (here + by + all.length) % all.length)?.focus();
  };
}

function help(form) {
  const place = $("[data-help-place]", form);
  const usual = place.innerHTML;
  const show = (event) => {
    const chip = event.target.closest(".chip");
    if (chip?.dataset.help) place.textContent = `${$("span", chip).textContent}. ${chip.dataset.help}`;
    else place.innerHTML = usual;
  };
  form.addEventListener("mouseover", show);
  form.addEventListener("focusin", show);
}

function finder(form) {
  const field = $("[data-find]", form);
  const chips = $$(".chip", form);
  const found = () => {
    const asked = field.value.trim().toLowerCase();
    if (!asked) return [];
    const starts = chips.filter((c) => c.dataset.name.startsWith(asked));
    return [...starts, ...chips.filter((c) => !starts.includes(c) && c.dataset.name.includes(asked))];
  };
  field.addEventListener("input", () => {
    const [first] = found();
    for (const chip of chips) chip.classList.toggle("found", chip === first);
    if (first?.dataset.help) $("[data-help-place]", form).textContent = `${$("span", first).textContent}. ${first.dataset.help}`;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return field.blur();
    if (event.key !== "Enter") return;
    event.preventDefault();
    const [first] = found();
    if (!first) return;
    $("input", first).click();
    first.classList.remove("found");
    field.value = "";
  });
  return field;
}

function labelling(form) {
  const field = finder(form);
  help(form);
  const press = (key) => $(`[data-key="${key}"]`, form).click();
  const go = (selector) => $(selector)?.click();
  return {
    a: () => press("a"),
    r: () => press("r"),
    s: () => press("s"),
    n: () => go("[data-next]"),
    l: () => go(".acts a"),
    "/": () => field.focus(),
    ...Object.fromEntries([0, 1, 2, 3].map((n) => [String(n), () => $(`input[name="level"][value="${n}"]`, form).click()])),
  };
}

const list = $("[data-review-list]");
const form = $("[data-labels]");
const step = list && moves(list);
const does = form ? labelling(form) : { j: () => step(1), k: () => step(-1) };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || !does[event.key]) return;
  event.preventDefault();
  does[event.key]();
});
