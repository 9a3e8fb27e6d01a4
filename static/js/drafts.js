// What is typed into a form with data-draft is kept: at once in this window, within two seconds on the server. It comes
// back after a reload, a crash and a new sign-in, with a word about it; saving or discarding the form ends it.

const SAVE_MS = 1500;
const person = document.body.dataset.person;
const url = document.body.dataset.drafts;
const forms = new WeakMap(); // form -> { key, first, timer, kept }
const local = (key) => `draft:${person}:${key}`;
const NOT_TYPED = ["hidden", "password", "file", "submit", "button", "reset", "image"];

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !NOT_TYPED.includes(field.type) && !field.matches("fieldset, output, [data-no-draft]"));

function typed(form) {
  const data = {};
  for (const field of fieldsOf(form)) {
    if (field.type === "checkbox") data[field.name] = [...(data[field.name] ?? []), ...(field.checked ? [field.value] : [])];
    else if (field.type === "radio") { if (field.checked) data[field.name] = field.value; } else data[field.name] = field.value;
  }
  return data;
}

function fill(form, data) {
  for (const field of fieldsOf(form)) {
    if (!(field.name in data)) continue;
    const value = data[field.name];
    if (field.type === "checkbox") field.checked = value.includes(field.value);
    else if (field.type === "radio") field.checked = field.value === value;
    else if (field.type !== "select-multiple") field.value = value;
  }
}

const remembered = (key) => JSON.parse(sessionStorage.getItem(local(key)) ?? "null");

async function start(form) {
  if (forms.has(form) || !person) return;
  const state = { key: form.dataset.draft || form.getAttribute("action"), first: JSON.stringify(typed(form)), timer: 0, kept: false };
  forms.set(form, state);
  if (form.querySelector("[aria-invalid=true]") || form.closest("section, main")?.querySelector(".error-summary")) return; // it came back with what was typed
  const here = remembered(state.key);
  if (here) { state.kept = Boolean(here.kept); bring(form, here.data); return; }
  const answer = await fetch(`${url}?${new URLSearchParams({ key: state.key })}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (answer?.status !== 200 || !form.isConnected || JSON.stringify(typed(form)) !== state.first) return;
  state.kept = true;
  bring(form, (await answer.json()).data);
}

function bring(form, data) {
  fill(form, data);
  if (JSON.stringify(typed(form)) === forms.get(form).first) return;
  form.dispatchEvent(new CustomEvent("draft-restored", { bubbles: true }));
  const notice = document.getElementById("draft-template")?.content.firstElementChild.cloneNode(true);
  if (!notice) return;
  (form.querySelector(".form-actions") ?? form.lastElementChild).before(notice);
  document.dispatchEvent(new CustomEvent("announce", { detail: { text: notice.querySelector("span").textContent } }));
}

async function keep(form) {
  const state = forms.get(form);
  clearTimeout(state.timer);
  state.timer = 0;
  if (!remembered(state.key)) return; // saved or discarded meanwhile
  const data = typed(form);
  const answer = await post(state.key, data);
  if (answer?.status === 401) return document.dispatchEvent(new CustomEvent("session-over")); // session.js has the word
  if (!answer?.ok || !remembered(state.key)) return;
  state.kept = true;
  sessionStorage.setItem(local(state.key), JSON.stringify({ data: typed(form), kept: true }));
  const place = form.querySelector(".form-actions");
  if (place && !place.querySelector(".draft-kept")) place.append(document.getElementById("draft-kept-template").content.firstElementChild.cloneNode(true));
}

function post(key, data) {
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" };
  const body = new URLSearchParams({ key, data: data ? JSON.stringify(data) : "" });
  return fetch(url, { method: "POST", body, headers, credentials: "same-origin", keepalive: true }).catch(() => null);
}

function forget(form) {
  const state = forms.get(form);
  clearTimeout(state.timer);
  state.timer = 0;
  sessionStorage.removeItem(local(state.key));
  if (state.kept) post(state.key, null);
  state.kept = false;
}

function changed(event) {
  const form = event.target.form;
  const state = form && forms.get(form);
  if (!state) return;
  form.querySelector(".draft-kept")?.remove();
  if (JSON.stringify(typed(form)) === state.first) { if (remembered(state.key)) forget(form); return; }
  sessionStorage.setItem(local(state.key), JSON.stringify({ data: typed(form), kept: state.kept }));
  state.timer ||= setTimeout(() => keep(form), SAVE_MS);
}

const begin = (scope) => { for (const form of [...scope.querySelectorAll("form[data-draft]"), ...(scope.matches?.("form[data-draft]") ? [scope] : [])]) start(form); };

if (person && url) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:") && !key.startsWith(local(""))) sessionStorage.removeItem(key); // somebody else's
  document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
  begin(document);
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", (event) => { const state = forms.get(event.target); if (state) { clearTimeout(state.timer); state.timer = 0; } });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig?.elt; // the event itself may come from further up, when the form is gone already
    if (!forms.has(form) || event.detail.requestConfig.verb === "get") return;
    if (event.detail.successful) forget(form); else if (remembered(forms.get(form).key)) keep(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-draft-discard]");
    if (!button) return;
    const form = button.closest("form");
    form.reset();
    fill(form, JSON.parse(forms.get(form).first));
    forget(form);
    button.closest(".draft-notice").remove();
    form.querySelector("[data-focus]")?.focus();
  });
  document.addEventListener("session-ended", () => {
    const form = [...document.querySelectorAll("form[data-draft]")].find((one) => forms.get(one) && remembered(forms.get(one).key));
    if (form) sessionStorage.setItem("resume", JSON.stringify({ person, key: forms.get(form).key }));
  });
  // Signed in again: the form that was open is opened again, and finds its text.
  const resume = JSON.parse(sessionStorage.getItem("resume") ?? "null");
  sessionStorage.removeItem("resume");
  if (resume?.person === person) window.addEventListener("load", () => [...document.querySelectorAll("[hx-get]")].find((control) => control.getAttribute("hx-get").split("?")[0] === resume.key)?.click());
}
