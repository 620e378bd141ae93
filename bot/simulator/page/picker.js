// Whose phones are shown: everyone by group, a search field, a form for one more person or group.

import { addGroup, addPerson } from "./api.js";
import { el, icon } from "./dom.js";
import { avatar, languageOptions } from "./header.js";
import { fullName } from "./state.js";
import { t } from "./words.js";

/** The panel's content. `shown()` gives the ids on show; `choose(id, on)` shows or hides one phone. */
export function pickerPanel(world, { shown, choose, failed }, signal) {
  const list = el("div", { class: "people" });
  const search = el("input", { type: "search", "aria-label": t("find_person"), placeholder: t("find_person"), autocomplete: "off", oninput: () => draw() });
  const draw = () => drawPeople(list, world, shown(), search.value.trim().toLowerCase(), choose);
  for (const type of ["person", "phones"]) world.on(type, draw, signal);
  draw();
  const body = el("div", { class: "drawer-body" }, el("p", { class: "hint" }, t("picker_hint")), el("div", { class: "search" }, search), list);
  const foot = el(
    "div",
    { class: "drawer-foot" },
    folding("add-person", "plus", t("add_person"), (close) => personForm(world, choose, failed, close)),
    folding("add-group", "group", t("new_group"), (close) => groupForm(shown, failed, close)),
  );
  return [body, foot];
}

function drawPeople(list, world, shown, wanted, choose) {
  const groups = new Map();
  for (const person of world.people.values()) {
    const words = `${fullName(person)} ${person.label} ${person.group} ${person.username ?? ""}`.toLowerCase();
    if (!words.includes(wanted)) continue;
    groups.set(person.group, [...(groups.get(person.group) ?? []), person]);
  }
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  list.replaceChildren(...[...groups].map(([group, people]) => groupOf(group, people, shown, choose)));
  if (!groups.size) list.append(el("p", { class: "hint" }, t("found_nobody")));
  if (focused) list.querySelector(`[data-testid="${focused}"]`)?.focus();
}

function groupOf(group, people, shown, choose) {
  const rows = people.map((person) => {
    const box = el("input", {
      type: "checkbox", checked: shown.includes(person.id), "aria-label": t("show_phone", { name: fullName(person) }),
      data: { testid: `pick-${person.id}` }, onchange: (event) => choose(person.id, event.target.checked),
    });
    const who = el("span", { class: "who" }, el("b", {}, fullName(person)), el("span", {}, person.label));
    return el("label", { class: "person" }, avatar(person), who, box);
  });
  return el("fieldset", {}, el("legend", {}, group || t("people")), rows);
}

/** A button that opens a form in its place. */
function folding(testid, sign, label, form) {
  const slot = el("div", { class: "folding" });
  const button = el("button", { type: "button", class: "button quiet wide", data: { testid }, onclick: () => open() }, icon(sign), label);
  const close = () => {
    slot.replaceChildren(button);
    button.focus();
  };
  const open = () => {
    slot.replaceChildren(form(close));
    slot.querySelector("input")?.focus();
  };
  slot.append(button);
  return slot;
}

function personForm(world, choose, failed, close) {
  const first = field("first_name", t("first_name"), { required: true, maxlength: 64 });
  const last = field("last_name", t("last_name"), { maxlength: 64 });
  const label = field("label", t("role"), { placeholder: t("applicant"), maxlength: 64 });
  const language = el("select", { name: "language_code" }, languageOptions("zh-hans"));
  const submit = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const person = { ...given, label: given.label || t("applicant"), group: t("added_people") };
    for (const name of ["last_name", "language_code"]) person[name] ||= null;
    try {
      const added = await addPerson(person);
      world.apply({ type: "person", person: added }); // the stream may tell of them only later
      close();
      choose(added.id, true);
    } catch (error) {
      failed(error);
    }
  };
  return panelForm("add-person-form", t("add_person"), submit, close, first, last, label, el("label", { class: "field" }, el("span", {}, t("language")), language));
}

function groupForm(shown, failed, close) {
  const title = field("title", t("group_title"), { required: true, maxlength: 128 });
  const forum = el("label", { class: "check" }, el("input", { type: "checkbox", name: "is_forum" }), el("span", {}, t("is_forum")));
  const submit = (event) => {
    event.preventDefault();
    const given = new FormData(event.target);
    addGroup({ title: given.get("title"), is_forum: given.has("is_forum"), members: shown() }).then(close, failed);
  };
  return panelForm("add-group-form", t("new_group"), submit, close, title, forum, el("p", { class: "hint" }, t("members_hint")));
}

function panelForm(testid, title, onsubmit, close, ...fields) {
  const buttons = el(
    "div",
    { class: "form-buttons" },
    el("button", { type: "button", class: "button quiet", onclick: close }, t("cancel")),
    el("button", { type: "submit", class: "button" }, t("add")),
  );
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  return el("form", { class: "panel-form", data: { testid }, onsubmit, onkeydown: escape }, el("h3", {}, title), fields, buttons);
}

function field(name, label, attributes) {
  return el("label", { class: "field" }, el("span", {}, label), el("input", { type: "text", name, autocomplete: "off", ...attributes }));
}
