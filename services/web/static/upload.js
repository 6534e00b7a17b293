// Checks a file, then sends it straight to storage with a progress bar. Without this script the form does the same, plainly.

// The module beside this one, in the same version.
const { check } = await import(`./vcf-check.js${new URL(import.meta.url).search}`);

const find = (id) => document.getElementById(id);
const [form, input, zone, report, button, cancel] =
  ["upload", "file", "drop-zone", "upload-report", "upload-button", "upload-cancel"].map(find);
const { limit, limitText, plan, next, upgrade } = form.dataset;
let scriptFields = find("script-fields");
let expiresAt = Date.now() + (Number(form.dataset.expiresIn) - 30) * 1000;
let chosen = 0;

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

const icon = (name) => find(`icon-${name}`).content.cloneNode(true);

function notice(kind, title, text, action) {
  const body = element("div", { className: "stack-small" }, element("p", {}, element("strong", { textContent: title })));
  if (text) body.append(element("p", { textContent: text }));
  if (action) body.append(element("p", {}, element("a", { href: action.href, textContent: action.label })));
  const drawing = icon(kind === "danger" ? "failed" : kind);
  return element("div", { className: `notice tone-${kind}` }, drawing, body);
}

function bytes(number) {
  const exact = `${number.toLocaleString("en")} byte${number === 1 ? "" : "s"}`;
  if (number < 1024) return exact;
  const [size, unit] = number < 1048576 ? [1024, "KB"] : number < 1073741824 ? [1048576, "MB"] : [1073741824, "GB"];
  return `${(number / size).toLocaleString("en", { maximumFractionDigits: 1 })} ${unit} (${exact})`;
}

function tooLarge(file) {
  const free = plan === "Free";
  return notice("warning", `This file is too large${free ? " for the Free plan" : ""}.`,
    `${file.name} has ${bytes(file.size)}; the limit is ${limitText}. ${free ? "Upgrade to Premium, or send" : "Send"} a part of the file.`,
    free && { href: upgrade, label: "See what Premium offers" });
}

const row = ({ tone, text }) => element("li", { className: `tone-${tone}` }, icon(tone), element("span", { textContent: text }));

async function inspect(file) {
  const turn = ++chosen;
  button.disabled = true;
  if (file.size === 0) return report.replaceChildren(notice("danger", "The file is empty.", `${file.name} has no bytes. Choose another file.`));
  if (file.size > Number(limit)) return report.replaceChildren(tooLarge(file));
  const checks = await check(file);
  if (turn !== chosen) return; // Another file was chosen in the meantime.
  const size = { tone: "completed", text: `${bytes(file.size)} of at most ${limitText}` };
  report.replaceChildren(element("ul", { className: "checks" }, ...[size, ...checks].map(row)));
  button.disabled = checks.some(({ tone }) => tone === "failed");
}

// The form is signed for a limited time. A page left open overnight fetches a new one unseen.
async function renewIfExpired() {
  if (Date.now() < expiresAt) return;
  const response = await fetch(location.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("script-fields");
  if (!fresh) return location.reload(); // Signed out: the reload leads to the login page and back.
  scriptFields = fresh;
  form.action = page.getElementById("upload").action;
  expiresAt = Date.now() + (Number(page.getElementById("upload").dataset.expiresIn) - 30) * 1000;
}

function fieldsFor(file) {
  const data = new FormData();
  for (const { name, value } of scriptFields.content.querySelectorAll("input")) {
    data.append(name, name === "x-amz-meta-file-name" ? encodeURIComponent(file.name) : value);
  }
  data.append(form.dataset.referenceField, find("reference").value);
  data.append("file", file); // Storage ignores every field after the file.
  return data;
}

function showProgress(event, started) {
  if (!event.lengthComputable) return;
  const { loaded, total } = event;
  const speed = loaded / Math.max(0.001, (performance.now() - started) / 1000);
  const left = Math.ceil((total - loaded) / speed);
  const percent = Math.floor((100 * loaded) / total);
  find("upload-bar").value = percent;
  find("upload-percent").textContent = `${percent} %`;
  const short = (number) => bytes(number).replace(/ \(.*/, "");
  find("upload-figures").textContent = `${short(loaded)} of ${short(total)}, ${short(Math.round(speed))} per second, ${left} s left`;
}

function send(file) {
  const request = new XMLHttpRequest();
  const started = performance.now();
  request.upload.addEventListener("progress", (event) => showProgress(event, started));
  request.addEventListener("load", () => (request.status === 201 ? finish(request) : fail(request, file)));
  request.addEventListener("error", () => stop(notice("danger", "The connection to storage broke.", "Nothing was submitted. Check your network and send the file again.")));
  request.addEventListener("abort", () => stop(notice("info", "The upload was cancelled.", "Nothing was submitted.")));
  cancel.onclick = () => request.abort();
  request.open("POST", form.action);
  request.send(fieldsFor(file));
}

const parse = (request) => new DOMParser().parseFromString(request.responseText, "application/xml");
const textOf = (xml, name) => xml.getElementsByTagName(name)[0]?.textContent ?? "";

function finish(request) {
  const xml = parse(request);
  const query = new URLSearchParams({ bucket: textOf(xml, "Bucket"), key: textOf(xml, "Key"), etag: textOf(xml, "ETag") });
  find("upload-figures").textContent = "The upload is complete; the job is being submitted.";
  cancel.hidden = true;
  location.assign(`${next}?${query}`);
}

function fail(request, file) {
  const code = textOf(parse(request), "Code");
  if (code === "EntityTooLarge") return stop(tooLarge(file));
  if (code === "EntityTooSmall") return stop(notice("danger", "The file is empty.", "Choose another file."));
  if (code === "AccessDenied" || code === "ExpiredToken") {
    return stop(notice("warning", "This page is too old to upload from.", "Reload it and choose the file again.", { href: location.href, label: "Reload the page" }));
  }
  stop(notice("danger", "Storage refused the file.", `It answered ${code || `with status ${request.status}`}. Nothing was submitted; send the file again in a minute.`));
}

function start() {
  report.replaceChildren();
  for (const id of ["upload-progress", "upload-cancel"]) find(id).hidden = false;
  button.hidden = true;
  input.disabled = true;
  cancel.focus();
}

function stop(message) {
  for (const id of ["upload-progress", "upload-cancel"]) find(id).hidden = true;
  button.hidden = false;
  input.disabled = false;
  report.replaceChildren(message);
  button.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = input.files[0];
  if (!file || button.disabled) return;
  start();
  try {
    await renewIfExpired();
    send(file);
  } catch {
    stop(notice("danger", "The upload could not begin.", "Check your network and send the file again."));
  }
});

input.addEventListener("change", () => (input.files[0] ? inspect(input.files[0]) : report.replaceChildren()));
for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  if (input.disabled || event.dataTransfer.files.length === 0) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change"));
});
// Firefox remembers the chosen file over a reload.
if (input.files[0]) inspect(input.files[0]);
