// Keys that are pressed while a customer or a form is still on its way wait for it: "j c 2 Enter", typed in one go, logs
// the call with the next customer and not with the one that happens to be shown.

const held = [];
const keys = {};
document.dispatchEvent(new CustomEvent("keys-asked", { detail: keys }));
let walking = false; // a row was reached, its customer is not shown yet
let composing = false; // a form was asked for
let posting = false; // something was saved, and the next customer comes with the answer

const waiting = () => walking || composing || posting;
const typing = (target) => target instanceof Element && target.matches("input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!event.isTrusted || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") held.length = 0;
  if (!waiting() || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key.length !== 1 && event.key !== "Enter") return;
  const passing = !held.length && !composing && !posting;
  if (passing && (event.key === "Enter" || ["j", "k", "z", "?", "/"].includes(keys.usualOf(event.key.toLowerCase())))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held.push(event.key);
}, true);

function replay() {
  while (held.length && !waiting()) {
    const key = held.shift();
    const target = document.activeElement ?? document.body;
    if (key === "Enter" && target.form && !target.matches("textarea, button")) target.form.requestSubmit();
    else if (key === "Enter" && target.matches("button, a")) target.click();
    else if (typing(target) && target.setRangeText) {
      target.setRangeText(key === "Enter" ? "\n" : key, target.selectionStart ?? 0, target.selectionEnd ?? 0, "end");
      target.dispatchEvent(new Event("input", { bubbles: true }));
    } else target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}

const go = () => setTimeout(replay); // after the focus was placed
const stop = () => { walking = composing = posting = false; held.length = 0; };

document.addEventListener("item-reached", (event) => { if (event.target.getAttribute("aria-current") !== "true") walking = true; });
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, requestConfig } = event.detail;
  if (requestConfig.verb === "get" && target?.id === "composer") composing = true;
  if (elt.matches?.("form[data-completes]") && !requestConfig.behind) posting = true;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "panel" && !event.detail.requestConfig?.behind) walking = posting = false;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id === "composer") composing = posting = false;
  if (!waiting()) go();
});
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort", "htmx:responseError", "htmx:historyRestore"]) document.addEventListener(name, stop);
