// The head of a phone: whose it is, their language, and its menu.

import { block, changePerson } from "./api.js";
import { el, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { hueOf } from "./message.js";
import { fullName } from "./state.js";
import { PHONE_LANGUAGES, t } from "./words.js";

/** `act` = startLink(), hide(), failed(error). */
export function phoneHeader(person, headingId, act) {
  const name = fullName(person);
  const menu = iconButton("more", t("phone_menu"), { "aria-haspopup": "menu", data: { testid: "phone-menu" } });
  menu.addEventListener("click", () =>
    openMenu(menu.closest(".phone"), menu, t("phone_menu"), [
      {
        label: t(person.blocked ? "unblock" : "block"), icon: "block",
        act: () => block(person.id, !person.blocked).catch(act.failed),
      },
      { label: t("start_link"), icon: "link", act: act.startLink },
      { label: t("hide_phone"), icon: "close", act: act.hide },
    ]),
  );
  return el(
    "header",
    { class: "phone-head" },
    avatar(person),
    el("div", { class: "who" }, el("h2", { id: headingId }, name), el("p", {}, person.label)),
    languageChoice(person, name, act.failed),
    menu,
  );
}

/** A round sign with the person's first letters, or the last two Han characters of the name. */
export function avatar(person) {
  const name = fullName(person);
  const letters = /\p{Script=Han}/u.test(name) ? name.slice(-2) : [...name.matchAll(/(?:^|\s)(\p{L})/gu)].map((found) => found[1]).join("").slice(0, 2);
  return el("span", { class: "avatar", "aria-hidden": "true", data: { hue: hueOf(person.id) } }, letters.toUpperCase());
}

/** The languages that a phone can be set to; one we don't list is kept. */
export function languageOptions(chosen) {
  const known = PHONE_LANGUAGES.some(([code]) => code === chosen);
  const all = [...PHONE_LANGUAGES, ...(chosen && !known ? [[chosen, chosen]] : []), ["", t("language_none")]];
  return all.map(([code, label]) => el("option", { value: code, selected: code === (chosen ?? ""), lang: code || null }, label));
}

function languageChoice(person, name, failed) {
  const label = t("language_of", { name });
  const select = el("select", { class: "language", "aria-label": label, title: label, data: { testid: "language" } }, languageOptions(person.language_code));
  select.addEventListener("change", () => changePerson(person.id, { language_code: select.value || null }).catch(failed));
  return select;
}
