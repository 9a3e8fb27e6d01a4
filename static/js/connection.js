// The line to the server. When it is cut or slow a bar says so and stays; nothing is queued or lost in silence: the form
// keeps its text, and "Try again" sends it. A form carries a number of its own, so that the server saves it once only.

const SLOW_MS = 4000;
const ASK_MS = 5000;
const bar = document.getElementById("connection");
const waiting = new Map(); // request -> timer
let cut = null; // what was being sent or fetched when the line broke
let asking = 0;

function show(state) {
  if (!bar || bar.dataset.state === state) return;
  const shown = state === "back" && cut?.matches?.("form") && cut.isConnected ? "resend" : state;
  bar.dataset.state = state;
  bar.hidden = !state;
  bar.querySelector(".connection-text").textContent = bar.dataset[shown] ?? "";
  bar.querySelector("[data-try-again]").hidden = !(state === "down" || shown === "resend");
  if (state) document.dispatchEvent(new CustomEvent("announce", { detail: { text: bar.dataset[shown] } }));
  clearInterval(asking);
  if (state === "down") asking = setInterval(ask, ASK_MS);
  if (shown === "back") setTimeout(() => { if (bar.dataset.state === "back") show(""); }, 4000);
}

async function ask() {
  if (document.hidden) return;
  const answer = await fetch("/healthz", { cache: "no-store", credentials: "omit" }).catch(() => null);
  if (!answer?.ok || bar.dataset.state !== "down") return;
  show("back");
  if (cut && !cut.matches("form")) send(); // a look around changes nothing, so it is taken up again by itself
}

function send() {
  const element = cut;
  cut = null;
  if (element?.isConnected && element.matches("form")) element.requestSubmit();
  else if (element?.isConnected) element.click();
  else ask();
}

function failed(event) {
  const { elt } = event.detail;
  if (!cut?.isConnected || !cut.matches("form") || elt.matches("form")) cut = elt; // an unsent form comes before a look around
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
  if (cut === sender) cut = null;
  if (bar?.dataset.state === "down") show(cut?.isConnected ? "back" : "");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);
window.addEventListener("offline", () => show("down"));
window.addEventListener("online", ask);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-try-again]")) { show(""); send(); }
  if (event.target.closest?.("[data-connection-close]")) show("");
});
