// The keyboard: keys declared on controls (data-key), lists walked by j and k, dialogs, the list of keys.
// A control says its usual key; this file knows none of them. Without it every control still works by mouse and Tab.

const root = document.documentElement;
const visible = (element) => !element.disabled && element.getClientRects().length > 0;
const typing = (target) => target instanceof Element && target.matches("input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]");
const openDialog = () => [...document.querySelectorAll("dialog[open]")].at(-1);
// A radio button keeps the focus, so that Enter saves what is chosen and arrows go on from there.
const press = (control) => control.matches("input[type=radio]") ? (control.focus(), control.click()) : (control.matches("input:not([type=checkbox],[type=radio],[type=submit]), textarea, select") ? (control.focus(), control.select?.()) : control.click());
// Usual key -> the person's own key, "" where it is off. Everything below speaks of usual keys.
const own = JSON.parse(root.dataset.keys || "{}");
const usualOf = (pressed) => Object.keys(own).find((usual) => own[usual] === pressed) ?? (pressed in own ? null : pressed);
const ownOf = (usual) => own[usual] ?? usual;
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
  if (event.altKey && !modified && event.code.startsWith("Key")) return `alt+${event.code.slice(3).toLowerCase()}`;
  return (modified ? "mod+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

// The hints on the controls show the person's own keys, also on what is swapped in later.
function showOwnKeys(scope) {
  const controls = [...scope.querySelectorAll("[data-key]"), ...(scope.matches?.("[data-key]") ? [scope] : [])];
  for (const control of controls) {
    if (!(control.dataset.key in own)) continue;
    const hint = control.querySelector(".keys") ?? control.parentElement.querySelector(":scope > .keys");
    if (!hint) continue;
    if (own[control.dataset.key]) hint.replaceChildren(...shown(control.dataset.key).map(keyCap)); else hint.remove();
  }
}

function controlFor(key) {
  const scope = openDialog() ?? document;
  const found = [...scope.querySelectorAll("[data-key]")].filter((control) => control.dataset.key === key);
  const undo = found.filter((control) => control.closest("[data-toast]")).at(-1); // of several messages the newest
  return undo ?? found.find(visible) ?? found.find((control) => control.closest("details:not([open])"));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const pressed = keyOf(event);
  const key = usualOf(pressed);
  if (key === null || (event.altKey && key === pressed)) return;
  if (key === "Escape") return leave(event);
  if (key === "mod+Enter" && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(); return; }
  const single = !key.startsWith("mod+");
  if (single && ((typing(event.target) && !pressed.startsWith("alt+")) || root.dataset.shortcuts === "off")) return;
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
  // Somebody who types elsewhere, in the search say, means that field, not what is open.
  const elsewhere = (closer) => typing(event.target) && !closer.closest("section, form")?.contains(event.target);
  const closer = document.querySelector("[data-escape]");
  if (closer && visible(closer) && !elsewhere(closer)) { event.preventDefault(); closer.click(); return; }
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
  const item = event.target.closest?.("[data-item]") ?? (key === "x" ? items.find((row) => row.tabIndex === 0) : null);
  if (key === "Enter" && item === event.target && !item.matches("a, button")) {
    const link = item.querySelector("a[href]");
    if (link) { event.preventDefault(); link.click(); return true; }
  }
  if (key === "x" && item) {
    const box = (item.closest("li, tr") ?? item).querySelector("input[type=checkbox]");
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
  dialog.dispatchEvent(new CustomEvent("opening"));
}

const shown = (key) => ownOf(key).replace("mod", navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl").replace("alt", "Alt").split("+").filter(Boolean);
const keyCap = (key) => Object.assign(document.createElement("kbd"), { textContent: key });

function fillKeys(place) {
  const seen = new Map();
  for (const control of document.querySelectorAll("[data-key]")) {
    if (control.closest("dialog") || seen.has(control.dataset.key) || !ownOf(control.dataset.key)) continue;
    if (visible(control) || control.closest("details:not([open])")) seen.set(control.dataset.key, wordsOf(control));
  }
  const rows = [...seen].map(([key, words]) => [shown(key), words]);
  const list = document.querySelector("[data-list]");
  if (list) {
    rows.unshift([[...shown("j"), ...shown("k")], list.dataset.walkLabel ?? "Next and previous row"], [["Enter"], list.dataset.openLabel ?? "Open the row"], [["Esc"], list.dataset.backLabel ?? "Back to the row"]);
    if (list.querySelector("[data-item] input[type=checkbox], li > input[type=checkbox], li label input[type=checkbox]")) rows.splice(3, 0, [shown("x"), list.dataset.selectLabel ?? "Select the row"]);
  }
  place.replaceChildren(...rows.flatMap(([keys, words]) => [keyTerm(keys), Object.assign(document.createElement("dd"), { textContent: words })]));
}

function keyTerm(keys) {
  const term = document.createElement("dt");
  const group = Object.assign(document.createElement("span"), { className: "keys" });
  group.append(...keys.map(keyCap));
  term.append(group);
  return term;
}

if (Object.keys(own).length) {
  showOwnKeys(document);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node instanceof Element && !node.matches("kbd, .keys")) showOwnKeys(node);
  }).observe(document.body, { childList: true, subtree: true });
}

// The page of the keys: what is pressed in a field is written there.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-key-capture]") || event.ctrlKey || event.metaKey) return;
  const pressed = keyOf(event);
  if (pressed.length !== 1 && !pressed.startsWith("alt+")) return;
  if (pressed === " ") return;
  event.preventDefault();
  field.value = pressed;
  field.select();
});

// --- for the palette -------------------------------------------------------------------------------------------------

document.addEventListener("keys-asked", (event) => {
  Object.assign(event.detail, { wordsOf, press, usualOf, caps: (key) => shown(key).map(keyCap), on: (key) => Boolean(ownOf(key)) });
});
