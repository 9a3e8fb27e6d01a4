// The allocation screen's conveniences: the rest while one types, "=" for what fits, arrows between the rows. Everything
// works without this file. Amounts are added in minor units as BigInt; the server reads and checks them again.

const mark = (document.documentElement.lang || "en").startsWith("de") ? "," : ".";

function minor(text, digits) {
  const bare = text.replace(/[\s'\u00a0\u202f]/g, "").replaceAll(mark === "," ? "." : ",", "");
  const [whole, part = ""] = bare.split(mark);
  if (!/^\d*$/.test(whole) || !/^\d*$/.test(part) || part.length > digits) return null;
  return BigInt(whole + part.padEnd(digits, "0") || "0");
}

function written(amount, digits) {
  const text = String(amount).padStart(digits + 1, "0");
  return digits ? `${text.slice(0, -digits)}${mark}${text.slice(-digits)}` : text;
}

function facts(form) {
  const fields = [...form.querySelectorAll("input[data-open]")];
  const digits = Number(form.dataset.digits);
  const used = fields.reduce((sum, field) => sum + (minor(field.value, digits) ?? 0n), 0n);
  return { fields, digits, rest: BigInt(form.dataset.left) - used };
}

function show(form) {
  const { digits, rest } = facts(form);
  const place = form.querySelector("[data-rest]");
  if (!place) return;
  const writer = new Intl.NumberFormat(document.documentElement.lang || "en", {
    style: "currency", currency: form.dataset.currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  const amount = writer.format(written(rest < 0n ? -rest : rest, digits).replace(",", "."));
  place.textContent = rest < 0n ? `${place.dataset.over} ${amount}` : amount;
  place.dataset.state = rest < 0n ? "over" : rest === 0n ? "done" : "";
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-allocate]");
  if (form) show(form);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-allocate]");
  if (!form || !event.target.matches("input[data-open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const { fields, digits, rest } = facts(form);
  const here = fields.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    fields[here + step]?.focus();
    fields[here + step]?.select();
  } else if (event.key === "=") {
    event.preventDefault();
    const room = rest + (minor(event.target.value, digits) ?? 0n);
    const open = BigInt(event.target.dataset.open);
    const amount = room < open ? room : open;
    event.target.value = amount > 0n ? written(amount, digits) : "";
    show(form);
  }
});

const start = (root) => {
  for (const form of root.querySelectorAll("[data-allocate]")) {
    show(form);
    for (const hint of form.querySelectorAll("[data-needs-script]")) hint.hidden = false;
  }
};
start(document);
document.addEventListener("htmx:afterSwap", () => {
  start(document);
  document.querySelector("#allocate input[data-open]")?.focus();
});
