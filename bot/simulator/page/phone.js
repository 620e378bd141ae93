// One phone: its person, the chat it shows, and what its person does there.

import { Composer } from "./composer.js";
import { Conversation, GENERAL, openKeyboard, threadOf } from "./conversation.js";
import { el } from "./dom.js";
import { Hand } from "./hand.js";
import { phoneHeader } from "./header.js";
import { Log } from "./log.js";
import { fullName } from "./state.js";
import { fillTabs } from "./tabs.js";
import { t } from "./words.js";

export class Phone {
  #world;
  #hooks;
  #gone = new AbortController();
  #conversations = new Map();
  #unread = new Map(); // "chat/thread" -> count
  #chat;
  #thread = null;
  #drawing = false;
  #arrivals = [];
  #log;
  #composer;
  #hand = new Hand(this.#forHand());

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
    this.#composer = new Composer({ place: () => [this.personId, this.#chat.id], name: fullName(this.person), act: this.#hand.onFoot() });
    this.#composer.node.append(this.#hand.toast);
    const screen = el("div", { class: "screen" }, this.#head, this.#chats, this.#topics, this.#logSlot, this.#composer.node);
    this.node = el(
      "section",
      { class: "phone", id: `phone-${this.personId}`, "aria-labelledby": heading, data: { testid: `phone-${this.personId}`, person: this.personId } },
      screen,
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
  #welcome;

  #listen() {
    const on = (type, listener) => this.#world.on(type, listener, this.#gone.signal);
    on("message", ({ chat_id, message }) => this.#arrived(chat_id, message));
    on("edited", ({ chat_id, message }) => this.#changed(chat_id, (conversation) => conversation.put(message)));
    on("deleted", ({ chat_id, message_ids }) => this.#changed(chat_id, (conversation) => conversation.remove(message_ids)));
    on("typing", ({ chat_id, action, thread }) => this.#isHere(chat_id, thread) && this.#log.startTyping(action, fullName(this.#world.bot)));
    on("answer", (answer) => answer.person === this.personId && this.#hand.answered(answer));
    on("person", ({ person }) => person.id === this.personId && (this.#drawHeader(), this.#drawLog()));
    on("clock", () => this.#drawLog());
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

  #isHere(chatId, thread) {
    return chatId === this.#chat.id && (this.#thread === null || this.#thread === (thread ?? GENERAL));
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
    if (!conversation.loaded) await conversation.load().catch((error) => this.#hand.failed(error));
    if (conversation === this.#conversations.get(this.#chat.id)) this.#drawLog();
  }

  #place() {
    return `${this.#chat.id}/${this.#thread}`;
  }

  #newLog() {
    this.#arrivals = [];
    const view = {
      personId: this.personId, group: this.#chat.type !== "private", timeZone: this.#world.timeZone, now: () => this.#world.now(),
      label: t("messages_of", { name: fullName(this.person) }), lang: this.person.language_code,
    };
    this.#log = new Log(view, this.#hand.onMessages());
    this.#welcome = this.#welcomeTo(this.#chat);
    this.#logSlot.replaceChildren(this.#log.node, this.#welcome);
  }

  /** What lies where no message is yet. */
  #welcomeTo({ type, title }) {
    const mark = document.querySelector(".brand .mark").cloneNode(true);
    const [name, hint] = type === "private" ? [fullName(this.#world.bot), "start_hint"] : [title, "group_empty"];
    return el("div", { class: "welcome", hidden: true }, mark, el("b", {}, name), el("span", {}, t(hint)));
  }

  #drawHeader() {
    const act = { startLink: () => this.#hand.openStartLink(), hide: this.#hooks.hide, failed: (error) => this.#hand.failed(error) };
    const focused = this.#head.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    this.#head.replaceChildren(phoneHeader(this.person, this.#heading, act));
    if (focused) this.#head.querySelector(`[data-testid="${focused}"]`)?.focus();
  }

  /** Draw soon, once for all that happens until then: a burst of messages costs one drawing. */
  #drawLog(arrived = null) {
    if (arrived) this.#arrivals.push(arrived);
    if (this.#drawing) return;
    this.#drawing = true;
    if (document.hidden) setTimeout(() => this.#drawNow());
    else requestAnimationFrame(() => this.#drawNow());
  }

  #drawNow() {
    this.#drawing = false;
    const conversation = this.#conversations.get(this.#chat.id);
    if (!conversation?.loaded || this.#gone.signal.aborted) return;
    const messages = conversation.inThread(this.#thread);
    this.#log.show(messages, this.#arrivals.splice(0));
    const empty = messages.length === 0;
    this.#welcome.hidden = !empty;
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

  #forHand() {
    return {
      node: () => this.node,
      person: () => this.person,
      bot: () => this.#world.bot,
      address: () => ({ person: this.personId, chat: this.#chat.id, ...(this.#thread ? { thread: this.#thread } : {}) }),
      toPrivate: () => this.#chat.type === "private" || this.#enter(this.#world.privateChat(this.personId).id, null),
      reply: (message) => this.#composer.replyTo(message),
      edit: (message) => this.#composer.edit(message),
      lastOwn: () => this.#conversations.get(this.#chat.id)?.lastOwnText(this.#thread),
    };
  }

  #takeDrops() {
    this.node.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
    this.node.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.#composer.addFiles(event.dataTransfer.files, false);
    });
  }
}
