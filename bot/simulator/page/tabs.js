// A row of tabs: arrow keys move and choose, as the ARIA tabs pattern says.

import { el } from "./dom.js";
import { t } from "./words.js";

/** Fill `list` with items {key, label, detail?, unread?, controls?, testid?}; `choose(key)` when one is chosen. */
export function fillTabs(list, label, items, current, choose) {
  const focused = list.contains(document.activeElement);
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", label);
  list.onkeydown = (event) => walk(event, items, current, choose);
  list.replaceChildren(...items.map((item) => tab(item, item.key === current, choose)));
  const chosen = list.querySelector("[aria-selected=true]");
  if (focused) chosen?.focus({ preventScroll: true });
  if (chosen && list.scrollWidth > list.clientWidth) list.scrollLeft = chosen.offsetLeft - list.clientWidth / 3;
}

function tab({ key, label, detail, unread = 0, controls, testid }, chosen, choose) {
  return el(
    "button",
    {
      type: "button", class: "tab", role: "tab", "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1", "aria-controls": controls,
      onclick: () => choose(key), data: { testid: testid ?? `tab-${key}` },
    },
    el("span", { class: "tab-name" }, label),
    detail ? el("span", { class: "tab-detail" }, detail) : null,
    unread ? el("span", { class: "badge" }, el("span", { "aria-hidden": "true" }, String(unread)), el("span", { class: "unseen" }, t("unread", { n: unread }))) : null,
  );
}

function walk(event, items, current, choose) {
  const now = items.findIndex(({ key }) => key === current);
  const steps = { ArrowRight: now + 1, ArrowLeft: now - 1 + items.length, Home: 0, End: items.length - 1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  choose(items[steps[event.key] % items.length].key);
}
