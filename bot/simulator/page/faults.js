// The fault panel: what Telegram does on a bad day, so that a developer sees what people see then.

import { block, setFaults } from "./api.js";
import { el } from "./dom.js";
import { fullName } from "./state.js";
import { t } from "./words.js";

const NONE = {
  slow_ms: 0,
  rate_limit: { next: 0, retry_after: 0 },
  drop_answers: 0,
  refuse: { next: 0, status: 500 },
  duplicate_updates: false,
};

/** True when anything is out of order. */
export function anyFault({ slow_ms, rate_limit, drop_answers, refuse, duplicate_updates }) {
  return Boolean(slow_ms || rate_limit?.next || drop_answers || refuse?.next || duplicate_updates);
}

/** The panel's content; `shown()` gives the ids of the phones on show. */
export function faultPanel(world, { shown, failed }, signal) {
  const set = (change) => setFaults(change).then((faults) => world.apply({ type: "faults", faults: { ...world.faults, ...faults } }), failed);
  const slow = number("slow_ms", t("milliseconds"), 2000, 0, 60_000);
  const limited = number("next", t("next_calls"), 1, 1, 1000);
  const after = number("retry_after", t("retry_after"), 5, 1, 3600);
  const dropped = number("drop", t("next_calls"), 1, 1, 1000);
  const refused = number("refuse", t("next_calls"), 1, 1, 1000);
  const status = el("select", { name: "status" }, [500, 502, 503, 504].map((code) => el("option", { value: code }, String(code))));
  const twice = el("input", { type: "checkbox", role: "switch", name: "duplicate_updates", onchange: () => set({ duplicate_updates: twice.checked }) });
  const sections = [
    fault("slow", t("slow_hint"), ({ slow_ms: ms }) => (ms ? `${ms} ms` : ""), [slow], () => set({ slow_ms: value(slow) })),
    fault("rate_limit", t("rate_limit_hint"), ({ rate_limit: limit }) => left(limit?.next), [limited, after], () =>
      set({ rate_limit: { next: value(limited), retry_after: value(after) } })),
    fault("drop_answers", t("drop_answers_hint"), ({ drop_answers: n }) => left(n), [dropped], () => set({ drop_answers: value(dropped) })),
    fault("refuse", t("refuse_hint"), ({ refuse }) => left(refuse?.next), [refused, el("label", { class: "field" }, el("span", {}, t("status")), status)], () =>
      set({ refuse: { next: value(refused), status: Number(status.value) } })),
  ];
  const blocked = el("div", { class: "blocked-list" });
  const draw = () => {
    for (const section of sections) section.show(world.faults);
    twice.checked = Boolean(world.faults.duplicate_updates);
    drawBlocked(blocked, world, shown(), failed);
  };
  for (const type of ["faults", "person", "phones"]) world.on(type, draw, signal);
  draw();
  return el(
    "div",
    { class: "drawer-body" },
    el("p", { class: "hint" }, t("faults_hint")),
    sections.map(({ node }) => node),
    el("fieldset", { class: "fault" }, el("legend", {}, t("duplicate")), el("label", { class: "check spread" }, el("span", { class: "hint" }, t("duplicate_hint")), twice)),
    el("fieldset", { class: "fault" }, el("legend", {}, t("blocked_by")), el("p", { class: "hint" }, t("blocked_hint")), blocked),
    el("button", { type: "button", class: "button wide", data: { testid: "all-well" }, onclick: () => set(NONE) }, t("all_well")),
  );
}

/** One fault with its numbers and Apply; `now(faults)` says in words what is still to come. */
function fault(name, hint, now, fields, apply) {
  const mark = el("output", { class: "fault-now" });
  const submit = (event) => {
    event.preventDefault();
    apply();
  };
  const form = el("form", { class: "fault-fields", onsubmit: submit }, fields, el("button", { type: "submit", class: "button quiet" }, t("apply")));
  const node = el("fieldset", { class: "fault", data: { testid: `fault-${name}` } }, el("legend", {}, t(name), mark), el("p", { class: "hint" }, hint), form);
  return { node, show: (faults) => (mark.textContent = now(faults)) };
}

function drawBlocked(list, world, shown, failed) {
  const focused = list.contains(document.activeElement) ? document.activeElement.name : null;
  const people = [...world.people.values()].filter((person) => shown.includes(person.id) || person.blocked);
  const rows = people.map((person) => {
    const change = (event) => block(person.id, event.target.checked).catch(failed);
    const box = el("input", { type: "checkbox", role: "switch", name: `blocked-${person.id}`, checked: person.blocked, onchange: change });
    return el("label", { class: "check spread" }, el("span", {}, fullName(person)), box);
  });
  list.replaceChildren(...rows);
  if (focused) list.querySelector(`[name="${focused}"]`)?.focus();
}

function left(n) {
  return n ? t("left_calls", { n }) : "";
}

function number(name, label, initial, min, max) {
  const input = el("input", { type: "number", name, value: String(initial), min, max, required: true, inputmode: "numeric" });
  return el("label", { class: "field" }, el("span", {}, label), input);
}

function value(labelled) {
  return Number(labelled.querySelector("input").value);
}
