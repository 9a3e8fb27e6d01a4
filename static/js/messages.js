// The reading loop: which row the panel belongs to, and the next row after an action. Enter goes into the message: it
// confirms nothing, because a promise that was read wrongly is worse than none.
// Everything here is comfort; links and forms do the work without it.

const rows = () => [...document.querySelectorAll("#messages [data-item]")];
const shownMessage = () => document.querySelector("#panel [data-shown-message]")?.dataset.shownMessage;

function mark(message, focus) {
  const row = document.querySelector(`#messages [data-message="${message}"]`);
  if (!row) return false;
  for (const other of rows()) { other.removeAttribute("aria-current"); other.tabIndex = -1; }
  row.setAttribute("aria-current", "true");
  row.tabIndex = 0;
  row.scrollIntoView({ block: "nearest" });
  if (focus) row.focus({ preventScroll: true });
  return true;
}

async function reload(url) {
  await window.htmx.ajax("GET", url, { target: "#messages", swap: "outerHTML" });
  document.querySelector("#messages [data-item][aria-current]")?.focus();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "panel") return; // a page restored from history has no target
  const panel = document.getElementById("panel");
  const acted = Boolean(event.detail.requestConfig?.elt?.closest?.("[data-act]"));
  for (const gone of panel.querySelectorAll("template[data-gone]")) { document.getElementById(`message-${gone.dataset.gone}`)?.remove(); gone.remove(); }
  panel.scrollTop = 0;
  const message = shownMessage();
  if (!message) return;
  document.getElementById("messages").toggleAttribute("data-opened", true);
  if (!mark(message, acted) && acted) reload(location.href);
});

document.addEventListener("click", (event) => {
  const composer = document.getElementById("composer");
  if (event.target.closest?.("[data-composer-close]") && composer) {
    event.preventDefault();
    composer.replaceChildren();
    document.querySelector("#messages [data-item][tabindex='0']")?.focus();
  }
  if (event.target.closest?.("[data-panel-back]")) {
    event.preventDefault();
    document.getElementById("messages").removeAttribute("data-opened");
    document.querySelector("#messages [data-item][tabindex='0']")?.focus();
  }
});

document.addEventListener("htmx:historyRestore", () => document.querySelector("#messages [data-item][aria-current]")?.focus({ preventScroll: true }));

// A message that waits again: it is shown in its list.
document.addEventListener("message-back", (event) => {
  const url = new URL(location.href);
  url.searchParams.delete("show");
  url.searchParams.delete("after");
  url.searchParams.delete("before");
  url.searchParams.set("at", event.detail.message);
  history.replaceState(null, "", url);
  reload(url.pathname + url.search);
});
