// What a message carries beside its text: photos, documents, contacts, places, stickers, voice.

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { fullName } from "./state.js";
import { t } from "./words.js";

const PREVIEW_WIDTH = 640;
// Types that a browser shows by itself, without running anything of the file's.
const OPENS = /^(application\/pdf|image\/(png|jpeg|gif|webp)|audio\/|video\/)/;

/** The node for what this message carries, or null when it is text alone. */
export function mediaOf(message) {
  for (const kind of Object.keys(DRAWN)) if (message[kind]) return DRAWN[kind](message[kind], message);
  return null;
}

/** One bubble's worth of album: photos as a mosaic, anything else one below the other. */
export function album(messages) {
  const photos = messages.every((message) => message.photo || message.video);
  const parts = messages.map((message) => {
    const caption = !photos && message.caption ? el("div", { class: "part-caption" }, message.caption) : null;
    return el("div", { class: "album-part", data: { part: message.message_id } }, mediaOf(message), caption);
  });
  return el("div", { class: photos ? "album mosaic" : "album", data: { n: Math.min(messages.length, 4) } }, parts);
}

/** A name for a message without text, for quotes and screen readers. */
export function mediaName(message) {
  if (message.photo) return t("photo");
  if (message.video) return t("video");
  if (message.document) return message.document.file_name ?? t("file");
  if (message.contact) return t("contact");
  if (message.location || message.venue) return t("location");
  if (message.sticker) return t("sticker", { emoji: message.sticker.emoji ?? "" });
  if (message.voice) return t("voice", { n: message.voice.duration });
  return t("unknown");
}

/** "28 KB", in the units that file managers use. */
export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const DRAWN = {
  photo,
  animation: document_,
  document: document_,
  video: document_,
  audio: document_,
  voice,
  sticker,
  contact,
  venue: (venue) => place(venue.location, venue.title, venue.address),
  location: (location) => place(location),
};

function photo(sizes, message) {
  const size = sizes.find(({ width }) => width >= PREVIEW_WIDTH) ?? sizes.at(-1);
  const full = sizes.at(-1);
  const image = el("img", {
    src: fileAddress(size.file_id), alt: message.caption || t("photo"), width: size.width, height: size.height, decoding: "async",
  });
  const props = { class: "photo", href: fileAddress(full.file_id), target: "_blank", rel: "noopener" };
  const node = el("a", props, image);
  if (message.has_media_spoiler) cover(node);
  return node;
}

function cover(node) {
  node.classList.add("covered");
  node.setAttribute("aria-label", t("show_photo"));
  const reveal = (event) => {
    event.preventDefault();
    node.classList.remove("covered");
    node.removeAttribute("aria-label");
  };
  node.addEventListener("click", reveal, { once: true });
}

function document_(file) {
  const name = file.file_name ?? t("file");
  const type = file.mime_type ?? "";
  const opens = OPENS.test(type);
  const ending = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toUpperCase() ?? "";
  const props = { class: "document", href: fileAddress(file.file_id), rel: "noopener", data: { type: ending.toLowerCase() } };
  const details = [ending, fileSize(file.file_size)].filter(Boolean).join(" · ");
  return el(
    "a",
    { ...props, target: opens ? "_blank" : null, download: opens ? null : name, title: name },
    el("span", { class: "document-sign" }, ending ? el("b", { "aria-hidden": "true" }, ending) : icon("file")),
    el("span", { class: "document-name" }, ...breakable(name)),
    el("span", { class: "document-size" }, details),
    opens ? el("span", { class: "unseen" }, t("file_opens")) : null,
  );
}

/** A long name may break before its brackets and after its underscores. */
function breakable(name) {
  return name.split(/(?=[〔(（])|(?<=_)/).flatMap((part, i) => (i ? [el("wbr"), part] : [part]));
}

function contact(card, message) {
  const name = fullName(card);
  const own = card.user_id !== undefined && card.user_id === message.from?.id;
  return el(
    "div",
    { class: "contact" },
    el("span", { class: "contact-sign", "aria-hidden": "true" }, icon("contact")),
    el("span", { class: "contact-name" }, name),
    el("span", { class: "contact-phone" }, card.phone_number, own ? el("em", {}, ` · ${t("own_number")}`) : null),
  );
}

function place({ latitude, longitude }, title, address) {
  const position = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return el(
    "div",
    { class: "place" },
    el("div", { class: "place-map", "aria-hidden": "true" }, icon("location")),
    el("div", { class: "place-name" }, title ?? t("location")),
    el("div", { class: "place-position" }, address ? `${address} · ${position}` : position),
  );
}

function sticker({ emoji }) {
  return el("div", { class: "sticker", role: "img", "aria-label": t("sticker", { emoji: emoji ?? "" }) }, emoji ?? "🖼");
}

function voice({ duration }) {
  const bars = Array.from({ length: 22 }, (_, i) => el("i", { data: { h: (i * 7 + 3) % 5 } }));
  const wave = el("span", { class: "voice-wave", "aria-hidden": "true" }, bars);
  return el(
    "div",
    { class: "voice", role: "img", "aria-label": t("voice", { n: duration }) },
    el("span", { class: "voice-sign" }, icon("voice")),
    wave,
    el("span", { class: "voice-length", "aria-hidden": "true" }, `0:${String(duration).padStart(2, "0")}`),
  );
}
