// The clock panel: what time it is for bot and phones, and ways to move it.

import { moveClock } from "./api.js";
import { el } from "./dom.js";
import { fromLocalInput, fullMoment, toLocalInput } from "./time.js";
import { t } from "./words.js";

const TICK_MS = 1000;
const LEAPS = [
  ["plus_hour", "PT1H"],
  ["plus_day", "P1D"],
  ["plus_week", "P7D"],
];

/** The panel's content. */
export function clockPanel(world, { failed }, signal) {
  const time = el("span", { class: "now-time" });
  const day = el("span", { class: "now-day" });
  const draw = () => {
    const moment = fullMoment(world.now(), world.timeZone);
    time.textContent = moment.time;
    day.textContent = `${moment.day} · ${moment.zone}`;
  };
  const input = el("input", { type: "datetime-local", required: true, data: { testid: "clock-at" } });
  const jumped = () => {
    draw();
    input.value = toLocalInput(world.now(), world.timeZone);
  };
  const timer = setInterval(draw, TICK_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  world.on("clock", jumped, signal);
  jumped();
  const refused = (error) => failed(error.status === 404 ? new Error(t("no_clock")) : error);
  const move = (change) => moveClock(change).then(({ now }) => now && world.apply({ type: "clock", now }), refused);
  const leaps = LEAPS.map(([label, by]) => el("button", { type: "button", class: "button quiet", data: { testid: `clock-${by}` }, onclick: () => move({ by }) }, t(label)));
  return el(
    "div",
    { class: "drawer-body" },
    el("p", { class: "hint" }, t("clock_hint")),
    el("div", { class: "now", "aria-label": t("clock_now"), role: "timer", "aria-live": "off" }, time, day),
    el("div", { class: "leaps" }, leaps),
    setForm(input, world, move),
  );
}

function setForm(input, world, move) {
  const submit = (event) => {
    event.preventDefault();
    const at = fromLocalInput(input.value, world.timeZone);
    if (at) move({ at: at.toISOString() });
  };
  return el(
    "form",
    { class: "panel-form", onsubmit: submit },
    el("label", { class: "field" }, el("span", {}, t("set_clock")), input),
    el("button", { type: "submit", class: "button" }, t("set")),
  );
}
