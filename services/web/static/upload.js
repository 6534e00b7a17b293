// Checks files, then sends them straight to storage with a progress bar, one after the other: each becomes a job of its own.
// Without this script the form does the same with one file, plainly.

// The modules beside this one, in the same version.
const beside = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const [{ check }, { bytes, element, find, icon, notice, pause, said, short }, { interruption, partsFor }] =
  await Promise.all(["vcf-check", "upload-words", "upload-parts"].map(beside));

const [form, input, zone, report, button, cancel] =
  ["upload", "file", "drop-zone", "upload-report", "upload-button", "upload-cancel"].map(find);
const { limit, limitText, plan, next, upgrade } = form.dataset;
const parts = partsFor(form); // Undefined where the plan has none.
let signed = signedForm(document);
let chosen = 0;
let files = []; // Those that may be sent.

// What one upload carries: each form is signed for one job, and for a limited time.
function signedForm(page) {
  const [fields, target] = ["script-fields", "upload"].map((id) => page.getElementById(id));
  if (!fields || !target) return undefined; // Signed out.
  return { fields, action: target.action, expiresAt: Date.now() + (Number(target.dataset.expiresIn) - 30) * 1000 };
}

function tooLarge(file) {
  const free = plan === "Free";
  return notice("warning", `This file is too large${free ? " for the Free plan" : ""}.`,
    `${file.name} has ${bytes(file.size)}; the limit is ${limitText}. ${free ? "Upgrade to Premium, or send" : "Send"} a part of the file.`,
    free && { href: upgrade, label: "See what Premium offers" });
}

const row = ({ tone, text }) => element("li", { className: `tone-${tone}` }, icon(tone), element("span", { textContent: text }));

// What is wrong with a file, or nothing; and what was found.
async function look(file) {
  if (file.size === 0) return { wrong: notice("danger", "The file is empty.", `${file.name} has no bytes. Choose another file.`), checks: [] };
  if (file.size > Number(limit)) return { wrong: tooLarge(file), checks: [] };
  const other = parts?.differs(file);
  if (other) return { wrong: notInterrupted(file, other), checks: [] };
  const size = { tone: "completed", text: `${bytes(file.size)} of at most ${limitText}` };
  const goesOn = parts?.isOf(file) ? [{ tone: "info", text: "The upload goes on where it stopped, with the settings that you had chosen." }] : [];
  const checks = [size, ...goesOn, ...(await check(file))];
  return { checks, fails: checks.some(({ tone }) => tone === "failed") };
}

function notInterrupted(file, other) {
  return notice("danger", "This is not the file that was interrupted.",
    `${file.name} had ${bytes(other.size)} then, and has ${bytes(file.size)} now. Choose the file as it was, or discard the interrupted upload.`);
}

const list = (rows) => element("ul", { className: "checks" }, ...rows.map(row));

async function inspect(chosenFiles) {
  const turn = ++chosen;
  files = [];
  button.disabled = true;
  const seen = [];
  for (const file of chosenFiles) {
    seen.push({ file, ...(await look(file)) });
    if (turn !== chosen) return; // Others were chosen in the meantime.
  }
  files = seen.filter(({ wrong, fails }) => !wrong && !fails).map(({ file }) => file);
  button.disabled = files.length === 0;
  button.textContent = files.length > 1 ? `Annotate ${files.length} files` : "Annotate";
  const [only] = seen;
  if (seen.length === 1) return report.replaceChildren(only.wrong ?? list(only.checks));
  const left = seen.length - files.length;
  const title = `${files.length} of ${seen.length} files can be annotated${left ? "; the others are left out" : ", each as a job of its own"}.`;
  // Of hundreds of files those matter that have something to be said.
  const isFine = ({ wrong, checks }) => !wrong && checks.every(({ tone }) => tone === "completed");
  const fine = seen.filter(isFine).map(({ file }) => ({ tone: "completed", text: `${file.name}, ${bytes(file.size)}` }));
  const others = seen.filter((one) => !isFine(one)).flatMap(({ file, wrong, checks }) =>
    [element("p", {}, element("strong", { textContent: file.name })), wrong ?? list(checks.filter(({ tone }) => tone !== "completed"))]);
  report.replaceChildren(notice(left ? "warning" : "info", title), list(fine), ...others);
}

