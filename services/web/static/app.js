// What every page has: local times in titles, deadlines that count down, and copy buttons. Nothing here is needed to use the page.

const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function ago(instant) {
  const seconds = (instant - Date.now()) / 1000;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function localTimes() {
  for (const time of document.querySelectorAll("time[datetime]:not([data-deadline])")) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.valueOf())) continue;
    time.title = `${instant.toLocaleString()} your time, ${ago(instant)}`;
  }
}

const two = (number) => String(number).padStart(2, "0");

/// The time of day here, with the day unless that is today.
function clock(instant) {
  const day = `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())} `;
  const isToday = instant.toDateString() === new Date().toDateString();
  return `${isToday ? "" : day}${two(instant.getHours())}:${two(instant.getMinutes())}`;
}

/// How long it is until then, begun minutes counted, in the words of the server.
function left(instant) {
  const minutes = Math.ceil((instant - Date.now()) / 60_000);
  if (minutes <= 0) return "the time is over";
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours} h ` : ""}${minutes % 60} min left`;
}

function deadlines() {
  for (const time of document.querySelectorAll("time[data-deadline]")) {
    time.title ||= time.textContent; // UTC
    time.textContent = `${clock(new Date(time.dateTime))} (your time)`;
  }
  for (const countdown of document.querySelectorAll("[data-left]")) {
    countdown.textContent = left(new Date(countdown.dataset.left));
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
deadlines();
// A minute is exact enough for "12 minutes ago"; what counts down in minutes is looked at more often.
setInterval(localTimes, 60_000);
setInterval(deadlines, 5_000);
// Parts of the page that were replaced have the times of the server.
document.addEventListener("gas:replaced", () => { localTimes(); deadlines(); });
