// What the attach menu and the keys that ask for a contact or a place ask on the phone before they send.

import { el } from "./dom.js";
import { ask } from "./sheet.js";
import { fullName } from "./state.js";
import { t } from "./words.js";

const SHENYANG = { latitude: 41.8057, longitude: 123.4315 };
const STICKERS = ["👍", "🙏", "😀", "🎉", "❤️", "🌉", "🐼", "☕"];

/** {contact} to send, or null. `asked`: the bot asks for this person's own number. */
export async function contactFrom(phone, person, bot, asked) {
  const number = { name: "phone_number", label: t("phone_number"), value: ownNumber(person), type: "tel", attributes: { required: true } };
  const others = [
    { name: "first_name", label: t("name"), value: fullName(person), attributes: { required: true } },
    { name: "own", label: t("own_contact"), value: true, type: "checkbox" },
  ];
  const title = asked ? t("share_phone", { bot: fullName(bot) }) : t("contact_title");
  const given = await ask(phone, { title, fields: asked ? [number] : [number, ...others], confirm: asked ? t("share") : t("send") });
  if (!given) return null;
  const { phone_number, first_name = fullName(person), own = true } = given;
  return { contact: { phone_number, first_name, own } };
}

/** {location} to send, or null. */
export async function locationFrom(phone) {
  const degrees = (name, limit) => ({
    name, label: t(name), value: String(SHENYANG[name]), type: "number", attributes: { required: true, step: "any", min: -limit, max: limit },
  });
  const given = await ask(phone, { title: t("location_title"), fields: [degrees("latitude", 90), degrees("longitude", 180)], confirm: t("send") });
  return given && { location: { latitude: Number(given.latitude), longitude: Number(given.longitude) } };
}

/** {sticker} to send, or null. */
export async function stickerFrom(phone) {
  const choice = (answer) => (emoji) => el("button", { type: "button", class: "choice", "aria-label": t("sticker", { emoji }), onclick: () => answer({ sticker: emoji }) }, emoji);
  const body = (answer) => el("div", { class: "stickers" }, STICKERS.map(choice(answer)));
  return ask(phone, { title: t("sticker_title"), body, confirm: null });
}

/** A start link's payload to press Start with, or null. */
export async function payloadFrom(phone) {
  const field = { name: "link", label: t("start_link_hint"), attributes: { required: true, placeholder: "https://t.me/…?start=…" } };
  const given = await ask(phone, { title: t("start_link_title"), fields: [field], confirm: t("open") });
  return given && (/[?&]start=([\w-]*)/.exec(given.link)?.[1] ?? given.link);
}

/** The payload when `address` starts this very bot ("" when it has none), else null. */
export function startPayload(address, bot) {
  const url = new URL(address);
  const same = url.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === (bot.username ?? "").toLowerCase();
  return same ? (url.searchParams.get("start") ?? "") : null;
}

/** A Chinese mobile number that is always the same for the same person. */
function ownNumber({ id }) {
  return `+86138${String(id % 100_000_000).padStart(8, "0")}`;
}
