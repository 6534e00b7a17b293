// What the page of uploads is made of: elements, notices, sizes.

export const find = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

export const icon = (name) => find(`icon-${name}`).content.cloneNode(true);

// Something to know; `actions` are links { href, label } and buttons { press, label }.
export function notice(kind, title, text, ...actions) {
  const body = element("div", { className: "stack-small" }, element("p", {}, element("strong", { textContent: title })));
  if (text) body.append(element("p", { textContent: text }));
  const wanted = actions.filter(Boolean);
  if (wanted.length > 0) body.append(element("p", {}, ...wanted.map(act)));
  const drawing = icon({ danger: "failed", success: "completed" }[kind] ?? kind);
  return element("div", { className: `notice tone-${kind}` }, drawing, body);
}

function act({ href, press, label }) {
  if (href) return element("a", { href, textContent: label });
  return element("button", { type: "button", className: "button", textContent: label, onclick: press });
}

export function bytes(number) {
  const exact = `${number.toLocaleString("en")} byte${number === 1 ? "" : "s"}`;
  if (number < 1024) return exact;
  const [size, unit] = number < 1048576 ? [1024, "KB"] : number < 1073741824 ? [1048576, "MB"] : [1073741824, "GB"];
  return `${(number / size).toLocaleString("en", { maximumFractionDigits: 1 })} ${unit} (${exact})`;
}

export const short = (number) => bytes(number).replace(/ \(.*/, "");

export const pause = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1000));

const parse = (request) => new DOMParser().parseFromString(request.responseText, "application/xml");

// What storage says in its XML, by the names of its elements.
export function said(request) {
  const xml = parse(request);
  return (name) => xml.getElementsByTagName(name)[0]?.textContent ?? "";
}
