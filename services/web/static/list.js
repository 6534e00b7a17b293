// Keeps the rows of unfinished jobs fresh while somebody looks at the list.

const EVERY = 5000;
const [STATUS, RESULTS] = [3, 4];
const table = document.getElementById("jobs");
const unfinished = () => table?.querySelector('[data-state^="PENDING"], [data-state^="RUNNING"]');

async function refresh() {
  if (document.visibilityState !== "visible") return;
  const response = await fetch(location.href);
  if (!response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("jobs");
  // A row is replaced only if its job moved on, so that focus and selection stay where they are.
  for (const row of table.tBodies[0].rows) {
    const href = row.querySelector("a").getAttribute("href");
    const next = [...(fresh?.tBodies[0].rows ?? [])].find((other) => other.querySelector("a").getAttribute("href") === href);
    if (next && next.dataset.state !== row.dataset.state) {
      for (const at of [STATUS, RESULTS]) row.cells[at].replaceWith(next.cells[at].cloneNode(true));
      row.dataset.state = next.dataset.state;
    }
  }
  document.dispatchEvent(new Event("gas:replaced"));
}

function schedule() {
  if (unfinished()) setTimeout(() => refresh().catch(() => {}).finally(schedule), EVERY);
}

schedule();
