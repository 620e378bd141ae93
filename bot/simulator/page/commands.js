// The list of the bot's commands above the message field, as this person's language sees them.

import { getCommands } from "./api.js";
import { el } from "./dom.js";
import { t } from "./words.js";

let lists = 0;

export class CommandList {
  #commands = [];
  #shown = [];
  #at = -1;
  #asked = 0;
  #pick;
  #place;
  #field;

  /** `place()` gives [person, chat]; `field` is the message field that keeps the focus; `pick(text)` gets "/command". */
  constructor(place, field, pick) {
    this.#place = place;
    this.#field = field;
    this.#pick = pick;
    this.id = `commands-${(lists += 1)}`;
    this.node = el("div", { class: "commands", id: this.id, role: "listbox", "aria-label": t("commands"), hidden: true });
    field.setAttribute("aria-controls", this.id);
  }

  get open() {
    return !this.node.hidden;
  }

  async toggle() {
    if (this.open) this.close();
    else await this.show("/");
  }

  /** Offer what begins like `typed`; closes when nothing does. */
  async show(typed) {
    const asked = (this.#asked += 1);
    if (!this.open) this.#commands = await getCommands(...this.#place()).catch(() => []);
    if (asked !== this.#asked) return; // the message was sent, or more was typed, meanwhile
    const wanted = typed.slice(1).toLowerCase();
    this.#shown = this.#commands.filter(({ command }) => command.startsWith(wanted));
    if (!this.#shown.length) {
      this.close();
      return;
    }
    this.node.replaceChildren(...this.#shown.map((command, i) => this.#option(command, i)));
    this.node.hidden = false;
    const exact = this.#shown.findIndex(({ command }) => command === wanted);
    this.#mark(wanted ? Math.max(exact, 0) : -1);
  }

  close() {
    this.#asked += 1;
    this.node.hidden = true;
    this.#at = -1;
    this.#field.removeAttribute("aria-activedescendant");
  }

  /** True when the key was meant for the list. */
  takes(key) {
    if (!this.open) return false;
    if (key === "Escape") this.close();
    else if (key === "ArrowDown") this.#mark((this.#at + 1) % this.#shown.length);
    else if (key === "ArrowUp") this.#mark((Math.max(this.#at, 0) - 1 + this.#shown.length) % this.#shown.length);
    else if ((key === "Enter" || key === "Tab") && this.#at >= 0) this.#choose(this.#shown[this.#at]);
    else return false;
    return true;
  }

  #option(command, i) {
    return el(
      "div",
      {
        class: "command", role: "option", id: `${this.id}-${i}`, "aria-selected": "false", data: { command: command.command },
        onpointerdown: (event) => event.preventDefault(), onclick: () => this.#choose(command),
      },
      el("b", {}, `/${command.command}`),
      el("span", {}, command.description),
    );
  }

  #choose({ command }) {
    this.close();
    this.#pick(`/${command}`);
  }

  #mark(at) {
    this.#at = at;
    [...this.node.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) {
      this.#field.removeAttribute("aria-activedescendant");
      return;
    }
    this.#field.setAttribute("aria-activedescendant", `${this.id}-${at}`);
    this.node.children[at].scrollIntoView({ block: "nearest" });
  }
}
