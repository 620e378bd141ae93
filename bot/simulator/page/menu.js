// A small menu beside the button that opened it: arrow keys, Enter, Escape, as the ARIA menu pattern says.

import { el, icon } from "./dom.js";

const GAP_PX = 6;

/** Open a menu in `host`; items are {label, icon?, act, disabled?, hint?, checked?} or null to leave out. */
export function openMenu(host, anchor, label, items) {
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (refocus) => {
    if (!menu.isConnected) return;
    menu.remove();
    anchor.removeAttribute("aria-expanded");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus && anchor.isConnected) anchor.focus({ preventScroll: true });
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close(false);
  };
  menu.append(...items.filter(Boolean).map((item) => entry(item, () => close(true))));
  menu.addEventListener("keydown", (event) => walk(event, menu, close));
  menu.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !menu.contains(relatedTarget) && close(false));
  document.addEventListener("pointerdown", outside, true);
  host.append(menu);
  place(menu, anchor, host);
  anchor.setAttribute("aria-expanded", "true");
  menu.querySelector("[role=menuitem]:not([aria-disabled])")?.focus({ preventScroll: true });
}

function entry({ label, icon: name, act, disabled, hint }, close) {
  const press = () => {
    if (disabled) return;
    close();
    act();
  };
  return el(
    "button",
    { type: "button", role: "menuitem", class: "menu-item", tabindex: "-1", "aria-disabled": disabled ? "true" : null, title: hint, onclick: press },
    name ? icon(name) : null,
    el("span", {}, label),
  );
}

function walk(event, menu, close) {
  const entries = [...menu.querySelectorAll("[role=menuitem]")];
  const now = entries.indexOf(document.activeElement);
  const steps = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 };
  if (event.key in steps) {
    entries.at(steps[event.key] % entries.length)?.focus();
    event.preventDefault();
  } else if (event.key === "Escape" || event.key === "Tab") {
    if (event.key === "Escape") event.preventDefault();
    close(true);
  }
  event.stopPropagation();
}

/** Below the anchor, or above when there is more room; never beyond its phone. */
function place(menu, anchor, host) {
  const frame = host.getBoundingClientRect();
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + GAP_PX + height <= frame.bottom;
  const top = below ? at.bottom + GAP_PX : Math.max(frame.top + GAP_PX, at.top - GAP_PX - height);
  const left = Math.min(Math.max(frame.left + GAP_PX, at.left), frame.right - width - GAP_PX);
  menu.style.top = `${top - frame.top}px`;
  menu.style.left = `${left - frame.left}px`;
}
