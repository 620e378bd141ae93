// One phone: its person, the chat it shows, and what its person does there.

import * as api from "./api.js";
import { contactFrom, locationFrom, payloadFrom, startPayload, stickerFrom } from "./attachments.js";
import { Composer } from "./composer.js";
import { Conversation, GENERAL, openKeyboard, threadOf } from "./conversation.js";
import { el } from "./dom.js";
import { phoneHeader } from "./header.js";
import { Log } from "./log.js";
import { openMenu } from "./menu.js";
import { isProtected } from "./message.js";
import { alertOn } from "./sheet.js";
import { fullName } from "./state.js";
import { fillTabs } from "./tabs.js";
import { t } from "./words.js";

const TOAST_MS = 3500;
const ANSWER_MS = 15_000; // how long a key shows progress when no answer comes

export class Phone {
  #world;
  #hooks;
  #gone = new AbortController();
  #conversations = new Map();
  #unread = new Map(); // "chat/thread" -> count
  #taps = new Map(); // query id -> done()
  #early = new Map(); // answers that came before their tap's own reply
  #chat;
  #thread = null;
  #log;
  #composer;
  #toastTimer = 0;

  /** `hooks` = hide(), unread(), active() */
  constructor(world, personId, hooks) {
    this.#world = world;
    this.#hooks = hooks;
    this.personId = personId;
    this.#chat = world.privateChat(personId);
    this.#build();
    this.#listen();
    this.#enter(this.#chat.id, null);
  }

  get person() {
    return this.#world.people.get(this.personId);
  }

