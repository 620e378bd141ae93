// What slides over one phone and asks for an answer there: alerts, a contact, a place, a sticker.
// The other phones stay usable, so these are not the browser's own modal dialogs.

import { el } from "./dom.js";
import { t } from "./words.js";

let sheets = 0;

/**
 * Ask on `phone` (a node holding one `.screen`). `fields` are {name, label, value, type?, attributes?};
 * `body` is any further nodes. Gives the fields' values by name, or null when it was closed.
 */
export function ask(phone, { title, hint, fields = [], body = [], confirm = t("ok"), cancel = t("cancel"), role = "dialog" }) {
  return new Promise((resolve) => {
    const id = `sheet-${(sheets += 1)}`;
    const inputs = fields.map((field) => input(field));
    const answer = (value) => {
      close();
      resolve(value);
    };
    const submit = (event) => {
      event.preventDefault();
      answer(Object.fromEntries(inputs.map(({ control, name }) => [name, control.type === "checkbox" ? control.checked : control.value.trim()])));
    };
    const form = el(
      "form",
      { class: "sheet", role, "aria-modal": "true", "aria-labelledby": id, "aria-describedby": hint ? `${id}-hint` : null, onsubmit: submit },
      el("h3", { id }, title),
      hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null,
      inputs.map(({ node }) => node),
      typeof body === "function" ? body(answer) : body,
      el(
        "div",
        { class: "sheet-buttons" },
        cancel ? el("button", { type: "button", class: "button quiet", onclick: () => answer(null) }, cancel) : null,
        confirm ? el("button", { type: "submit", class: "button" }, confirm) : null,
      ),
    );
    const close = cover(phone, form, () => answer(null));
  });
}

/** A text that must be read before going on (answerCallbackQuery with show_alert). */
export function alertOn(phone, text) {
  return ask(phone, { title: text, cancel: null, role: "alertdialog" });
}

function cover(phone, form, dismiss) {
  const screen = phone.querySelector(".screen");
  const back = document.activeElement;
  const veil = el("div", { class: "cover" }, form);
  veil.addEventListener("pointerdown", (event) => event.target === veil && dismiss());
  veil.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    dismiss();
  });
  screen.inert = true;
  phone.append(veil);
  // An alert must not take the keys from someone who types on another phone.
  if (!back || back === document.body || phone.contains(back) || screen.contains(back)) {
    form.querySelector("input, select, .choice, [type=submit], button")?.focus({ preventScroll: true });
  }
  return () => {
    const inside = veil.contains(document.activeElement);
    veil.remove();
    screen.inert = phone.querySelector(".cover") !== null;
    if (inside && back?.isConnected) back.focus({ preventScroll: true });
  };
}

function input({ name, label, value = "", type = "text", attributes = {} }) {
  const control = el("input", { type, name, ...(type === "checkbox" ? { checked: value } : { value }), autocomplete: "off", ...attributes });
  const node =
    type === "checkbox"
      ? el("label", { class: "check" }, control, el("span", {}, label))
      : el("label", { class: "field" }, el("span", {}, label), control);
  return { name, control, node };
}
