// Follows a job that is not over by server-sent events. Without this script the page has a "Refresh" link.

const find = (id) => document.getElementById(id);
let announced = 0;

// A screen reader would otherwise be told a new number every second.
function announce(sentence, isNews) {
  if (!isNews && Date.now() - announced < 10_000) return;
  announced = Date.now();
  const element = find("live-sentence");
  if (element.textContent !== sentence) element.textContent = sentence;
}

async function redraw() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [fresh, stale] = [page.getElementById("job"), find("job")];
  if (!fresh) return;
  // The live area itself stays, so that what a screen reader listens to is not replaced.
  for (const part of [".page-title", ".life-line", ".facts"]) {
    const [next, old] = [fresh.querySelector(part), stale.querySelector(part)];
    if (next && old) old.replaceWith(next);
  }
  document.title = page.title;
  document.dispatchEvent(new Event("gas:replaced"));
}

function show(progress) {
  const isNews = find("job").dataset.status !== progress.status;
  announce(progress.status_sentence, isNews);
  find("live-bar").value = progress.percent ?? 0;
  find("live-percent").textContent = `${progress.percent ?? 0} %`;
  find("live-records").textContent = (progress.records ?? 0).toLocaleString("en");
  if (!isNews) return;
  find("job").dataset.status = progress.status;
  redraw().catch(() => {});
}

function follow(url) {
  const events = new EventSource(url);
  events.addEventListener("progress", (event) => show(JSON.parse(event.data)));
  events.addEventListener("done", () => { events.close(); location.reload(); });
  addEventListener("pagehide", () => events.close());
  // A page that comes back from the browser's cache has lost its stream, and perhaps the end of the job.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

const { events } = document.querySelector("[data-events]")?.dataset ?? {};
if (events) follow(events);
