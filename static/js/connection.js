// The line to the server. When it is cut or slow a bar says so and stays; nothing is queued or lost in silence: the form
// keeps its text, and "Try again" sends it. A form carries a number of its own, so that the server saves it once only.

const SLOW_MS = 4000;
const ASK_MS = 500; // doubled each time, up to:
const ASK_MOST_MS = 5000;
const bar = document.getElementById("connection");
const waiting = new Map(); // request -> timer
const missed = new Map(); // what could not be fetched -> its address
const tries = new WeakMap(); // and how often: what fails although the server answers is not asked for without end
const TRIES = 3;
let unsent = null; // the form that was being sent when the line broke
let asking = 0;

function show(state) {
  if (!bar || bar.dataset.state === state) return;
  const shown = state === "back" && unsent?.isConnected ? "resend" : state;
  bar.dataset.state = state;
  bar.hidden = !state;
  bar.querySelector(".connection-text").textContent = bar.dataset[shown] ?? "";
  bar.querySelector("[data-try-again]").hidden = !(state === "down" || shown === "resend");
  if (state) document.dispatchEvent(new CustomEvent("announce", { detail: { text: bar.dataset[shown] } }));
  clearTimeout(asking);
  if (state === "down") asking = setTimeout(ask, ASK_MS, ASK_MS);
  if (shown === "back") setTimeout(() => { if (bar.dataset.state === "back") show(""); }, 4000);
}

async function ask(waited) {
  clearTimeout(asking);
  const answer = document.hidden ? null : await fetch("/healthz", { cache: "no-store", credentials: "omit" }).catch(() => null);
  if (bar.dataset.state !== "down") return;
  if (answer?.ok) return recovered();
  const wait = Math.min(waited * 2, ASK_MOST_MS);
  clearTimeout(asking);
  asking = setTimeout(ask, wait, wait);
}

function recovered() {
  show("back");
  fetchMissed(); // a look around changes nothing, so it is taken up again by itself
}

function fetchMissed() {
  const again = [...missed];
  missed.clear();
  for (const [element, address] of again) {
    if (!element.isConnected) continue;
    if (element.matches("a")) element.click();
    else window.htmx.ajax("GET", address, { source: element });
  }
}

function send() {
  const form = unsent;
  unsent = null;
  if (!form?.isConnected && !missed.size) return ask(ASK_MS);
  show("");
  if (form?.isConnected) form.requestSubmit();
  fetchMissed();
}

function failed(event) {
  const { elt, requestConfig } = event.detail;
  if (elt.matches("form")) unsent = elt;
  else if (requestConfig.verb === "get") {
    // Of several places somebody wanted to go to, the last one counts.
    if (elt.matches("a")) for (const other of missed.keys()) if (other.matches("a")) missed.delete(other);
    tries.set(elt, (tries.get(elt) ?? 0) + 1);
    if (tries.get(elt) <= TRIES) missed.set(elt, requestConfig.path); else missed.delete(elt);
  }
  bar.dataset.state = "";
  show("down");
}

function finished(xhr) {
  clearTimeout(waiting.get(xhr));
  waiting.delete(xhr);
  if (!waiting.size && bar?.dataset.state === "slow") show("");
}

// Each form that acts says which sending it is: an answer that got lost must not make a second call of one.
const number = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, "0")).join("");
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt;
  if (form.matches?.("form[data-act]") && event.detail.verb === "post") event.detail.parameters.once = form.dataset.once ??= number();
});

document.addEventListener("htmx:beforeSend", (event) => {
  const { elt, xhr } = event.detail;
  if (elt.matches?.("form")) elt.setAttribute("aria-busy", "true");
  xhr.addEventListener("loadend", () => finished(xhr)); // also when what asked is gone from the page by then
  waiting.set(xhr, setTimeout(() => { if (bar?.dataset.state !== "down") show("slow"); }, SLOW_MS));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const sender = event.detail.requestConfig?.elt ?? event.detail.elt; // the event may come from further up
  sender.removeAttribute?.("aria-busy");
  if (event.detail.xhr.status === 0) return;
  if (unsent === sender) unsent = null;
  missed.delete(sender);
  tries.delete(sender);
  if (bar?.dataset.state !== "down") return;
  if (unsent?.isConnected || missed.size) recovered(); else show("");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);
window.addEventListener("offline", () => show("down"));
window.addEventListener("online", () => ask(ASK_MS));
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-try-again]")) send();
  if (event.target.closest?.("[data-connection-close]")) show("");
});
