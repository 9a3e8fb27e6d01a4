// The template editor's conveniences: a placeholder goes to where the cursor is. Without this file its button adds it at
// the end of the text, by the server.

const form = document.getElementById("template-form");
let last = null;

function lastField() {
  return last && form.contains(last) ? last : form.elements.body;
}

function insert(button) {
  const field = button.hasAttribute("data-block") ? form.elements.body : lastField();
  const name = `{{${button.value}}}`;
  const before = field.value.slice(0, field.selectionStart);
  let text = name;
  if (button.hasAttribute("data-block")) {
    const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    text = `${gap}${name}\n\n`;
  }
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches("#template-form [name=subject], #template-form [name=body]")) last = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=insert]");
  if (!button || !form) return;
  event.preventDefault();
  insert(button);
});
