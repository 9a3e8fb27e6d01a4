// The payer page's conveniences: copying bank details and a running total. Everything works without this file.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const words = button.querySelector("[data-copy-words]") ?? button;
    const before = words.textContent;
    words.textContent = button.dataset.copied ?? "Copied";
    setTimeout(() => { words.textContent = before; }, 2000);
  });
}

// Amounts are added in minor units as BigInt: data-minor on each tick box, data-digits and data-currency on the total.
const total = document.querySelector("[data-running-total]");
if (total) {
  const boxes = [...document.querySelectorAll("input[type=checkbox][data-minor]")];
  const digits = Number(total.dataset.digits ?? 2);
  const locale = document.documentElement.lang || "en";
  const writer = new Intl.NumberFormat(locale, {
    style: "currency", currency: total.dataset.currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  const decimal = (minor) => {
    const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, "0");
    const whole = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
    return (minor < 0n ? "-" : "") + whole;
  };
  const show = () => {
    const minor = boxes.filter((box) => box.checked).reduce((sum, box) => sum + BigInt(box.dataset.minor), 0n);
    for (const place of document.querySelectorAll("[data-running-total]")) place.textContent = writer.format(decimal(minor)).replace("-", "−");
    for (const button of document.querySelectorAll("[data-needs-amount]")) button.disabled = minor <= 0n;
  };
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
