// The triage loop: which row the panel belongs to, the next row after an action, Enter into the panel and Esc back.
// Everything here is comfort; links and forms do the work without it.

const rows = () => [...document.querySelectorAll("#worklist [data-item]")];
const rowOf = (customer) => document.getElementById(`row-${customer}`)?.querySelector("[data-item]");
const currentRow = () => document.querySelector("#worklist [data-item][aria-current]") ?? document.querySelector("#worklist [data-item][tabindex='0']");
let entering = false;

function mark(customer, focus) {
  const row = rowOf(customer);
  if (!row) return false;
  for (const other of rows()) { other.removeAttribute("aria-current"); other.tabIndex = -1; }
  row.setAttribute("aria-current", "true");
  row.tabIndex = 0;
  row.scrollIntoView({ block: "nearest" });
  if (focus) row.focus({ preventScroll: true });
  return true;
}

async function reload(url) {
  await window.htmx.ajax("GET", url, { target: "#worklist", swap: "outerHTML" });
  document.querySelector("#worklist [data-item][aria-current]")?.focus();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "panel" || event.detail.requestConfig?.behind) return; // a page restored from history has no target
  const split = document.getElementById("worklist");
  const panel = document.getElementById("panel");
  const customer = panel.querySelector("[data-customer]")?.dataset.customer;
  const acted = Boolean(event.detail.requestConfig?.elt?.closest?.("[data-act]"));
  for (const gone of panel.querySelectorAll("template[data-gone]")) { document.getElementById(`row-${gone.dataset.gone}`)?.remove(); gone.remove(); }
  panel.scrollTop = 0;
  if (!customer) return;
  split.toggleAttribute("data-opened", true);
  const found = mark(customer, acted);
  if (acted && !found) reload(location.href);
  if (entering) { entering = false; document.getElementById("account-name")?.focus(); }
});

// A form that was opened is seen as a whole where it fits, also on a telephone.
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.elt?.id === "composer") event.detail.elt.scrollIntoView({ block: "nearest" }); });

// The customer that a refused action came back to.
document.addEventListener("customer-shown", (event) => mark(event.detail.customer, false));
// The last row of the page was worked: the server knows what is left, or that the day is done.
document.addEventListener("list-worked", () => reload(location.pathname + location.search));

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("#worklist [data-item]")) entering = true;
});

document.addEventListener("click", (event) => {
  const close = event.target.closest?.("[data-composer-close]");
  const composer = document.getElementById("composer");
  if (close && composer && document.querySelector(".account-bar")) {
    event.preventDefault();
    composer.replaceChildren();
    (document.querySelector("#worklist [data-item][tabindex='0']") ?? document.querySelector(".account-bar a"))?.focus();
  }
  if (event.target.closest?.("[data-panel-back]")) {
    event.preventDefault();
    document.getElementById("worklist").removeAttribute("data-opened");
    document.querySelector("#worklist [data-item][tabindex='0']")?.focus();
  }
});

// Back and forward: the keyboard goes on from the row that is shown, or from the account of somebody worked already.
document.addEventListener("htmx:historyRestore", () => {
  const row = currentRow();
  reachable();
  (row ?? document.getElementById("account-name"))?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
});

// One row can be reached by Tab, also when the shown customer is not on the list.
function reachable() {
  const all = rows();
  if (all.length && !all.some((row) => row.tabIndex === 0)) all[0].tabIndex = 0;
}
document.addEventListener("htmx:afterSettle", reachable);
reachable();

// An action that was taken back: its customer returns to the list, and is shown.
document.addEventListener("taken-back", (event) => {
  const account = document.getElementById("account");
  if (account) { window.htmx.ajax("GET", location.href, { target: "#account" }); return; }
  const url = new URL(location.href);
  url.searchParams.set("at", event.detail.customer);
  history.replaceState(null, "", url);
  reload(url.pathname + url.search);
});

// --- presence: while somebody looks at an account and does something, the others are told -----------------------------

const BEAT_MS = 60_000;
let active = Date.now();
let beaten = 0;
for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, () => { active = Date.now(); }, { passive: true });

async function beat() {
  const place = document.querySelector("[data-heartbeat]");
  if (!place || document.hidden || active <= beaten) return; // nothing was pressed since: the lease runs out by itself
  beaten = Date.now();
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" };
  const answer = await fetch(place.dataset.heartbeat, { method: "POST", headers, credentials: "same-origin" }).catch(() => null);
  if (answer?.status === 200 && place.isConnected) window.htmx.swap(place, await answer.text(), { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
}

let beating = 0;
const beatSoon = () => { beaten = 0; clearTimeout(beating); beating = setTimeout(beat, 1000); };
setInterval(beat, BEAT_MS);
document.addEventListener("htmx:afterSwap", (event) => { if (["panel", "worklist"].includes(event.detail.target?.id)) beatSoon(); });
beatSoon();
