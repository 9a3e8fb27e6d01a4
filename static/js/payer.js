// The payer page's conveniences: copying bank details and a running total. Everything works without this file.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const words = button.querySelector("[data-copy-words]") ?? button;
    const before = words.textContent;
    words.textContent = button.dataset.copied ?? "Copied";
    button.toggleAttribute("data-done", true);
    setTimeout(() => { words.textContent = before; button.removeAttribute("data-done"); }, 2000);
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
  const part = document.querySelector("[data-part]");
  const show = () => {
    const minor = boxes.filter((box) => box.checked).reduce((sum, box) => sum + BigInt(box.dataset.minor), 0n);
    const typed = part?.value.trim();
    const words = typed ? `${typed} ${total.dataset.currency}` : writer.format(decimal(minor)).replace("-", "−");
    for (const place of document.querySelectorAll("[data-running-total]")) place.textContent = words;
    for (const button of document.querySelectorAll("[data-needs-amount]")) button.disabled = minor <= 0n;
  };
  for (const box of boxes) box.addEventListener("change", show);
  part?.addEventListener("input", show);
  show();
}

// A payment on its way: the page asks again after data-poll seconds, then ever more slowly, until the state is another.
const waiting = document.querySelector("[data-poll]");
if (waiting) {
  let pause = Number(waiting.dataset.poll);
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-state]");
      if (answer.ok && fresh && fresh.dataset.state !== waiting.dataset.state) {
        location.reload();
        return;
      }
    } catch {
      // Offline for a moment: the next round asks again.
    }
    pause = Math.min(pause * 1.5, 60);
    setTimeout(ask, pause * 1000);
  };
  setTimeout(ask, pause * 1000);
}
