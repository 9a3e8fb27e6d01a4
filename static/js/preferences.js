// Colours, row height, shortcuts and the menu's width change at once; the server is told and draws them so next time.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches?.("[data-preferences]") || !button || form.dataset.plain) return;
  event.preventDefault();
  const { name, value } = button;
  const data = new FormData(form, button);
  document.documentElement.dataset[name] = value;
  for (const other of form.querySelectorAll(`[name="${name}"]`)) other.setAttribute("aria-pressed", String(other === button));
  if (button.dataset.toggle) {
    const [first, second] = button.dataset.toggle.split(" ");
    button.value = value === first ? second : first;
    button.removeAttribute("aria-pressed");
  }
  const sent = { method: "POST", body: data, headers: { "HX-Request": "true" }, credentials: "same-origin", keepalive: true }; // a click on a link right after must not lose the choice
  const answer = await fetch(form.action, sent).catch(() => null);
  if (answer?.ok) return;
  form.dataset.plain = "yes"; // the script's way failed: send the form itself, whose answer is a page with a sentence
  button.value = value;
  form.requestSubmit(button);
});
