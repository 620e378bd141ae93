// Dates as the page shows and reads them, in the simulator's time zone or else the browser's.

import { locale, t } from "./words.js";

const DAY_MS = 86_400_000;

/** "10:32" */
export function clockTime(date, timeZone) {
  return format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
}

/** A key that is the same for all moments of one day. */
export function dayKey(date, timeZone) {
  const { year, month, day } = parts(date, timeZone);
  return `${year}-${month}-${day}`;
}

/** "Today", "Yesterday", or the date with weekday. */
export function dayName(date, now, timeZone) {
  const key = dayKey(date, timeZone);
  if (key === dayKey(now, timeZone)) return t("today");
  if (key === dayKey(new Date(now.getTime() - DAY_MS), timeZone)) return t("yesterday");
  const year = key.slice(0, 4) === dayKey(now, timeZone).slice(0, 4) ? undefined : "numeric";
  return format(date, { year, month: "long", day: "numeric", weekday: "short", timeZone });
}

/** Date, weekday, time and zone, for the clock panel. */
export function fullMoment(date, timeZone) {
  const day = format(date, { year: "numeric", month: "long", day: "numeric", weekday: "long", timeZone });
  return { day, time: clockTime(date, timeZone), zone: zoneName(date, timeZone) };
}

/** What an <input type=datetime-local> holds for this moment. */
export function toLocalInput(date, timeZone) {
  const { year, month, day, hour, minute } = parts(date, timeZone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The moment that an <input type=datetime-local> names; null when it is empty. */
export function fromLocalInput(value, timeZone) {
  const asUtc = Date.parse(`${value}Z`);
  if (Number.isNaN(asUtc)) return null;
  // Twice, since the offset at the guess may differ from that at the moment (a change to summer time).
  const guess = asUtc - offsetMs(new Date(asUtc), timeZone);
  return new Date(asUtc - offsetMs(new Date(guess), timeZone));
}

function offsetMs(date, timeZone) {
  const { year, month, day, hour, minute, second } = parts(date, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(date.getTime() / 1000) * 1000;
}

const NUMBERS = {
  hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
};

function parts(date, timeZone) {
  const found = formatter("en-CA", { ...NUMBERS, timeZone }).formatToParts(date);
  return Object.fromEntries(found.map(({ type, value }) => [type, value]));
}

function zoneName(date, timeZone) {
  const found = formatter(locale(), { timeZone, timeZoneName: "short" }).formatToParts(date);
  return found.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

function format(date, options) {
  return formatter(locale(), options).format(date);
}

const formatters = new Map();

/** Making a formatter costs more than a thousand uses of it, so each is made once. */
function formatter(tag, options) {
  const key = tag + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(tag, options));
  return formatters.get(key);
}
