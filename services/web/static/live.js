// Follows a job that is not over by server-sent events. Without this script the page has a "Refresh" link.

const find = (id) => document.getElementById(id);
let announced = 0;
let latest;

// A screen reader would otherwise be told a new number every second.
function announce(sentence, isNews) {
  if (!isNews && Date.now() - announced < 10_000) return;
  announced = Date.now();
  const element = find("live-sentence");
  if (element.textContent !== sentence) element.textContent = sentence;
}

// How far the job is stands in several places. They change together, from one answer of the server, so that none of them
// says "Pending" while another says that the job is being annotated.
async function redraw() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [fresh, stale] = [page.getElementById("job"), find("job")];
  if (!fresh) return;
  const sentence = page.getElementById("live-sentence");
  if (!sentence) return location.reload(); // The job has ended meanwhile.
  // The live area itself stays, so that what a screen reader listens to is not replaced.
  for (const part of [".page-title", ".life-line", "#details"]) {
    const [next, old] = [fresh.querySelector(part), stale.querySelector(part)];
    if (next && old) old.replaceWith(next);
  }
  announce(sentence.textContent, true);
  stale.dataset.status = fresh.dataset.status;
  document.title = page.title;
  document.dispatchEvent(new Event("gas:replaced"));
}

async function show(progress) {
  latest = progress;
  const isNews = () => find("job").dataset.status !== progress.status;
  if (isNews()) await redraw().catch(() => {});
  // No answer came, or one that is older than the event. There may be no other event for long.
  if (isNews()) return setTimeout(() => latest === progress && show(progress), 1000);
  announce(progress.status_sentence, false);
  find("live-forecast").textContent = progress.forecast;
  find("live-bar").value = progress.percent ?? 0;
  find("live-percent").textContent = `${progress.percent ?? 0} %`;
  find("live-records").textContent = progress.records_text;
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
