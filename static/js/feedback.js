// What the page says back: toasts with undo, one spoken sentence after a swap, focus where the person goes on, copying.

const SHOWN_MS = 12000; // undo must be in reach for at least ten seconds
const region = document.getElementById("toasts");
const announcer = document.getElementById("announcer");

let told = [];

// One live region for everything: what comes at about the same time is spoken together.
function announce(text) {
  if (!announcer || !text) return;
  if (!told.length) setTimeout(() => { announcer.textContent = told.join(" "); told = []; }, 100);
  announcer.textContent = "";
  if (!told.includes(text)) told.push(text);
}

function settle(toast) {
  let timer = setTimeout(() => toast.remove(), SHOWN_MS);
  const wait = () => clearTimeout(timer);
  const again = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), SHOWN_MS); };
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, wait);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, again);
  if (!toast.matches("[data-pending]")) announce(toast.querySelector(".toast-text")?.textContent);
}

// `back` leads somewhere, `wish` takes note of an undo of what is still on its way; the toast itself is handed back.
function showToast({ text, undo = "", tone = "success", back = null, wish = null }) {
  const template = document.getElementById("toast-template");
  const toast = template?.content.firstElementChild?.cloneNode(true);
  if (!toast || !region) return;
  toast.dataset.tone = tone;
  toast.querySelector(".toast-text").textContent = text;
  const form = toast.querySelector("[data-undo]");
  if (undo && form) { form.action = undo; form.setAttribute("hx-post", undo); } else if (wish && form) {
    const button = form.querySelector("button");
    button.type = "button";
    button.addEventListener("click", wish);
    form.replaceWith(button);
    toast.toggleAttribute("data-pending", true);
  } else form?.remove();
  for (const hidden of toast.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
  if (back) {
    const button = Object.assign(document.createElement("button"), { className: "button small", type: "button", textContent: back.words });
    button.addEventListener("click", () => { toast.remove(); back.go(); });
    toast.querySelector(".toast-text").after(button);
  }
  region.append(toast);
  while (region.children.length > 4) region.firstElementChild.remove();
  window.htmx?.process(toast);
  return toast;
}

new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node instanceof Element && node.matches("[data-toast]")) settle(node);
}).observe(region ?? document.createElement("div"), { childList: true });
for (const toast of region?.querySelectorAll("[data-toast]") ?? []) settle(toast);

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-toast-close]")) event.target.closest("[data-toast]").remove();
  const sample = event.target.closest?.("[data-toast-show]");
  if (sample) showToast({ text: sample.dataset.toastShow, undo: sample.dataset.toastUndo });
});

// An undo that was sent takes its toast along.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (form?.matches?.("[data-undo]") && event.detail.successful) form.closest("[data-toast]")?.remove();
});

// The server speaks through HX-Trigger: {"toast": {...}}, {"announce": {...}}.
document.addEventListener("toast", (event) => { event.detail.shown = showToast(event.detail); });
document.addEventListener("announce", (event) => announce(event.detail.text));

// A request that failed without words of its own gets some; one that brought its own (422, or retargeted) does not. For
// one that did not arrive connection.js has the words.
const words = document.body.dataset;
const failed = (status) => showToast({ text: words[`words${status}`] ?? words.wordsother ?? "", tone: "error" });
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  if (!answer.getResponseHeader("HX-Retarget") && answer.status !== 422 && answer.status !== 401) failed(answer.status);
});

// After a swap: focus what asks for it, else keep the person where they were; speak what the fragment wants spoken.
function place(scope) {
  const wanted = scope.matches?.("[data-focus]") ? scope : scope.querySelector?.("[data-focus]");
  wanted?.focus({ preventScroll: false });
  const spoken = scope.querySelector?.("[data-announce]");
  if (spoken) announce(spoken.dataset.announce);
}
document.addEventListener("htmx:afterSettle", (event) => place(event.detail.elt));
place(document);

// A dialog filled by htmx opens itself when its body asks for it (data-dialog-show="<id>"), and closes by an event.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target?.closest?.("dialog");
  if (dialog && !dialog.open && event.detail.target.childElementCount) dialog.showModal();
});
document.addEventListener("close-dialog", () => { for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close(); });

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  showToast({ text: button.dataset.copied ?? "Copied" });
});
