// The list of the bot's commands above the message field, as this person's language sees them.

import { getCommands } from "./api.js";
import { el } from "./dom.js";
import { t } from "./words.js";

let lists = 0;

export class CommandList {
  #commands = [];
  #shown = [];
  #at = -1;
  #pick;
  #personId;
  #field;

  /** `field` is the message field that keeps the focus; `pick(text)` gets "/command". */
  constructor(personId, field, pick) {
    this.#personId = personId;
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
    if (!this.open) this.#commands = await getCommands(this.#personId).catch(() => []);
    const wanted = typed.slice(1).toLowerCase();
    this.#shown = this.#commands.filter(({ command }) => command.startsWith(wanted));
    if (!this.#shown.length || this.#field.value.includes(" ")) return this.close();
    this.node.replaceChildren(...this.#shown.map((command, i) => this.#option(command, i)));
    this.node.hidden = false;
    this.#mark(wanted ? 0 : -1);
  }

  close() {
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
    if (at < 0) return this.#field.removeAttribute("aria-activedescendant");
    this.#field.setAttribute("aria-activedescendant", `${this.id}-${at}`);
    return this.node.children[at].scrollIntoView({ block: "nearest" });
  }
}
