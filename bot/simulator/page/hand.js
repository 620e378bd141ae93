// What the owner of a phone does with it: sends, taps, edits, opens links; and what the phone answers.

import * as api from "./api.js";
import { contactFrom, locationFrom, payloadFrom, startPayload, stickerFrom } from "./attachments.js";
import { el } from "./dom.js";
import { openMenu } from "./menu.js";
import { isProtected } from "./message.js";
import { alertOn } from "./sheet.js";
import { fullName } from "./state.js";
import { t } from "./words.js";

const TOAST_MS = 3500;
const ANSWER_MS = 15_000; // how long a key shows progress when no answer comes

export class Hand {
  #phone;
  #taps = new Map(); // query id -> done()
  #early = new Map(); // answers that came before their tap's own reply
  #toastTimer = 0;
  toast = el("div", { class: "toast", role: "status" });

  /** `phone` = {node, person, bot, address(), toPrivate(), reply(message), edit(message), lastOwn()} */
  constructor(phone) {
    this.#phone = phone;
  }

  /** What pressing on a message does, see message.js. */
  onMessages() {
    return {
      tap: (message, button, key) => this.#tap(message, button, key),
      copy: (text) => this.#copy(text),
      link: (address) => this.#followsLink(address),
      command: (text) => this.#send({ text }),
      menu: (message, anchor) => this.#openActions(message, anchor),
    };
  }

  /** What the foot of the phone does, see composer.js. */
  onFoot() {
    const { node, person, bot } = this.#phone;
    const attach = (make) => async (asked) => {
      const part = await make(asked === true);
      if (part) this.#send(part);
    };
    return {
      send: (text, replyTo) => this.#send({ text, ...(replyTo && { reply_to: replyTo }) }),
      files: (files, caption, replyTo) => this.#sendFiles(files, caption, replyTo),
      edit: (message, text) => this.#try(api.edit({ ...this.#place(), message_id: message.message_id, text })),
      editLast: () => this.#editLast(),
      start: () => this.#try(api.pressStart(this.#me)),
      restart: () => this.#try(api.block(this.#me, false).then(() => api.pressStart(this.#me))),
      toast: (text) => this.say(text),
      attach: {
        contact: attach((asked) => contactFrom(node(), person(), bot(), asked)),
        location: attach(() => locationFrom(node())),
        sticker: attach(() => stickerFrom(node())),
        voice: attach(async () => ({ voice: true })),
      },
    };
  }

  /** The bot answered a tap (answerCallbackQuery). */
  answered(answer) {
    const done = this.#taps.get(answer.query_id);
    if (!done) {
      this.#early.set(answer.query_id, answer);
      return;
    }
    this.#early.delete(answer.query_id);
    this.#taps.delete(answer.query_id);
    done();
    if (answer.text && answer.show_alert) alertOn(this.#phone.node(), answer.text);
    else if (answer.text) this.say(answer.text);
  }

  async openStartLink() {
    const payload = await payloadFrom(this.#phone.node());
    if (payload !== null) this.#start(payload);
  }

  /** An act was refused, or nobody answered. */
  failed(error) {
    this.say(t("not_sent", { why: error.message || t("no_answer") }));
  }

  say(text) {
    this.toast.textContent = text;
    this.toast.classList.add("shown");
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => this.toast.classList.remove("shown"), TOAST_MS);
  }

  get #me() {
    return this.#phone.person().id;
  }

  #place() {
    const { person, chat } = this.#phone.address();
    return { person, chat };
  }

  #send(part) {
    return this.#try(api.send({ ...this.#phone.address(), ...part }));
  }

  /** Photos in one album, documents in another: Telegram mixes neither. The caption goes with the first. */
  async #sendFiles(files, caption, replyTo) {
    let words = caption;
    for (const as of ["photo", "document"]) {
      const alike = files.filter((one) => one.as === as).map(({ file }) => file);
      if (!alike.length) continue;
      const message = { ...this.#phone.address(), as, ...(words && { caption: words }), ...(replyTo && { reply_to: replyTo }) };
      await this.#try(api.sendFiles(message, alike));
      words = "";
    }
  }

  #editLast() {
    const message = this.#phone.lastOwn();
    if (message) this.#phone.edit(message);
  }

  async #tap(message, { callback_data: data }, key) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    const done = () => key.removeAttribute("aria-busy");
    try {
      const { query_id: id } = await api.tap({ ...this.#place(), message_id: message.message_id, data });
      this.#taps.set(id, done);
      setTimeout(() => this.#taps.delete(id) && done(), ANSWER_MS);
      if (this.#early.has(id)) this.answered(this.#early.get(id));
    } catch (error) {
      done();
      if (error.status === 409) this.say(t("button_gone"));
      else this.failed(error);
    }
  }

  #openActions(message, anchor) {
    const own = message.outgoing_by === this.#me;
    const text = message.text ?? message.caption;
    const closed = isProtected(message) ? { disabled: true, hint: t("protected") } : {};
    const remove = () => this.#try(api.remove({ ...this.#place(), message_ids: [message.message_id] }));
    openMenu(this.#phone.node(), anchor, t("actions"), [
      { label: t("reply"), icon: "reply", act: () => this.#phone.reply(message) },
      own && message.text ? { label: t("edit"), icon: "edit", act: () => this.#phone.edit(message) } : null,
      text ? { label: t("copy"), icon: "copy", act: () => this.#copy(text), ...closed } : null,
      message.text ? { label: t("forward"), icon: "forward", act: () => this.#send({ text, forward_from: fullName(message.from) }), ...closed } : null,
      own ? { label: t("delete"), icon: "bin", act: remove } : null,
    ]);
  }

  async #copy(text) {
    await navigator.clipboard.writeText(text).then(() => this.say(t("copied")), (error) => this.say(error.message));
  }

  #followsLink(address) {
    const payload = startPayload(address, this.#phone.bot());
    if (payload === null) return false;
    this.#start(payload);
    return true;
  }

  #start(payload) {
    this.#phone.toPrivate();
    this.#try(api.pressStart(this.#me, payload));
  }

  #try(promise) {
    return promise.catch((error) => this.failed(error));
  }
}
