// The keyboard: keys declared on controls (data-key), lists walked by j and k, the list of keys, the command palette.
// A control says its own key; this file knows none of them. Without it every control still works by mouse and Tab.

const root = document.documentElement;
const visible = (element) => !element.disabled && element.getClientRects().length > 0;
const typing = (target) => target instanceof Element && target.matches("input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]");
const openDialog = () => [...document.querySelectorAll("dialog[open]")].at(-1);
// A radio button keeps the focus, so that Enter saves what is chosen and arrows go on from there.
const press = (control) => control.matches("input[type=radio]") ? (control.focus(), control.click()) : (control.matches("input:not([type=checkbox],[type=radio],[type=submit]), textarea, select") ? (control.focus(), control.select?.()) : control.click());
const wordsOf = (control) => (control.dataset.keyLabel ?? control.getAttribute("aria-label") ?? textOf(control)).trim();

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
document.addEventListener("htmx:load", (event) => {
  for (const element of event.detail.elt.querySelectorAll?.("[data-needs-script]") ?? []) element.hidden = false;
});

function textOf(control) {
  const copy = control.cloneNode(true);
  for (const hidden of copy.querySelectorAll(".keys, svg, kbd")) hidden.remove();
  return copy.textContent.replace(/\s+/g, " ");
}

function keyOf(event) {
  const modified = event.ctrlKey || event.metaKey;
  return (modified ? "mod+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

function controlFor(key) {
  const scope = openDialog() ?? document;
  const found = [...scope.querySelectorAll("[data-key]")].filter((control) => control.dataset.key === key);
  return found.find(visible) ?? found.find((control) => control.closest("details:not([open])"));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const key = keyOf(event);
  if (key === "Escape") return leave(event);
  if (key === "mod+Enter" && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(); return; }
  const single = !key.startsWith("mod+");
  if (single && (typing(event.target) || root.dataset.shortcuts === "off")) return;
  if (key.startsWith("mod+") && event.shiftKey) return;
  if (walk(event, key)) return;
  const control = controlFor(key);
  if (control) { event.preventDefault(); press(control); }
});

// Esc: first a closed menu, then out of a field, then back to the row the person came from. Dialogs close by themselves.
function leave(event) {
  if (openDialog()) return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
  const closer = document.querySelector("[data-escape]");
  if (closer && visible(closer)) { event.preventDefault(); closer.click(); return; }
  const current = document.querySelector("[data-list] [data-item][aria-selected=true], [data-list] [data-item][tabindex='0']");
  if (current && current !== document.activeElement) { event.preventDefault(); current.focus(); return; }
  if (typing(event.target)) event.target.blur();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

// --- lists: [data-list] holds [data-item]; one item has tabindex 0, j/k and arrows move it, Enter opens its link ------

const itemsOf = (list) => [...list.querySelectorAll("[data-item]")].filter(visible);

function walk(event, key) {
  if (openDialog()) return false;
  const inList = event.target.closest?.("[data-list]");
  const steps = { j: 1, k: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity } : {}) };
  const list = inList ?? document.querySelector("[data-list]");
  if (!list) return false;
  const items = itemsOf(list);
  if (key in steps && items.length) {
    event.preventDefault();
    const at = items.findIndex((item) => item.contains(document.activeElement) || item.tabIndex === 0);
    const started = items.some((item) => item.contains(document.activeElement));
    const to = started ? Math.min(Math.max(at + steps[key], 0), items.length - 1) : Math.max(at, 0);
    const moved = steps[key] === Infinity ? items.length - 1 : steps[key] === -Infinity ? 0 : to;
    select(list, items[moved]);
    return true;
  }
  const item = event.target.closest?.("[data-item]");
  if (key === "Enter" && item === event.target && !item.matches("a, button")) {
    const link = item.querySelector("a[href]");
    if (link) { event.preventDefault(); link.click(); return true; }
  }
  if (key === "x" && item) {
    const box = item.querySelector("input[type=checkbox]");
    if (box) { event.preventDefault(); box.click(); return true; }
  }
  return false;
}

function select(list, item) {
  for (const other of itemsOf(list)) other.tabIndex = other === item ? 0 : -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  item.dispatchEvent(new CustomEvent("item-reached", { bubbles: true }));
}

