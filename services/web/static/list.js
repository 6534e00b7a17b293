// Keeps the rows of unfinished jobs fresh while somebody looks at the list.

const EVERY = 5000;
const table = document.getElementById("jobs");
const unfinished = () => table?.querySelector('[data-status="PENDING"], [data-status="RUNNING"]');

async function refresh() {
  if (document.visibilityState !== "visible") return;
  const response = await fetch(location.href);
  if (!response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("jobs");
  // A row is replaced only if its job moved on, so that focus and selection stay where they are.
  for (const row of table.tBodies[0].rows) {
    const href = row.querySelector("a").getAttribute("href");
    const next = [...(fresh?.tBodies[0].rows ?? [])].find((other) => other.querySelector("a").getAttribute("href") === href);
    if (next && next.dataset.status !== row.dataset.status) {
      row.lastElementChild.replaceWith(next.lastElementChild.cloneNode(true));
      row.dataset.status = next.dataset.status;
    }
  }
}

function schedule() {
  if (unfinished()) setTimeout(() => refresh().catch(() => {}).finally(schedule), EVERY);
}

schedule();