// Another form, unseen: for another file, or because a page was left open overnight.
async function renew() {
  const response = await fetch(location.href);
  const fresh = signedForm(new DOMParser().parseFromString(await response.text(), "text/html"));
  if (fresh) signed = fresh;
  else location.reload(); // The reload leads to the login page and back.
}

function fieldsFor(file) {
  const data = new FormData();
  for (const { name, value } of signed.fields.content.querySelectorAll("input")) {
    data.append(name, name === "x-amz-meta-file-name" ? encodeURIComponent(file.name) : value);
  }
  for (const { name, value } of form.querySelectorAll("select")) data.append(name, value);
  data.append("file", file); // Storage ignores every field after the file.
  return data;
}

// How far it is. What was sent `before` says nothing of how fast it is now.
function showProgress(loaded, total, started, before = 0) {
  const speed = Math.max(1, loaded - before) / Math.max(0.001, (performance.now() - started) / 1000);
  const left = Math.ceil((total - loaded) / speed);
  const percent = Math.floor((100 * loaded) / total);
  find("upload-bar").value = percent;
  find("upload-percent").textContent = `${percent} %`;
  find("upload-figures").textContent = `${short(loaded)} of ${short(total)}, ${short(Math.round(speed))} per second, ${left} s left`;
}

// Sends a file; gives the address that submits it. What fails, throws a notice.
const send = (file) => (parts?.takes(file) ? sendInParts(file) : sendWhole(file));

function sendInParts(file) {
  const [started, stopping] = [performance.now(), new AbortController()];
  const chosenSettings = [...form.querySelectorAll("select")].map(({ name, value }) => [name.replace("x-amz-meta-", ""), value]);
  cancel.onclick = () => stopping.abort();
  return parts.send(file, {
    settings: Object.fromEntries(chosenSettings),
    signal: stopping.signal,
    progress: (loaded, total, before) => showProgress(loaded, total, started, before),
    says: (text) => { find("upload-figures").textContent = text; },
  });
}

function sendWhole(file) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const request = new XMLHttpRequest();
  const started = performance.now();
  request.upload.addEventListener("progress", ({ loaded, total }) => showProgress(loaded, total, started));
  request.addEventListener("load", () => (request.status === 201 ? resolve(submission(request)) : reject(failure(request, file))));
  request.addEventListener("error", () => reject(notice("danger", "The connection to storage broke.", `${file.name} was not submitted. Check your network and send the file again.`)));
  request.addEventListener("abort", () => reject(notice("info", "The upload was cancelled.", `${file.name} was not submitted.`)));
  cancel.onclick = () => request.abort();
  request.open("POST", signed.action);
  request.send(fieldsFor(file));
  return promise;
}

function submission(request) {
  const text = said(request);
  return `${next}?${new URLSearchParams({ bucket: text("Bucket"), key: text("Key"), etag: text("ETag") })}`;
}

function failure(request, file) {
  const code = said(request)("Code");
  if (code === "EntityTooLarge") return tooLarge(file);
  if (code === "EntityTooSmall") return notice("danger", "The file is empty.", `${file.name} has no bytes. Choose another file.`);
  if (code === "AccessDenied" || code === "ExpiredToken") {
    return notice("warning", "This page is too old to upload from.", "Reload it and choose the file again.", { href: location.href, label: "Reload the page" });
  }
  return notice("danger", "Storage refused the file.", `It answered ${code || `with status ${request.status}`}. ${file.name} was not submitted; send the file again in a minute.`);
}

