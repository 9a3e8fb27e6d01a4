// The palette: every place of the menu, every control of the page with its key, and whatever the search finds.
// It only presses what is on the page and follows links; it knows no action of its own.

const palette = document.getElementById("palette");
const keys = {}; // how controls are named and pressed is the business of keys.js
document.dispatchEvent(new CustomEvent("keys-asked", { detail: keys }));
let commands = [];
let asked = null;

function named(query) {
  const wanted = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const seen = new Set();
  return [...document.querySelectorAll("[data-place], [data-key]")]
    .filter((control) => !control.closest("dialog, [hidden]:not([data-needs-script])") && control.dataset.dialogOpen !== "palette")
    .map((control) => ({ control, words: keys.wordsOf(control), key: control.dataset.key }))
    .filter((command) => wanted.every((part) => command.words.toLowerCase().includes(part)))
    .filter((command) => !seen.has(command.words) && seen.add(command.words));
}

function fill(found) {
  commands = found;
  palette.querySelector("[role=listbox]").replaceChildren(...commands.map(option));
  palette.querySelector(".palette-none").hidden = commands.length > 0;
  mark(0);
}

function option(command, index) {
  const item = Object.assign(document.createElement("li"), { className: "menu-item", id: `palette-${index}` });
  item.append(Object.assign(document.createElement("span"), { className: "truncate", textContent: command.words }));
  item.setAttribute("role", "option");
  item.addEventListener("click", () => run(index));
  const side = Object.assign(document.createElement("span"), { className: command.key ? "keys" : "quiet" });
  if (command.key && keys.on(command.key)) {
    side.setAttribute("aria-hidden", "true");
    side.append(...keys.caps(command.key));
    item.append(side);
  } else if (command.kind) {
    side.textContent = command.kind;
    item.append(" ", side);
  }
  return item;
}

function mark(index) {
  const options = [...palette.querySelectorAll("[role=option]")];
  palette.dataset.at = String(index);
  for (const [i, item] of options.entries()) item.setAttribute("aria-selected", String(i === index));
  options[index]?.scrollIntoView({ block: "nearest" });
  palette.querySelector("input").setAttribute("aria-activedescendant", options[index]?.id ?? "");
}

function run(index) {
  const command = commands[index];
  palette.close();
  if (command) setTimeout(() => keys.press(command.control));
}

// Customers, invoices and payments by the search of the house: what it lists as links is offered below the commands.
async function search(query) {
  asked?.abort();
  const own = asked = new AbortController();
  const address = `${palette.dataset.search}?${new URLSearchParams({ q: query })}`;
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: own.signal, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (own !== asked || palette.querySelector("input").value.trim() !== query) return;
  const links = [...page.querySelectorAll("a[href]")].map((control) => ({
    control, words: [...control.childNodes].map((part) => part.textContent.replace(/\s+/g, " ").trim()).filter(Boolean).join(" · "), kind: control.closest("section")?.querySelector("h2")?.textContent ?? "",
  }));
  const at = Number(palette.dataset.at ?? 0);
  fill([...named(query), ...links.map((link) => ({ ...link, control: { matches: () => false, click: () => { location.href = link.control.getAttribute("href"); } } }))]);
  mark(Math.min(at, Math.max(commands.length - 1, 0)));
}

let soon;
palette?.addEventListener("opening", () => { palette.querySelector("input").value = ""; fill(named("")); });
palette?.addEventListener("input", (event) => {
  const query = event.target.value.trim();
  fill(named(query));
  clearTimeout(soon);
  asked?.abort();
  if (query.length > 1 && palette.dataset.search) soon = setTimeout(() => search(query), 150);
});
palette?.addEventListener("keydown", (event) => {
  const at = Number(palette.dataset.at ?? 0);
  const last = Math.max(commands.length - 1, 0);
  if (event.key === "ArrowDown") { event.preventDefault(); mark(Math.min(at + 1, last)); }
  if (event.key === "ArrowUp") { event.preventDefault(); mark(Math.max(at - 1, 0)); }
  if (event.key === "Enter") { event.preventDefault(); run(at); }
});
