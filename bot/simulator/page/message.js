// One block of a conversation as nodes: a bubble with its keyboard, an album, or a line of service.

import { el, icon, iconButton } from "./dom.js";
import { renderText } from "./entities.js";
import { inlineKeyboard } from "./keyboard.js";
import { album, mediaName, mediaOf } from "./media.js";
import { serviceText } from "./service.js";
import { fullName } from "./state.js";
import { clockTime } from "./time.js";
import { t } from "./words.js";

const BARE = ["sticker"];

/**
 * The node for `block` ({messages, first}). `view` = {personId, group, timeZone}; `act` is what pressing
 * does: tap, copy, link, command, jump(id), menu(message, anchor).
 */
export function messageNode({ messages, first }, view, act) {
  const [message] = messages;
  const service = serviceText(message);
  if (service !== null) return el("div", { class: "service", data: { message: message.message_id } }, service);

  const mine = message.outgoing_by === view.personId;
  const node = el("article", {
    class: `message ${mine ? "out" : "in"}${first ? " first" : ""}${message.outgoing_by === 0 ? " of-bot" : ""}`,
    tabindex: "-1",
    "aria-label": `${fullName(message.from ?? {})}, ${timeOf(message, view)}`,
    data: { message: message.message_id },
  });
  node.append(bubble(messages, { ...view, mine, first }, act));
  if (message.reply_markup?.inline_keyboard?.length) {
    node.append(inlineKeyboard(message.reply_markup, { ...act, tap: (button, key) => act.tap(message, button, key) }));
  }
  return node;
}

/** A message in one line, for quotes and the strip above the message field. */
export function snippet(message) {
  return message.text ?? message.caption ?? mediaName(message);
}

export function isProtected(message) {
  return Boolean(message.protect_content || message.has_protected_content);
}

function bubble(messages, view, act) {
  const [message] = messages;
  const captioned = messages.find((one) => one.text || one.caption) ?? message;
  const media = messages.length > 1 ? album(messages) : mediaOf(message);
  const separate = messages.length > 1 && messages.some((one) => one.document);
  const words = separate ? "" : (captioned.text ?? captioned.caption ?? "");
  const text = words ? renderText(words, captioned.entities ?? captioned.caption_entities, act) : null;
  const bare = BARE.some((kind) => message[kind]);
  const visual = Boolean(message.photo) && !words;
  const node = el(
    "div",
    { class: `bubble${bare ? " bare" : ""}${visual ? " visual" : ""}${isProtected(message) ? " protected" : ""}` },
    senderOf(message, view),
    forwardOf(message),
    quoteOf(message, act),
    media,
    el("div", { class: "words" }, text, metaOf(captioned, view)),
    text || media ? null : el("em", { class: "unknown" }, t("unknown")),
  );
  node.append(iconButton("down", t("actions"), {
    class: "icon-button actions", "aria-haspopup": "menu", onclick: (event) => act.menu(message, event.currentTarget),
  }));
  return node;
}

function senderOf(message, { group, mine, first }) {
  if (!group || mine || !first) return null;
  return el("div", { class: "sender", data: { hue: hueOf(message.from?.id ?? 0) } }, fullName(message.from ?? {}));
}

/** One of six calm hues, always the same for the same person. */
export function hueOf(id) {
  return Math.abs(id) % 6;
}

function forwardOf({ forward_origin: origin }) {
  if (!origin) return null;
  const name =
    origin.sender_user_name ?? (origin.sender_user && fullName(origin.sender_user)) ?? origin.sender_chat?.title ?? origin.chat?.title ?? t("someone");
  return el("div", { class: "forwarded" }, t("forwarded", { name }));
}

function quoteOf({ reply_to_message: target }, act) {
  if (!target || target.forum_topic_created) return null;
  return el(
    "button",
    { type: "button", class: "quoted", onclick: () => act.jump(target.message_id) },
    el("b", {}, fullName(target.from ?? {})),
    el("span", {}, snippet(target)),
  );
}

function metaOf(message, view) {
  const date = new Date(message.date * 1000);
  return el(
    "span",
    { class: "meta" },
    isProtected(message) ? el("span", { title: t("protected") }, icon("shield")) : null,
    message.edit_date ? el("span", { class: "edited" }, t("edited")) : null,
    el("time", { datetime: date.toISOString() }, timeOf(message, view)),
  );
}

function timeOf(message, { timeZone }) {
  return clockTime(new Date(message.date * 1000), timeZone);
}
