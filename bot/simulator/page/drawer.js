// The panel beside the phones: people, faults or clock, one at a time.

import { el, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

export class Drawer {
  #slot;
  #panels;
  #open = null;
  #buttons = new Map();
  #stop = null;

  /** `panels` = {name: {icon, label, title, testid, build(signal) -> nodes}}; `slot` is where the panel opens. */
  constructor(slot, panels) {
    this.#slot = slot;
    this.#panels = panels;
  }

  /** The buttons that open the panels. */
  buttons() {
    return Object.entries(this.#panels).map(([name, { icon: sign, label, testid }]) => {
      const button = el(
        "button",
        {
          type: "button", class: "tool", "aria-expanded": String(this.#open === name), "aria-controls": "drawer",
          data: { testid: `open-${testid}` }, onclick: () => this.toggle(name),
        },
        icon(sign),
        el("span", { class: "tool-label" }, t(label)),
        el("span", { class: "tool-mark" }),
      );
      this.#buttons.set(name, button);
      return button;
    });
  }

  /** A dot on the button, for faults that are on. */
  mark(name, on) {
    const spot = this.#buttons.get(name)?.querySelector(".tool-mark");
    if (!spot) return;
    spot.classList.toggle("on", on);
    spot.textContent = on ? t("fault_on") : "";
  }

  toggle(name) {
    if (this.#open === name) this.close();
    else this.show(name);
  }

  show(name) {
    this.#stop?.abort();
    this.#stop = new AbortController();
    this.#open = name;
    const { title, testid, build } = this.#panels[name];
    const titled = `drawer-${name}`;
    const panel = el(
      "aside",
      { class: "drawer", "aria-labelledby": titled, data: { testid }, onkeydown: (event) => this.#key(event) },
      el("div", { class: "drawer-head" }, el("h2", { id: titled, tabindex: "-1" }, t(title)), iconButton("close", t("close"), { onclick: () => this.close() })),
      build(this.#stop.signal),
    );
    this.#slot.replaceChildren(panel);
    this.#expanded();
    panel.querySelector("h2").focus({ preventScroll: true });
  }

  close() {
    this.#stop?.abort();
    const button = this.#buttons.get(this.#open);
    this.#open = null;
    this.#slot.replaceChildren();
    this.#expanded();
    button?.focus();
  }

  /** Draw the open panel anew, in another language. */
  redraw() {
    if (this.#open) this.show(this.#open);
  }

  #expanded() {
    for (const [name, button] of this.#buttons) button.setAttribute("aria-expanded", String(name === this.#open));
  }

  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close();
  }
}
