// The board of disputes: a focused card is moved by its own menu's key, and the arrows lead to the next column.
// Menus and forms do the work; without this file Tab and Enter reach them.

const cards = (list) => [...list.querySelectorAll("[data-item]")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.shortcuts === "off") return;
  const card = event.target.closest?.(".board-card");
  if (!card || event.target.matches("input, select, textarea")) return;
  const mover = card.querySelector("[data-key]");
  if (mover && event.key === mover.dataset.key) {
    event.preventDefault();
    const menu = mover.closest("details");
    menu.open = true;
    menu.querySelector("button")?.focus();
    return;
  }
  const inMenu = event.target.closest("details[open]");
  if (inMenu && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const items = [...inMenu.querySelectorAll(".menu-item")];
    const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    items[(at + items.length) % items.length].focus();
    return;
  }
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || inMenu) return;
  const lists = [...document.querySelectorAll(".board-cards")];
  const list = lists[lists.indexOf(card.parentElement) + step];
  if (!list) return;
  event.preventDefault();
  const place = Math.min(cards(card.parentElement).indexOf(card), cards(list).length - 1);
  cards(list)[place].focus();
}, true);

// After a move the board is drawn anew: the keyboard goes on where the card was.
let place = null;
document.addEventListener("submit", (event) => {
  const card = event.target.closest?.(".board-card");
  if (card) place = [[...document.querySelectorAll(".board-column")].indexOf(card.closest(".board-column")), cards(card.parentElement).indexOf(card)];
}, true);
document.addEventListener("htmx:afterSettle", () => {
  if (!place) return;
  const column = document.querySelectorAll(".board-column")[place[0]];
  const left = column ? [...column.querySelectorAll("[data-item]")] : [];
  (left[Math.min(place[1], left.length - 1)] ?? document.querySelector(".board-card"))?.focus();
  place = null;
});