document.addEventListener("focusin", (event) => {
  const item = event.target.closest?.("[data-item]");
  const list = item?.closest("[data-list]");
  if (list) for (const other of itemsOf(list)) other.tabIndex = other === item ? 0 : -1;
});

// --- dialogs ---------------------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog && !dialog.open) { event.preventDefault(); opener.closest("details[data-menu]")?.removeAttribute("open"); prepare(dialog); dialog.showModal(); }
  }
  const closer = event.target.closest?.("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && !event.target.matches("[data-keep]")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

function prepare(dialog) {
  const keys = dialog.querySelector("[data-key-list]");
  if (keys) fillKeys(keys);
  if (dialog.matches(".palette")) { dialog.querySelector("input").value = ""; fillPalette(dialog, ""); }
}

const shown = (key) => key.replace("mod", navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl").split("+");

function fillKeys(place) {
  const seen = new Map();
  for (const control of document.querySelectorAll("[data-key]")) {
    if (control.closest("dialog") || seen.has(control.dataset.key)) continue;
    if (visible(control) || control.closest("details:not([open])")) seen.set(control.dataset.key, wordsOf(control));
  }
  const rows = [...seen].map(([key, words]) => [shown(key), words]);
  if (document.querySelector("[data-list]")) {
    const list = document.querySelector("[data-list]");
    rows.unshift([["j", "k"], list.dataset.walkLabel ?? "Next and previous row"], [["Enter"], list.dataset.openLabel ?? "Open the row"], [["Esc"], list.dataset.backLabel ?? "Back to the row"]);
  }
  place.replaceChildren(...rows.flatMap(([keys, words]) => [keyTerm(keys), Object.assign(document.createElement("dd"), { textContent: words })]));
}

function keyTerm(keys) {
  const term = document.createElement("dt");
  const group = Object.assign(document.createElement("span"), { className: "keys" });
  group.append(...keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
  term.append(group);
  return term;
}

// --- palette: every place of the menu and every control with a key, found by its words -------------------------------

let commands = [];

function fillPalette(dialog, query) {
  const wanted = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const controls = [...document.querySelectorAll("[data-place], [data-key]")]
    .filter((control) => !control.closest("dialog") && control.dataset.dialogOpen !== "palette");
  const named = controls.map((control) => ({ control, words: wordsOf(control), key: control.dataset.key }));
  commands = named.filter((command) => wanted.every((part) => command.words.toLowerCase().includes(part)));
  const list = dialog.querySelector("[role=listbox]");
  list.replaceChildren(...commands.map((command, index) => option(command, index)));
  dialog.querySelector(".palette-none").hidden = commands.length > 0;
  mark(dialog, 0);
}

function option(command, index) {
  const item = Object.assign(document.createElement("li"), { className: "menu-item", id: `palette-${index}`, textContent: command.words });
  item.setAttribute("role", "option");
  item.addEventListener("click", () => run(item.closest("dialog"), index));
  if (command.key) {
    const keys = Object.assign(document.createElement("span"), { className: "keys" });
    keys.setAttribute("aria-hidden", "true");
    keys.append(...shown(command.key).map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
    item.append(keys);
  }
  return item;
}

function mark(dialog, index) {
  const options = [...dialog.querySelectorAll("[role=option]")];
  dialog.dataset.at = String(index);
  for (const [i, item] of options.entries()) item.setAttribute("aria-selected", String(i === index));
  options[index]?.scrollIntoView({ block: "nearest" });
  dialog.querySelector("input").setAttribute("aria-activedescendant", options[index]?.id ?? "");
}

function run(dialog, index) {
  const command = commands[index];
  dialog.close();
  if (command) setTimeout(() => press(command.control));
}

const palette = document.getElementById("palette");
palette?.addEventListener("input", (event) => fillPalette(palette, event.target.value));
palette?.addEventListener("keydown", (event) => {
  const at = Number(palette.dataset.at ?? 0);
  const last = Math.max(commands.length - 1, 0);
  if (event.key === "ArrowDown") { event.preventDefault(); mark(palette, Math.min(at + 1, last)); }
  if (event.key === "ArrowUp") { event.preventDefault(); mark(palette, Math.max(at - 1, 0)); }
  if (event.key === "Enter") { event.preventDefault(); run(palette, at); }
});
