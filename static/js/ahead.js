// One step ahead on the worklist: the next customer is fetched before it is asked for and shown at once; what was saved
// settles behind it. When the server refuses, the customer, the form and its text come back, with the server's words.

const FRESH_MS = 45_000;
const AGAIN_MS = 15_000;
const kept = new Map(); // address -> { at, html }
const sent = new Map(); // request -> what was left for it
let soon = 0;

const panel = () => document.getElementById("panel");
const rowsLeft = () => [...document.querySelectorAll("#worklist [data-item]")].filter((row) => !row.closest("[hidden]"));
const customerShown = () => panel()?.querySelector("[data-customer]")?.dataset.customer;
const rowOf = (customer) => document.getElementById(`row-${customer}`)?.querySelector("[data-item]");
const address = (row) => new URL(row.getAttribute("href"), location.href).href;
const fresh = (url, ms = FRESH_MS) => { const found = kept.get(url); return found && Date.now() - found.at < ms ? found.html : null; };

// The row after the one that is shown, leaving out what a colleague has taken; at the end the first one again.
function following(customer) {
  const rows = rowsLeft();
  const at = rows.findIndex((row) => row === rowOf(customer));
  const free = (row) => !row.closest("[data-taken]") && row !== rowOf(customer);
  return rows.slice(at + 1).find(free) ?? rows.slice(0, Math.max(at, 0)).find(free) ?? null;
}

async function fetchAhead(ms) {
  const row = customerShown() && following(customerShown());
  if (!row || document.hidden || fresh(address(row), ms)) return;
  const url = address(row);
  const headers = { "HX-Request": "true", "HX-Target": "panel", "HX-Current-URL": location.href, Purpose: "prefetch" };
  const answer = await fetch(url, { headers, credentials: "same-origin", priority: "low" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  for (const [old, page] of kept) if (Date.now() - page.at > FRESH_MS) kept.delete(old);
  kept.set(url, { at: Date.now(), html: await answer.text() });
}

const ahead = (ms = FRESH_MS) => { clearTimeout(soon); soon = setTimeout(() => fetchAhead(ms), 120); };

function go(url) {
  history.replaceState({ htmx: true }, "", location.href); // so that Back finds its way, as after htmx's own steps
  history.pushState({ htmx: true }, "", url);
}

function show(html, url, elt) {
  go(url);
  const eventInfo = { target: panel(), requestConfig: { elt }, ahead: true };
  window.htmx.swap(panel(), html, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 }, { eventInfo, contextElement: elt });
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  if (elt.matches?.("#worklist [data-item]")) {
    const html = fresh(address(elt));
    if (!html) return;
    event.preventDefault();
    kept.delete(address(elt));
    show(html, address(elt), elt);
  } else if (elt.matches?.("form[data-completes]") && requestConfig.verb === "post") {
    const left = elt.closest("[data-left-behind]");
    if (left) sent.set(xhr, { ...left.leaving, holder: left }); else leave(elt, xhr);
    requestConfig.behind = sent.has(xhr); // its answer changes nothing of what is shown by then
    if (requestConfig.behind) xhr.setRequestHeader("X-Shown-Ahead", "1"); // so the server need not draw the next customer
  }
});

// The form was sent: what was shown waits out of sight for the answer, and the next customer is there already.
function leave(form, xhr) {
  const customer = customerShown();
  const row = customer && following(customer);
  const html = row && fresh(address(row));
  if (!html || !form.closest("#panel")) return;
  const holder = Object.assign(document.createElement("div"), { hidden: true });
  holder.dataset.leftBehind = customer;
  const leaving = { customer, next: row.closest("li").id.replace("row-", ""), url: location.href, name: panel().querySelector("#account-name")?.textContent ?? "" };
  holder.leaving = leaving;
  document.body.append(holder);
  holder.append(...panel().childNodes);
  rowOf(customer)?.closest("li").toggleAttribute("hidden", true);
  const left = { ...leaving, holder, taken: false };
  const { wordssaving = "", wordstaking = "" } = document.body.dataset;
  const wish = () => { left.taken = true; left.toast.querySelector(".toast-text").textContent = wordstaking.replace("%s", left.name); };
  const detail = { text: wordssaving.replace("%s", leaving.name), wish };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
  left.toast = detail.shown;
  sent.set(xhr, left);
  kept.delete(address(row));
  show(html, address(row), form);
}

const refused = (xhr) => xhr.status === 0 || xhr.status >= 400;

// Back to the customer that was left, unless the person has begun something at the next one: then a message leads back.
function comeBack(left) {
  document.getElementById(`row-${left.customer}`)?.removeAttribute("hidden");
  const busy = customerShown() !== left.next || panel().querySelector("#composer form");
  const back = () => {
    if (!left.holder.isConnected) return;
    panel().replaceChildren(...left.holder.childNodes);
    left.holder.remove();
    history.replaceState({ htmx: true }, "", left.url);
    document.dispatchEvent(new CustomEvent("customer-shown", { detail: { customer: left.customer } }));
    panel().querySelector("#composer .error-summary, #composer [data-focus], #composer input, #composer textarea")?.focus();
  };
  if (!busy) return back();
  const { wordsnotsaved = "", wordsback = "" } = document.body.dataset;
  const detail = { text: wordsnotsaved.replace("%s", left.name), tone: "error", back: { words: wordsback, go: back } };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const left = sent.get(event.detail.xhr);
  left?.toast?.remove(); // the server's own words follow
  if (left && refused(event.detail.xhr)) comeBack(left);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const left = sent.get(xhr);
  if (!left) return;
  if (!refused(xhr)) event.detail.swapOverride = "none"; // out-of-band parts are still swapped
  else if (left.holder.isConnected && event.detail.target?.id === "composer") event.detail.target = left.holder.querySelector("#composer") ?? event.detail.target;
});

document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  if (sent.has(event.detail.xhr)) Object.assign(event.detail.history, { type: "replace", path: location.pathname + location.search });
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"]) document.addEventListener(name, (event) => {
  const left = sent.get(event.detail.xhr);
  left?.toast?.remove();
  if (left) comeBack(left);
  sent.delete(event.detail.xhr);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const left = sent.get(event.detail.xhr);
  if (!left || event.detail.xhr.status === 0) return; // no answer: the next event has the word
  sent.delete(event.detail.xhr);
  if (refused(event.detail.xhr)) return;
  left.holder.remove();
  document.getElementById(`row-${left.customer}`)?.remove();
  if (left.taken) { [...document.querySelectorAll("#toasts [data-undo]")].at(-1)?.requestSubmit(); return; }
  if (!rowsLeft().length) document.dispatchEvent(new CustomEvent("list-worked"));
});

// Fetch ahead when a customer is shown, and once more while somebody types, so that the page is not minutes old.
document.addEventListener("htmx:afterSwap", (event) => { if (["panel", "worklist", "main"].includes(event.detail.target?.id)) ahead(); });
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.elt?.id === "composer") ahead(AGAIN_MS); });
document.addEventListener("input", (event) => { if (event.target.form?.matches("[data-completes]")) ahead(AGAIN_MS); });
// Whatever changes something may change what was fetched ahead.
document.addEventListener("taken-back", () => kept.clear());
ahead();
