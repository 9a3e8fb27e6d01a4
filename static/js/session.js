// Staying signed in: two minutes before the end a dialog offers to stay; after the end it leads to the sign-in page and
// back to the same place. Nothing typed is lost (drafts.js). Without this file the server asks to sign in, as always.

const WARN_SECONDS = 120;
const dialog = document.getElementById("session-dialog");
const url = document.body.dataset.session;
let ends = Infinity; // milliseconds of this machine's clock
let warn = 0;
let tick = 0;

const secondsLeft = () => Math.max(Math.round((ends - Date.now()) / 1000), 0);
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });

async function ask(method = "GET") {
  const answer = await fetch(url, { method, headers: headers(), credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!answer) return false; // connection.js has the word
  if (answer.status === 401 || answer.status === 403) { ended(); return false; }
  if (answer.ok) plan((await answer.json()).seconds);
  return answer.ok;
}

function plan(seconds) {
  ends = Date.now() + seconds * 1000;
  clearTimeout(warn);
  clearInterval(tick);
  if (seconds <= WARN_SECONDS) return seconds > 0 ? offer() : ended();
  if (dialog.open) dialog.close();
  warn = setTimeout(() => ask(), Math.min((seconds - WARN_SECONDS) * 1000, 2 ** 31 - 1)); // another window may have stayed
}

function offer() {
  if (!dialog.open) { document.querySelector("dialog[open]")?.close(); dialog.showModal(); }
  dialog.querySelector("[data-stay]").focus();
  const count = () => {
    const left = secondsLeft();
    dialog.querySelector("[data-left]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (!left) { clearInterval(tick); ask(); }
  };
  count();
  tick = setInterval(count, 1000);
}

function ended() {
  clearTimeout(warn);
  clearInterval(tick);
  ends = Infinity;
  for (const words of dialog.querySelectorAll("[data-ended]")) words.textContent = words.dataset.ended;
  const link = dialog.querySelector("[data-sign-in]");
  link.href = `${new URL(link.href).pathname}?${new URLSearchParams({ next: location.pathname + location.search })}`;
  link.hidden = false;
  dialog.querySelector("[data-stay]").hidden = true;
  document.dispatchEvent(new CustomEvent("session-ended"));
  if (!dialog.open) dialog.showModal();
  document.getElementById("session-title").focus(); // not the link: the Enter of a form that is being sent would follow it
}

if (dialog && url) {
  ask();
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    if (await ask("POST")) document.dispatchEvent(new CustomEvent("toast", { detail: { text: dialog.querySelector("[data-stay]").dataset.stayed } }));
  });
  dialog.addEventListener("cancel", (event) => { if (ends !== Infinity) { event.preventDefault(); dialog.querySelector("[data-stay]").click(); } });
  document.addEventListener("session-over", ended);
  // A machine that slept wakes up with old timers.
  document.addEventListener("visibilitychange", () => { if (!document.hidden && ends - Date.now() < 3600_000) ask(); });
  // Whatever the server refuses because nobody is signed in: say so here, instead of leaving the page and the text.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401) { event.preventDefault(); ended(); }
  });
}
