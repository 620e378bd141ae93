// Building nodes. Text always arrives as text nodes: nothing here, or on the page, parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. Props that start with "on" are listeners, `data` is the dataset, `class` the class list;
 * true is an empty attribute, false and null leave it out. Children are nodes or text.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  setProps(node, props);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function setProps(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
}

/** A 24 px line icon from path data; decoration only, so hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon and is named by its label. */
export function iconButton(name, label, props = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...props }, icon(name));
}

const ICONS = {
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 8.5c.3-3.6 3-5.5 6.5-5.5s6.2 1.9 6.5 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .7 3.3 2.4 3.5 5",
  fault: "M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5m0 2.3v.2",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5.2l3.3 2",
  close: "M6 6l12 12M18 6 6 18",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M4 12 3.5 4.5 21 12 3.5 19.5 4 12Zm0 0h8",
  attach: "m20 11.5-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7",
  keyboard: "M4 6.5h16a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 16V8A1.5 1.5 0 0 1 4 6.5Zm2.5 3.5v.01m3.7-.01v.01m3.6-.01v.01m3.7-.01v.01M8.5 14h7",
  commands: "M14.5 5 9.5 19",
  reply: "M10 6 4 12l6 6m-6-6h9a7 7 0 0 1 7 6.5",
  edit: "m14.5 6 3.5 3.5M5 19l.8-4L16 4.8a1.7 1.7 0 0 1 2.4 0l.8.8a1.7 1.7 0 0 1 0 2.4L9 18.2 5 19Z",
  copy: "M9 9h9.5a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1Zm-4.5 6h-.5a1 1 0 0 1-1-1V4.5a1 1 0 0 1 1-1h9.5a1 1 0 0 1 1 1V5",
  forward: "m14 6 6 6-6 6m6-6h-9a7 7 0 0 0-7 6.5",
  file: "M13.5 3H7a1.5 1.5 0 0 0-1.5 1.5v15A1.5 1.5 0 0 0 7 21h10a1.5 1.5 0 0 0 1.5-1.5V8l-5-5Zm0 0v5h5",
  photo: "M4.5 4.5h15a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1Zm-1 11.5 5-5 4 4 3-3 5 5M15 8.5v.01",
  contact: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 20c.4-3.8 3.4-5.5 7-5.5s6.6 1.7 7 5.5",
  location: "M12 21s7-6.2 7-11.3A7 7 0 0 0 5 9.7C5 14.8 12 21 12 21Zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  sticker: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-3.2-11v.01m6.4-.01v.01M8.5 14c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2",
  voice: "M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3Zm-6.5-3a6.5 6.5 0 0 0 13 0M12 18v3",
  link: "m9.5 14.5 5-5M11 6.5l1.5-1.5a4.2 4.2 0 0 1 6 6L17 12.5m-4 5L11.5 19a4.2 4.2 0 0 1-6-6L7 11.5",
  bin: "M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l1 13h9l1-13M10 10.5v5.5m4-5.5v5.5",
  open: "M8 16 17 7m-7 0h7v7",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.7 5.7l12.6 12.6",
  shield: "M12 3.5 5 6v5.5c0 4.3 2.9 7.6 7 9 4.1-1.4 7-4.7 7-9V6l-7-2.5Z",
  down: "m6 9.5 6 6 6-6",
  plus: "M12 5v14M5 12h14",
  group: "M4 5.5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9L6.5 20v-3.5H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1Z",
  pin: "M12 15v6m-5-6h10l-1.5-3.5V5h1V3h-9v2h1v6.5L7 15Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
};
