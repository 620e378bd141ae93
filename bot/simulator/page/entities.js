// Text with MessageEntity marks -> nodes (Bot API, MessageEntity: offsets count UTF-16 units, as JavaScript does).

import { el } from "./dom.js";
import { t } from "./words.js";

const WRAPPERS = {
  bold: () => el("strong"),
  italic: () => el("em"),
  underline: () => el("u"),
  strikethrough: () => el("s"),
  code: () => el("code"),
  pre: ({ language }) => el("pre", { data: language ? { language } : {} }),
  blockquote: () => el("blockquote"),
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const LINES_OF_A_CLOSED_QUOTE = 3;
const LETTERS_OF_A_CLOSED_QUOTE = 110;

/**
 * Nodes for `text`. `act` says what pressing does: `act.command(text)`, `act.copy(text)`, and
 * `act.link(url)`, true when the phone itself followed the link.
 */
export function renderText(text, entities, act) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return renderRange(text, 0, text.length, sorted, act);
}

/** An http or https address as the browser reads it, else null: nothing else may be followed. */
export function safeLink(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

function renderRange(text, start, end, entities, act) {
  const nodes = [];
  let at = start;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    let inside = i + 1;
    while (inside < entities.length && entities[inside].offset < to) inside += 1;
    if (from < to) {
      if (from > at) nodes.push(text.slice(at, from));
      nodes.push(wrap(entity, text.slice(from, to), renderRange(text, from, to, entities.slice(i + 1, inside), act), act));
      at = to;
      // The line break that ends a block is already made by the block itself.
      if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
    }
    i = inside;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrap(entity, text, children, act) {
  if (entity.type === "spoiler") return spoiler(children);
  if (entity.type === "expandable_blockquote") return foldedQuote(text, children);
  if (entity.type === "url") return link(text, children, act);
  if (entity.type === "text_link") return link(entity.url, children, act);
  if (entity.type === "bot_command") {
    return el("button", { type: "button", class: "text-button", onclick: () => act.command(text) }, children);
  }
  const node = WRAPPERS[entity.type]?.(entity) ?? el("span", { class: `entity-${entity.type}` });
  node.append(...children);
  if (entity.type === "code" || entity.type === "pre") node.addEventListener("click", () => act.copy(text));
  return node;
}

function link(address, children, act) {
  const href = safeLink(address);
  if (!href) return el("span", { class: "entity-inert" }, children);
  const follow = (event) => act.link(href) && event.preventDefault();
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", title: href, onclick: follow }, children);
}

/** Hidden from eyes and screen readers alike until pressed. */
function spoiler(children) {
  const inner = el("span", { "aria-hidden": "true" }, children);
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("hidden_text") }, inner);
  const reveal = (event) => {
    if (!node.hasAttribute("role") || (event.key && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    inner.removeAttribute("aria-hidden");
    node.classList.add("shown");
  };
  node.addEventListener("click", reveal, true);
  node.addEventListener("keydown", reveal);
  return node;
}

function foldedQuote(text, children) {
  const long = text.length > LETTERS_OF_A_CLOSED_QUOTE || text.split("\n").length > LINES_OF_A_CLOSED_QUOTE;
  if (!long) return el("blockquote", {}, children);
  const inner = el("div", { class: "quote-text" }, children);
  const toggle = el("button", { type: "button", class: "quote-toggle", "aria-expanded": "false" }, t("show_more"));
  const quote = el("blockquote", { class: "folded" }, inner, toggle);
  toggle.addEventListener("click", () => {
    const open = !quote.classList.toggle("folded");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = t(open ? "show_less" : "show_more");
  });
  return quote;
}
