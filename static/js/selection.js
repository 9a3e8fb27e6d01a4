// Several customers at once: the box above the list, how many are selected, and the marks of colleagues in the rows.
// Without it the boxes and buttons still work one by one.

const boxes = () => [...document.querySelectorAll("#worklist .work-list input[name=pick]")];

function count() {
  const head = document.querySelector("[data-pick-page]");
  const words = document.querySelector("[data-picked]");
  if (!head || !words) return;
  const all = boxes();
  const picked = all.filter((box) => box.checked).length;
  const everything = document.querySelector("#worklist input[name=all]");
  if (everything && picked < all.length) everything.checked = false;
  head.checked = picked > 0 && picked === all.length;
  head.indeterminate = picked > 0 && picked < all.length;
  words.textContent = (picked === 1 ? words.dataset.one : words.dataset.many).replace("{n}", everything?.checked ? everything.value : picked);
}

let last = null; // for a range: shift and a click select everything between
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("#worklist input[name=pick]")) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-pick-page]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.closest?.(".split-list")) count();
});
document.addEventListener("htmx:afterSettle", count);

// On a phone the list makes room for what was asked for: the form for the selected ones, or how the day stands.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "panel" || !document.querySelector("#panel :is(.work-bulk-card, .work-day, .work-finished)")) return;
  document.getElementById("worklist")?.toggleAttribute("data-opened", true);
});

// Who else is where: told by each heartbeat. Rows keep their place and height.
document.addEventListener("htmx:load", (event) => {
  const told = event.detail.elt.querySelector?.("[data-colleagues]") ?? (event.detail.elt.matches?.("[data-colleagues]") ? event.detail.elt : null);
  if (!told) return;
  const names = JSON.parse(told.dataset.colleagues);
  for (const row of document.querySelectorAll("#worklist [data-item]")) {
    const name = names[row.closest("li").id.replace("row-", "")];
    row.toggleAttribute("data-taken", Boolean(name));
    let mark = row.querySelector(".work-here");
    if (!name) { mark?.remove(); continue; }
    if (!mark) {
      mark = Object.assign(document.createElement("span"), { className: "badge truncate work-here" });
      mark.dataset.state = "held";
      row.querySelector(".work-marks")?.prepend(mark);
    }
    mark.textContent = name;
  }
});