// Makes a job of what was sent; gives its page. Who submits more than one may in a minute, waits.
async function submit(address) {
  for (;;) {
    const answer = await fetch(address);
    if (answer.ok) return answer.url;
    if (answer.status !== 429) throw notice("danger", "The file was uploaded, and not submitted.", "Open the address to submit it.", { href: address, label: "Submit it" });
    await pause(Number(answer.headers.get("retry-after")) || 10);
  }
}

async function sendOne(file) {
  const address = await send(file);
  find("upload-figures").textContent = "The upload is complete; the job is being submitted.";
  cancel.hidden = true;
  location.assign(address);
}

// One after the other, so that none of them is slow; each with a line that says what became of it.
async function sendAll() {
  let isStopped = false;
  const lines = files.map((file) => row({ tone: "pending", text: `${file.name}: waits` }));
  report.replaceChildren(element("ul", { className: "files" }, ...lines));
  const say = (number, tone, ...children) => {
    lines[number].className = `tone-${tone}`;
    lines[number].replaceChildren(icon(tone), element("span", {}, ...children));
  };
  let submitted = 0;
  for (const [number, file] of files.entries()) {
    if (isStopped) {
      say(number, "warning", `${file.name}: not sent`);
      continue;
    }
    say(number, "info", `${file.name}: is being sent`);
    try {
      if (number > 0) await renew();
      const sent = send(file);
      const abort = cancel.onclick;
      cancel.onclick = () => { isStopped = true; abort(); };
      const page = await submit(await sent);
      const begun = parts?.isOf(file);
      if (begun) parts.forget(begun);
      say(number, "completed", `${file.name}: `, element("a", { href: page, textContent: "submitted" }));
      submitted += 1;
    } catch (wrong) {
      say(number, "failed", `${file.name}: `, wrong instanceof Element ? wrong.textContent : "could not be sent. Check your network.");
    }
  }
  const kept = [...report.children];
  await renew();
  stop(notice(submitted === files.length ? "success" : "warning", `${submitted} of ${files.length} files were submitted.`, "",
    { href: "/annotations", label: "See them in My annotations" }), ...kept);
  [files, input.value, button.disabled, button.textContent] = [[], "", true, "Annotate"];
}

// Says which uploads were interrupted, while none is under way here.
async function showInterrupted() {
  if (!parts) return;
  const found = await parts.interrupted(() => showInterrupted().catch(sayNoConnection));
  if (input.disabled) return;
  const drop = async (entry) => {
    await parts.discard(entry);
    await showInterrupted();
    if (input.files[0]) inspect([...input.files]);
    input.focus();
  };
  find("interrupted").replaceChildren(...found.map((entry) => interruption(entry, () => drop(entry).catch(sayNoConnection))));
}

const sayNoConnection = () => report.replaceChildren(notice("danger", "The service does not answer.", "Check your network and try again."));

function start() {
  find("interrupted").replaceChildren();
  report.replaceChildren();
  for (const id of ["upload-progress", "upload-cancel"]) find(id).hidden = false;
  button.hidden = true;
  input.disabled = true;
  cancel.focus();
}

function stop(...messages) {
  for (const id of ["upload-progress", "upload-cancel"]) find(id).hidden = true;
  button.hidden = false;
  input.disabled = false;
  report.replaceChildren(...messages);
  button.focus();
  showInterrupted().catch(sayNoConnection);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (files.length === 0 || button.disabled) return;
  start();
  try {
    if (Date.now() > signed.expiresAt) await renew();
    await (files.length === 1 ? sendOne(files[0]) : sendAll());
  } catch (wrong) {
    stop(wrong instanceof Element ? wrong : notice("danger", "The upload could not begin.", "Check your network and send the file again."));
  }
});

input.multiple = true;
input.addEventListener("change", () => (input.files[0] ? inspect([...input.files]) : report.replaceChildren()));
for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  if (input.disabled || event.dataTransfer.files.length === 0) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change"));
});
showInterrupted().catch(sayNoConnection);
// Firefox remembers the chosen file over a reload.
if (input.files[0]) inspect([...input.files]);
