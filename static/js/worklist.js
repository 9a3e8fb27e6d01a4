// The triage loop: which row the panel belongs to, the next row after an action, Enter into the panel and Esc back.
// Everything here is comfort; links and forms do the work without it.

const rows = () => [...document.querySelectorAll("#worklist [data-item]")];
const rowOf = (customer) => document.getElementById(`row-${customer}`)?.querySelector("[data-item]");
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
  if (event.detail.target?.id !== "panel") return; // a page restored from history has no target
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

// Back and forward: the keyboard goes on from the row that is shown.
document.addEventListener("htmx:historyRestore", () => document.querySelector("#worklist [data-item][aria-current]")?.focus({ preventScroll: true }));

// An action that was taken back: its customer returns to the list, and is shown.
document.addEventListener("taken-back", (event) => {
  const account = document.getElementById("account");
  if (account) { window.htmx.ajax("GET", location.href, { target: "#account" }); return; }
  const url = new URL(location.href);
  url.searchParams.set("at", event.detail.customer);
  history.replaceState(null, "", url);
  reload(url.pathname + url.search);
});

// Text kept while it is typed, until it is saved (crash and session expiry included).
const draftKey = (form) => `draft:${form.getAttribute("action")}`;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-act]") && event.target.matches("textarea")) sessionStorage.setItem(draftKey(form), event.target.value);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const form of document.querySelectorAll("form[data-act]")) {
    const area = form.querySelector("textarea");
    if (area && !area.value) area.value = sessionStorage.getItem(draftKey(form)) ?? "";
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (form?.matches?.("[data-act]") && event.detail.successful) sessionStorage.removeItem(draftKey(form));
});
