// The two kinds of keyboard a bot can show: inline, under a message, and reply, under the message field.

import { el, icon } from "./dom.js";
import { safeLink } from "./entities.js";
import { t } from "./words.js";

/**
 * An InlineKeyboardMarkup as rows of buttons. `act.tap(button, node)` for callbacks, `act.copy(text)`,
 * `act.link(url)`. A label too long for its width is cut off, as on a real phone; its title has all of it.
 */
export function inlineKeyboard(markup, act) {
  const rows = markup.inline_keyboard.map((row) => {
    const buttons = row.map((button) => inlineButton(button, act));
    return el("div", { class: "key-row" }, buttons);
  });
  return el("div", { class: "inline-keyboard" }, rows);
}

function inlineButton(button, act) {
  const label = el("span", { class: "key-label" }, button.text);
  if (button.callback_data !== undefined) {
    const props = { type: "button", class: "key", title: button.text, data: { callback: button.callback_data } };
    const node = el("button", props, label);
    node.addEventListener("click", () => act.tap(button, node));
    return node;
  }
  if (button.copy_text) {
    return marked("copy", "button_copy", button, { onclick: () => act.copy(button.copy_text.text) }, label);
  }
  const href = button.url ? safeLink(button.url) : null;
  if (href) {
    const follow = (event) => act.link(href) && event.preventDefault();
    const props = { class: "key", href, target: "_blank", rel: "noopener noreferrer", title: href, onclick: follow };
    return el("a", props, label, icon("open"), el("span", { class: "unseen" }, t("button_link")));
  }
  return el("button", { type: "button", class: "key", title: t("button_inert"), "aria-disabled": "true" }, label);
}

function marked(iconName, hint, button, props, label) {
  const node = { type: "button", class: "key", title: button.text, ...props };
  return el("button", node, label, icon(iconName), el("span", { class: "unseen" }, t(hint)));
}

/**
 * A ReplyKeyboardMarkup as rows of buttons. `act.text(text)` for plain ones, `act.contact()` and
 * `act.location()` for those that ask for one.
 */
export function replyKeyboard(markup, act) {
  const rows = markup.keyboard.map((row) => {
    const buttons = row.map((button) => replyButton(typeof button === "string" ? { text: button } : button, act));
    return el("div", { class: "key-row" }, buttons);
  });
  const size = markup.resize_keyboard ? "" : " tall";
  return el("div", { class: `reply-keyboard${size}`, role: "group", "aria-label": t("show_keyboard") }, rows);
}

function replyButton(button, act) {
  const press = () => {
    if (button.request_contact) act.contact();
    else if (button.request_location) act.location();
    else act.text(button.text);
  };
  const sign = button.request_contact ? icon("contact") : button.request_location ? icon("location") : null;
  const props = { type: "button", class: "key", title: button.text, data: { key: button.text }, onclick: press };
  return el("button", props, sign, el("span", { class: "key-label" }, button.text));
}
