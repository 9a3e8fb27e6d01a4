// Keys that are pressed while a customer or a form is still on its way wait for it: "j c 2 Enter", typed in one go, logs
// the call with the next customer and not with the one that happens to be shown.

const held = [];
const keys = {};
document.dispatchEvent(new CustomEvent("keys-asked", { detail: keys }));
let walking = 0; // a row was reached and its customer is not asked for yet: the timer that gives it up
const loading = new Set(); // what is on its way: a customer, a form, or an answer that brings the next customer

const waiting = () => Boolean(walking) || loading.size > 0;
const typing = (target) => target instanceof Element && target.matches("input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!event.isTrusted || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") held.length = 0;
  if (!waiting() || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key.length !== 1 && event.key !== "Enter") return;
  const passing = !held.length && ![...loading].some((xhr) => xhr.brings !== "customer");
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

const reached = () => { clearTimeout(walking); walking = 0; };
const giveUp = (ms) => { clearTimeout(walking); walking = setTimeout(() => { reached(); replay(); }, ms); };
const stop = () => { reached(); loading.clear(); held.length = 0; };

// Waits until the answer has come and its part of the page stands; however it ends, nothing waits for ever.
function expectAnswer(xhr, brings) {
  xhr.brings = brings;
  loading.add(xhr);
  xhr.addEventListener("loadend", () => setTimeout(() => { loading.delete(xhr); replay(); }));
}

document.addEventListener("item-reached", (event) => {
  if (event.target.getAttribute("aria-current") === "true") return;
  giveUp(400);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, requestConfig, xhr } = event.detail;
  if (event.defaultPrevented && elt.matches?.("[data-item]")) return giveUp(0); // it was fetched ahead and is shown already
  if (elt.matches?.("[data-item]")) { reached(); expectAnswer(xhr, "customer"); }
  else if (requestConfig.verb === "get" && target?.id === "composer") expectAnswer(xhr, "form");
  else if (elt.matches?.("form[data-completes]") && !requestConfig.behind) expectAnswer(xhr, "next");
});
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError", "htmx:historyRestore"]) document.addEventListener(name, stop);
