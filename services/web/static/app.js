// What every page has: local times in titles, and copy buttons. Nothing here is needed to use the page.

const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function ago(instant) {
  const seconds = (instant - Date.now()) / 1000;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function localTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.valueOf())) continue;
    time.title = `${instant.toLocaleString()} your time, ${ago(instant)}`;
  }
}

async function copy(button) {
  const label = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    label.textContent = "Copied";
  } catch {
    label.textContent = "Select it and copy";
  }
  setTimeout(() => { label.textContent = "Copy"; }, 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

localTimes();
// A minute is exact enough for "12 minutes ago", and a page whose rows were replaced catches up.
setInterval(localTimes, 60_000);
document.addEventListener("gas:replaced", localTimes);
