// The settling loop: which row the panel belongs to, the next row after an action, Enter takes the first suggestion.
// Everything here is comfort; links and forms do the work without it.

const rows = () => [...document.querySelectorAll("#bank [data-item]")];
const shownLine = () => document.querySelector("#panel [data-shown-line]")?.dataset.shownLine;

function mark(line, focus) {
  const row = document.querySelector(`#bank [data-line="${line}"]`);
  if (!row) return false;
  for (const other of rows()) { other.removeAttribute("aria-current"); other.tabIndex = -1; }
  row.setAttribute("aria-current", "true");
  row.tabIndex = 0;
  row.scrollIntoView({ block: "nearest" });
  if (focus) row.focus({ preventScroll: true });
  return true;
}

async function reload(url) {
  await window.htmx.ajax("GET", url, { target: "#bank", swap: "outerHTML" });
  document.querySelector("#bank [data-item][aria-current]")?.focus();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "panel") return; // a page restored from history has no target
  const panel = document.getElementById("panel");
  const acted = Boolean(event.detail.requestConfig?.elt?.closest?.("[data-act]"));
  for (const gone of panel.querySelectorAll("template[data-gone]")) { document.getElementById(`line-${gone.dataset.gone}`)?.remove(); gone.remove(); }
  panel.scrollTop = 0;
  const line = shownLine();
  if (!line) return;
  document.getElementById("bank").toggleAttribute("data-opened", true);
  if (!mark(line, acted) && acted) reload(location.href);
});

// Enter on a row takes the first suggestion, but only of the line that is on show: never of one still being fetched.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("#bank [data-item]");
  if (event.key !== "Enter" || !row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.documentElement.dataset.shortcuts === "off" || matchMedia("(max-width: 760px)").matches) return;
  const take = document.querySelector("#panel [data-take='1']:not(:disabled)");
  if (row.dataset.line !== shownLine() || !take) return;
  event.preventDefault();
  event.stopPropagation();
  take.click();
}, true);

document.addEventListener("click", (event) => {
  const composer = document.getElementById("composer");
  if (event.target.closest?.("[data-composer-close]") && composer) {
    event.preventDefault();
    composer.replaceChildren();
    document.querySelector("#bank [data-item][tabindex='0']")?.focus();
  }
  if (event.target.closest?.("[data-panel-back]")) {
    event.preventDefault();
    document.getElementById("bank").removeAttribute("data-opened");
    document.querySelector("#bank [data-item][tabindex='0']")?.focus();
  }
});

document.addEventListener("htmx:historyRestore", () => document.querySelector("#bank [data-item][aria-current]")?.focus({ preventScroll: true }));

// A line that waits again: it is shown in its list.
document.addEventListener("line-back", (event) => {
  const url = new URL(location.href);
  url.searchParams.delete("show");
  url.searchParams.delete("after");
  url.searchParams.delete("before");
  url.searchParams.set("at", event.detail.line);
  history.replaceState(null, "", url);
  reload(url.pathname + url.search);
});