  get unread() {
    return [...this.#unread.values()].reduce((sum, n) => sum + n, 0);
  }

  focus() {
    this.#composer.focus();
  }

  /** The phone is in sight now: what it shows counts as read. */
  seen() {
    if (this.#unread.delete(this.#place())) this.#drawChats();
  }

  /** Read everything anew, after the stream was lost. */
  reload() {
    this.#conversations.clear();
    this.#drawHeader();
    this.#enter(this.#world.chats.has(this.#chat.id) ? this.#chat.id : this.#world.privateChat(this.personId).id, this.#thread);
  }

  close() {
    this.#gone.abort();
    this.node.remove();
  }

  #build() {
    const heading = `phone-name-${this.personId}`;
    this.#head = el("div", { class: "head-slot" });
    this.#chats = el("div", { class: "chats", hidden: true });
    this.#topics = el("div", { class: "chats topics", hidden: true });
    this.#logSlot = el("div", { class: "log-slot" });
    this.#toast = el("div", { class: "toast", role: "status" });
    this.#composer = new Composer({ personId: this.personId, name: fullName(this.person), act: this.#composerActs() });
    const screen = el("div", { class: "screen" }, this.#head, this.#chats, this.#topics, this.#logSlot, this.#composer.node);
    this.node = el(
      "section",
      { class: "phone", id: `phone-${this.personId}`, "aria-labelledby": heading, data: { testid: `phone-${this.personId}`, person: this.personId } },
      screen, this.#toast,
    );
    this.#heading = heading;
    this.#drawHeader();
    this.#takeDrops();
  }

  #head;
  #heading;
  #chats;
  #topics;
  #logSlot;
  #toast;

  #listen() {
    const on = (type, listener) => this.#world.on(type, listener, this.#gone.signal);
    on("message", ({ chat_id, message }) => this.#arrived(chat_id, message));
    on("edited", ({ chat_id, message }) => this.#changed(chat_id, (conversation) => conversation.put(message)));
    on("deleted", ({ chat_id, message_ids }) => this.#changed(chat_id, (conversation) => conversation.remove(message_ids)));
    on("typing", ({ chat_id, action }) => chat_id === this.#chat.id && this.#log.startTyping(action, fullName(this.#world.bot)));
    on("answer", (answer) => answer.person === this.personId && this.#answered(answer));
    on("person", ({ person }) => person.id === this.personId && (this.#drawHeader(), this.#drawLog()));
    on("chat", ({ chat }) => {
      if (chat.id === this.#chat.id) this.#chat = chat;
      this.#drawChats();
    });
  }

  #arrived(chatId, message) {
    if (!this.#mine(chatId)) return;
    this.#conversations.get(chatId)?.put(message);
    const thread = this.#world.chats.get(chatId)?.is_forum ? threadOf(message) : null;
    const here = chatId === this.#chat.id && thread === this.#thread;
    if (here) this.#drawLog(message);
    if (message.outgoing_by === this.personId || (here && this.#hooks.active())) return;
    const place = `${chatId}/${thread}`;
    this.#unread.set(place, (this.#unread.get(place) ?? 0) + 1);
    this.#drawChats();
    this.#hooks.unread();
  }

  #changed(chatId, change) {
    const conversation = this.#mine(chatId) && this.#conversations.get(chatId);
    if (!conversation) return;
    change(conversation);
    if (chatId === this.#chat.id) this.#drawLog();
  }

  #mine(chatId) {
    const chat = this.#world.chats.get(chatId);
    return chat ? chat.person === this.personId || chat.members.includes(this.personId) : chatId === this.#chat.id;
  }

  async #enter(chatId, thread) {
    this.#chat = this.#world.chats.get(chatId) ?? this.#world.privateChat(this.personId);
    this.#thread = this.#chat.is_forum ? (thread ?? GENERAL) : null;
    this.#unread.delete(this.#place());
    this.#newLog();
    this.#drawChats();
    this.#hooks.unread();
    if (!this.#conversations.has(chatId)) this.#conversations.set(chatId, new Conversation(chatId, this.personId));
    const conversation = this.#conversations.get(chatId);
    if (!conversation.loaded) await conversation.load().catch((error) => this.#failed(error));
    if (conversation === this.#conversations.get(this.#chat.id)) this.#drawLog();
  }

  #place() {
    return `${this.#chat.id}/${this.#thread}`;
  }

  #newLog() {
    const view = {
      personId: this.personId, group: this.#chat.type !== "private", timeZone: this.#world.timeZone, now: () => this.#world.now(),
      label: t("messages_of", { name: fullName(this.person) }), lang: this.person.language_code,
    };
    this.#log = new Log(view, this.#messageActs());
    this.#logSlot.replaceChildren(this.#log.node);
  }

  #drawHeader() {
    const act = { startLink: () => this.#openStartLink(), hide: this.#hooks.hide, failed: (error) => this.#failed(error) };
    const focused = this.#head.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    this.#head.replaceChildren(phoneHeader(this.person, this.#heading, act));
    if (focused) this.#head.querySelector(`[data-testid="${focused}"]`)?.focus();
  }

  #drawLog(arrived = null) {
    const conversation = this.#conversations.get(this.#chat.id);
    if (!conversation?.loaded) return;
    const messages = conversation.inThread(this.#thread);
    this.#log.show(messages, arrived);
    const empty = messages.length === 0;
    this.#logSlot.dataset.hint = empty ? t(this.#chat.type === "private" ? "start_hint" : "group_empty") : "";
    this.#composer.update({
      keyboard: openKeyboard(messages, this.person),
      empty: empty && this.#chat.type === "private",
      blocked: this.person.blocked && this.#chat.type === "private",
    });
  }

  #drawChats() {
    const chats = this.#world.chatsOf(this.personId);
    this.#chats.hidden = chats.length < 2;
    if (chats.length > 1) {
      const items = chats.map((chat) => ({
        key: chat.id, label: chat.type === "private" ? fullName(this.#world.bot) : chat.title, unread: this.#unreadIn(`${chat.id}/`), testid: `chat-${chat.id}`,
      }));
      fillTabs(this.#chats, t("chats_of", { name: fullName(this.person) }), items, this.#chat.id, (id) => this.#enter(id, null));
    }
    this.#topics.hidden = !this.#chat.is_forum;
    if (this.#chat.is_forum) this.#drawTopics();
  }

  #drawTopics() {
    const topics = [{ id: GENERAL, name: t("general"), closed: false }, ...(this.#chat.topics ?? []).filter(({ id }) => id > 1)];
    const items = topics.map(({ id, name, closed }) => ({
      key: id, label: name, detail: closed ? t("topic_closed") : null, unread: this.#unread.get(`${this.#chat.id}/${id}`), testid: `topic-${id}`,
    }));
    fillTabs(this.#topics, t("topics"), items, this.#thread, (id) => this.#enter(this.#chat.id, id));
  }

  #unreadIn(prefix) {
    return [...this.#unread].reduce((sum, [place, n]) => (place.startsWith(prefix) ? sum + n : sum), 0);
  }

  #messageActs() {
    return {
      tap: (message, button, key) => this.#tap(message, button, key),
      copy: (text) => this.#copy(text),
      link: (address) => this.#followsLink(address),
      command: (text) => this.#send({ text }),
      menu: (message, anchor) => this.#openActions(message, anchor),
    };
  }

  #composerActs() {
    const attach = (make) => async (asked) => {
      const part = await make(asked);
      if (part) this.#send(part);
    };
    return {
      send: (text, replyTo) => this.#send({ text, ...(replyTo && { reply_to: replyTo }) }),
      files: (files, caption, replyTo) => this.#sendFiles(files, caption, replyTo),
      edit: (message, text) => this.#try(api.edit({ person: this.personId, chat: this.#chat.id, message_id: message.message_id, text })),
      editLast: () => this.#editLast(),
      start: () => this.#try(api.pressStart(this.personId)),
      restart: () => this.#try(api.block(this.personId, false).then(() => api.pressStart(this.personId))),
      toast: (text) => this.#say(text),
      attach: {
        contact: attach((asked) => contactFrom(this.node, this.person, this.#world.bot, asked === true)),
        location: attach(() => locationFrom(this.node)),
        sticker: attach(() => stickerFrom(this.node)),
        voice: attach(async () => ({ voice: true })),
      },
    };
  }

  #address() {
    return { person: this.personId, chat: this.#chat.id, ...(this.#thread ? { thread: this.#thread } : {}) };
  }

  #send(part) {
    return this.#try(api.send({ ...this.#address(), ...part }));
  }

  /** One after the other, so that they arrive in this order; the caption goes with the first. */
  async #sendFiles(files, caption, replyTo) {
    const album = files.length > 1 ? String(Date.now()) : null;
    for (const [i, { file, as }] of files.entries()) {
      const message = { ...this.#address(), ...(i === 0 && caption && { caption }), ...(replyTo && { reply_to: replyTo }) };
      await this.#try(api.sendFile(message, file, as, album));
    }
  }

  #editLast() {
    const message = this.#conversations.get(this.#chat.id)?.lastOwnText(this.#thread);
    if (message) this.#composer.edit(message);
  }

  async #tap(message, { callback_data: data }, key) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    const done = () => key.removeAttribute("aria-busy");
    try {
      const { query_id: id } = await api.tap({ person: this.personId, chat: this.#chat.id, message_id: message.message_id, data });
      this.#taps.set(id, done);
      setTimeout(() => this.#taps.delete(id) && done(), ANSWER_MS);
      if (this.#early.has(id)) this.#answered(this.#early.get(id));
    } catch (error) {
      done();
      if (error.status === 409) this.#say(t("button_gone"));
      else this.#failed(error);
    }
  }

  #answered(answer) {
    const done = this.#taps.get(answer.query_id);
    if (!done) return this.#early.set(answer.query_id, answer);
    this.#early.delete(answer.query_id);
    this.#taps.delete(answer.query_id);
    done();
    if (answer.text && answer.show_alert) alertOn(this.node, answer.text);
    else if (answer.text) this.#say(answer.text);
    return undefined;
  }

  #openActions(message, anchor) {
    const own = message.outgoing_by === this.personId;
    const text = message.text ?? message.caption;
    const closed = isProtected(message) ? { disabled: true, hint: t("protected") } : {};
    openMenu(this.node, anchor, t("actions"), [
      { label: t("reply"), icon: "reply", act: () => this.#composer.replyTo(message) },
      own && message.text ? { label: t("edit"), icon: "edit", act: () => this.#composer.edit(message) } : null,
      text ? { label: t("copy"), icon: "copy", act: () => this.#copy(text), ...closed } : null,
      message.text ? { label: t("forward"), icon: "forward", act: () => this.#send({ text, forward_from: fullName(message.from) }), ...closed } : null,
    ]);
  }

  async #copy(text) {
    await navigator.clipboard.writeText(text).then(() => this.#say(t("copied")), (error) => this.#say(error.message));
  }

  #followsLink(address) {
    const payload = startPayload(address, this.#world.bot);
    if (payload === null) return false;
    this.#start(payload);
    return true;
  }

  async #openStartLink() {
    const payload = await payloadFrom(this.node);
    if (payload !== null) this.#start(payload);
  }

  #start(payload) {
    if (this.#chat.type !== "private") this.#enter(this.#world.privateChat(this.personId).id, null);
    this.#try(api.pressStart(this.personId, payload));
  }

  #takeDrops() {
    this.node.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
    this.node.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.#composer.addFiles(event.dataTransfer.files, false);
    });
  }

  #try(promise) {
    return promise.catch((error) => this.#failed(error));
  }

  #failed(error) {
    this.#say(t("not_sent", { why: error.message || t("no_answer") }));
  }

  #say(text) {
    this.#toast.textContent = text;
    this.#toast.classList.add("shown");
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => this.#toast.classList.remove("shown"), TOAST_MS);
  }
}
