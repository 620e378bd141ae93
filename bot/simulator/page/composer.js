// The foot of a phone: message field, attachments, commands, reply keyboard; or Start, or Restart.

import { CommandList } from "./commands.js";
import { el, icon, iconButton } from "./dom.js";
import { replyKeyboard } from "./keyboard.js";
import { openMenu } from "./menu.js";
import { snippet } from "./message.js";
import { fullName } from "./state.js";
import { Tray } from "./tray.js";
import { t } from "./words.js";

export const LONGEST_TEXT = 4096; // Bot API, sendMessage; an app cuts longer ones into several messages

export class Composer {
  #act;
  #reply = null;
  #editing = null;
  #keyboard = null;
  #unfolded = null; // what the person chose for this keyboard: open or folded
  #forced = null; // the force_reply already answered to or waved away

  /** `place()` gives [person, chat]. `act` = send(text, replyTo), files(files, caption, replyTo), edit(message, text), editLast(), attach[kind](), start(), restart(), toast(text). */
  constructor({ place, name, act }) {
    this.#act = act;
    this.#build(place, name);
  }

  /** Draw anew after something changed: the keyboard that lies open, an empty chat, a blocked bot. */
  update({ keyboard, empty, blocked }) {
    const held = this.node.contains(document.activeElement);
    this.#startBar.hidden = !empty || blocked;
    this.#blockedBar.hidden = !blocked;
    this.#form.hidden = empty || blocked;
    if (keyboard?.message !== this.#keyboard?.message || keyboard?.folded !== this.#keyboard?.folded) this.#unfolded = null;
    this.#keyboard = keyboard;
    const forced = keyboard?.markup.force_reply ? keyboard.message : null;
    if (forced && forced.message_id !== this.#forced) {
      this.#forced = forced.message_id;
      this.replyTo(forced, false);
    }
    this.#drawKeyboard(empty || blocked);
    this.#drawField();
    if (held && !document.activeElement?.offsetParent) this.focus();
  }

  replyTo(message, focus = true) {
    this.#editing = null;
    this.#reply = message;
    this.#drawStrip();
    if (focus) this.focus();
  }

  edit(message) {
    this.#reply = null;
    this.#editing = message;
    this.#field.value = message.text;
    this.#drawStrip();
    this.#resize();
    this.focus();
  }

  addFiles(files, asPhotos) {
    if (this.#form.hidden) return;
    this.#tray.add(files, asPhotos);
    this.focus();
  }

  focus() {
    const target = [this.#field, this.#startButton, this.#restartButton].find((one) => one.offsetParent);
    target?.focus({ preventScroll: true });
  }

  #build(place, name) {
    this.#field = el("textarea", {
      rows: "1", "aria-label": `${t("composer")} · ${name}`, placeholder: t("composer"), enterkeyhint: "send", autocomplete: "off", data: { testid: "composer" },
      onkeydown: (event) => this.#key(event), oninput: () => this.#typed(), onpaste: (event) => this.#pasted(event),
    });
    this.#commands = new CommandList(place, this.#field, (text) => this.#act.send(text, null));
    this.#tray = new Tray(() => this.#drawField(), (why) => this.#act.toast(why));
    this.#commandsButton = iconButton("commands", t("commands"), { data: { testid: "commands" }, onclick: () => this.#showCommands() });
    this.#foldButton = iconButton("keyboard", t("show_keyboard"), { hidden: true, data: { testid: "fold-keyboard" }, onclick: () => this.#fold() });
    this.#sendButton = el(
      "button",
      { type: "submit", class: "send", "aria-label": t("send_message"), title: t("send_message"), data: { testid: "send" } },
      icon("send"),
    );
    const attach = iconButton("attach", t("attach"), { "aria-haspopup": "menu", data: { testid: "attach" }, onclick: () => this.#attach(attach) });
    const pill = el("div", { class: "pill" }, this.#field, this.#foldButton, this.#commandsButton);
    this.#form = el(
      "form",
      { class: "composer", onsubmit: (event) => (event.preventDefault(), this.#submit()) },
      this.#fileInput("document-input", "", false), this.#fileInput("photo-input", "image/jpeg,image/png,image/webp", true),
      attach, pill, this.#sendButton,
    );
    this.#startButton = el("button", { type: "button", class: "button wide", data: { testid: "start" }, onclick: () => this.#act.start() }, t("start"));
    this.#startBar = el("div", { class: "foot-bar", hidden: true }, this.#startButton);
    this.#restartButton = el("button", { type: "button", class: "button wide", data: { testid: "restart" }, onclick: () => this.#act.restart() }, t("restart"));
    this.#blockedBar = el("div", { class: "foot-bar", hidden: true }, el("p", {}, t("blocked")), this.#restartButton);
    this.node = el(
      "div",
      { class: "foot" },
      this.#commands.node, this.#strip, this.#tray.node, this.#form, this.#startBar, this.#blockedBar, this.#keys,
    );
  }

  #field;
  #commands;
  #tray;
  #commandsButton;
  #foldButton;
  #sendButton;
  #form;
  #startBar;
  #startButton;
  #blockedBar;
  #restartButton;
  #strip = el("div", { class: "strip", hidden: true });
  #keys = el("div", { class: "keys", hidden: true });

  #fileInput(testid, accept, asPhotos) {
    const props = { type: "file", multiple: true, hidden: true, accept, tabindex: "-1", data: { testid } };
    const input = el("input", props);
    input.addEventListener("change", () => {
      this.addFiles(input.files, asPhotos);
      input.value = "";
    });
    this.#pickers[asPhotos ? "photo" : "document"] = input;
    return input;
  }

  #pickers = {};

  #submit() {
    const text = this.#field.value.trim();
    const replyTo = this.#reply?.message_id ?? null;
    if (this.#editing) {
      if (text && text !== this.#editing.text) this.#act.edit(this.#editing, text);
    } else if (!this.#tray.empty) this.#act.files(this.#tray.take(), text, replyTo);
    else if (text) for (const part of cut(text)) this.#act.send(part, replyTo);
    else return;
    this.#leave(true);
  }

  /** Back to an empty field. */
  #leave(clear) {
    if (clear || this.#editing) this.#field.value = "";
    this.#reply = null;
    this.#editing = null;
    this.#commands.close();
    this.#drawStrip();
    this.#resize();
  }

  #key(event) {
    if (event.isComposing) return; // Enter of an input method chooses a word
    if (this.#commands.takes(event.key)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && (this.#reply || this.#editing || !this.#tray.empty)) {
      event.preventDefault();
      this.#tray.clear();
      this.#leave(false);
    } else if (event.key === "ArrowUp" && !this.#field.value) {
      event.preventDefault();
      this.#act.editLast();
    }
  }

  #typed() {
    this.#resize();
    const typed = this.#field.value;
    if (/^\/\w*$/.test(typed) && !this.#editing) this.#commands.show(typed);
    else this.#commands.close();
  }

  #pasted(event) {
    const files = [...event.clipboardData.files];
    if (!files.length || this.#editing) return;
    event.preventDefault();
    this.addFiles(files, true);
  }

  async #showCommands() {
    await this.#commands.toggle();
    this.#field.focus({ preventScroll: true });
  }

  #attach(anchor) {
    const { attach } = this.#act;
    openMenu(this.node.closest(".phone"), anchor, t("attach"), [
      { label: t("attach_photo"), icon: "photo", act: () => this.#pickers.photo.click() },
      { label: t("attach_file"), icon: "file", act: () => this.#pickers.document.click() },
      { label: t("attach_contact"), icon: "contact", act: attach.contact },
      { label: t("attach_location"), icon: "location", act: attach.location },
      { label: t("attach_sticker"), icon: "sticker", act: attach.sticker },
      { label: t("attach_voice"), icon: "voice", act: attach.voice },
    ]);
  }

  #drawStrip() {
    const message = this.#editing ?? this.#reply;
    this.#strip.hidden = !message;
    if (message) {
      const title = this.#editing ? t("editing") : t("reply_to", { name: fullName(message.from ?? {}) });
      const words = el("div", { class: "strip-words" }, el("b", {}, title), el("span", {}, snippet(message)));
      const drop = iconButton("close", t("cancel"), { onclick: () => (this.#leave(false), this.focus()) });
      this.#strip.replaceChildren(icon(this.#editing ? "edit" : "reply"), words, drop);
    }
    this.#drawField();
  }

  #drawField() {
    const hint = this.#keyboard?.markup.input_field_placeholder;
    this.#field.placeholder = !this.#tray.empty ? t("composer_caption") : this.#editing ? t("composer_edit") : (hint ?? t("composer"));
    const label = this.#editing ? t("save_edit") : t("send_message");
    this.#sendButton.setAttribute("aria-label", label);
    this.#sendButton.title = label;
    this.#sendButton.classList.toggle("ready", Boolean(this.#field.value.trim()) || !this.#tray.empty);
    this.#commandsButton.hidden = Boolean(this.#editing || this.#field.value);
  }

  #drawKeyboard(away) {
    const markup = this.#keyboard?.markup.keyboard ? this.#keyboard.markup : null;
    const open = markup && !away && (this.#unfolded ?? !this.#keyboard.folded);
    this.#foldButton.hidden = !markup || away;
    const label = t(open ? "hide_keyboard" : "show_keyboard");
    this.#foldButton.setAttribute("aria-label", label);
    this.#foldButton.title = label;
    this.#foldButton.setAttribute("aria-expanded", String(Boolean(open)));
    this.#keys.hidden = !open;
    if (open && this.#keys.dataset.of !== String(this.#keyboard.message.message_id)) {
      const { contact, location } = this.#act.attach;
      const act = { text: (text) => this.#act.send(text, null), contact: () => contact(true), location: () => location(true) };
      this.#keys.replaceChildren(replyKeyboard(markup, act));
      this.#keys.dataset.of = String(this.#keyboard.message.message_id);
    }
  }

  #fold() {
    this.#unfolded = this.#keys.hidden;
    this.#drawKeyboard(false);
  }

  #resize() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
    this.#drawField();
  }
}

/** Pieces of at most LONGEST_TEXT, never cut inside a surrogate pair. */
function cut(text) {
  const parts = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + LONGEST_TEXT, text.length);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1])) end -= 1;
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}
