// Back and forward: what was asked for last is what is shown. A page that is fetched for one step back must not arrive
// after the page of the next step, nor an answer that was on its way when somebody went back. It fetches nothing itself.

let restoring = null; // the request for the page of the last step
const going = new Set(); // requests of links, which change the address when they are answered

document.addEventListener("htmx:historyCacheMiss", (event) => {
  restoring?.abort();
  for (const xhr of going) xhr.abort();
  restoring = event.detail.xhr;
  restoring.addEventListener("loadend", (ended) => { if (restoring === ended.target) restoring = null; });
});

document.addEventListener("htmx:beforeSend", (event) => {
  const { elt, xhr } = event.detail;
  if (!elt.matches?.("a")) return;
  going.add(xhr);
  xhr.addEventListener("loadend", () => going.delete(xhr));
});

// Also when the page that is asked for is at hand already and nothing is sent.
document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.elt.matches?.("a")) restoring?.abort(); });
