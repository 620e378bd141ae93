// The scrolling column of messages on one phone. Draws only what changed, and only the last stretch
// of a long conversation until someone scrolls up.

import { blocksOf } from "./conversation.js";
import { el, iconButton } from "./dom.js";
import { messageNode } from "./message.js";
import { dayName } from "./time.js";
import { t } from "./words.js";

const STRETCH = 120;
const NEAR_PX = 60;
const TYPING_MS = 5000; // Bot API, sendChatAction: shown for 5 seconds or until a message arrives

export class Log {
  #view;
  #act;
  #messages = [];
  #from = null; // key of the first drawn block while the reader looks further up; null at the end
  #drawn = new Map(); // key -> {node, messages, first}
  #active = null;
  #typing = el("div", { class: "typing", hidden: true }, el("span", { class: "unseen" }), el("i"), el("i"), el("i"));
  #typingTimer = 0;
  #unseen = 0;
  #earlier = el("button", { type: "button", class: "earlier", hidden: true, onclick: () => this.#showEarlier() }, t("earlier"));
  #list = el("div", { class: "log-list" });
  #badge = el("span", { class: "badge", hidden: true });

  /** `view` = {personId, group, timeZone, now(), label, lang}; `act` as in message.js. */
  constructor(view, act) {
    this.#view = view;
    this.#act = { ...act, jump: (id) => this.#jump(id) };
    this.scroller = el(
      "div",
      {
        class: "log", role: "log", "aria-live": "polite", "aria-label": view.label, tabindex: "0", lang: view.lang,
        data: { testid: "messages" },
      },
      this.#earlier, this.#list, this.#typing,
    );
    this.#toEnd = iconButton("down", t("to_latest"), { class: "icon-button to-end", hidden: true, onclick: () => this.#goToEnd() });
    this.#toEnd.append(this.#badge);
    this.node = el("div", { class: "log-frame" }, this.scroller, this.#toEnd);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.#walk(event));
    this.scroller.addEventListener("focusin", (event) => this.#activate(event.target.closest(".message")));
    new ResizeObserver(() => this.#stuck && this.#scrollToEnd()).observe(this.scroller);
  }

  #toEnd;
  #stuck = true;

  /** Show these messages; `arrived` are those that just came, so that the reader learns of them. */
  show(messages, arrived) {
    this.#messages = messages;
    const mine = arrived.some((message) => message.outgoing_by === this.#view.personId);
    if (mine) this.#from = null;
    this.#draw();
    if (this.#stuck || mine) this.#scrollToEnd();
    else this.#unseen += arrived.length;
    if (arrived.at(-1)?.outgoing_by === 0) this.stopTyping();
    this.#showToEnd();
  }

  /** The bot does something: "typing", "upload_document", … (Bot API, sendChatAction). */
  startTyping(action, bot) {
    const key = action === "typing" ? "typing" : /upload|record/.test(action) ? "typing_file" : "typing_other";
    this.#typing.firstChild.textContent = t(key, { bot });
    this.#typing.hidden = false;
    if (this.#stuck) this.#scrollToEnd();
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.stopTyping(), TYPING_MS);
  }

  stopTyping() {
    clearTimeout(this.#typingTimer);
    this.#typing.hidden = true;
  }

  focus() {
    (this.#active?.isConnected ? this.#active : this.scroller).focus();
  }

  #draw() {
    const items = this.#window(blocksOf(this.#messages, this.#view.timeZone));
    const keep = new Set(items.map(({ key }) => key));
    const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
    const held = focused?.closest("[data-message]")?.dataset.message;
    for (const [key, { node }] of this.#drawn) if (!keep.has(key)) this.#forget(key, node);
    let after = null;
    for (const item of items) {
      const node = this.#nodeFor(item);
      const place = after ? after.nextSibling : this.#list.firstChild;
      if (place !== node) this.#list.insertBefore(node, place);
      after = node;
    }
    this.#openLatestKeys();
    if (focused && !focused.isConnected) this.#refocus(focused, held);
  }

  #window(items) {
    let start = Math.max(0, items.length - STRETCH);
    if (this.#from !== null) {
      const at = items.findIndex(({ key }) => key === this.#from);
      if (at >= 0) start = Math.min(start, at);
    }
    this.#earlier.hidden = start === 0;
    return items.slice(start);
  }

  #nodeFor(item) {
    const before = this.#drawn.get(item.key);
    if (before && same(before, item)) return before.kind === "day" ? this.#day(item, before.node) : before.node;
    const node = item.kind === "day" ? this.#day(item, el("div", { class: "day" }, el("span"))) : messageNode(item, this.#view, this.#act);
    tabbable(node, false);
    if (before) {
      if (before.node === this.#active) this.#active = null;
      before.node.replaceWith(node);
    }
    this.#drawn.set(item.key, { ...item, node });
    return node;
  }

  /** Today's name changes when the clock moves on. */
  #day({ date }, node) {
    const name = dayName(date, this.#view.now(), this.#view.timeZone);
    if (node.firstChild.textContent !== name) node.firstChild.textContent = name;
    return node;
  }

  #forget(key, node) {
    node.remove();
    this.#drawn.delete(key);
  }

  // Tab leads through the keys of the latest keyboard and of the message in hand, not through a thousand old ones.
  #openLatestKeys() {
    const latest = this.#list.querySelectorAll(":scope > .message:has(> .inline-keyboard)");
    for (const node of this.#list.querySelectorAll(":scope > .latest-keys")) {
      node.classList.remove("latest-keys");
      if (node !== this.#active) tabbable(node, false);
    }
    const last = latest[latest.length - 1];
    if (!last) return;
    last.classList.add("latest-keys");
    tabbable(last, true);
  }

  #activate(node) {
    if (!node || node === this.#active) return;
    if (this.#active && !this.#active.classList.contains("latest-keys")) tabbable(this.#active, false);
    this.#active = node;
    tabbable(node, true);
  }

  #walk(event) {
    const steps = { ArrowUp: -1, ArrowDown: 1 };
    if (event.target.closest("[role=menu]") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in steps) {
      const all = [...this.#list.querySelectorAll(":scope > .message")];
      const now = all.indexOf(event.target.closest(".message"));
      const next = now < 0 ? all.at(-1) : all[now + steps[event.key]];
      if (next) {
        next.focus({ preventScroll: true });
        next.scrollIntoView({ block: "nearest" });
      }
      event.preventDefault();
    } else if (event.key === "Enter" && event.target.classList.contains("message")) {
      event.preventDefault(); // or Enter would also choose from the menu that it opens
      event.target.querySelector(".actions")?.click();
    }
  }

  #refocus(lost, held) {
    const node = held ? this.#list.querySelector(`[data-message="${held}"]`) : null;
    const data = lost.dataset?.callback;
    const key = [...(node?.querySelectorAll(".key") ?? [])].find((one) => one.dataset.callback === data);
    (key ?? node?.querySelector(".key") ?? node ?? this.scroller).focus({ preventScroll: true });
  }

  #jump(id) {
    const open = () => this.#list.querySelector(`[data-message="${id}"], [data-part="${id}"]`)?.closest(".message");
    while (!open() && !this.#earlier.hidden) this.#showEarlier();
    const node = open();
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.remove("found");
    requestAnimationFrame(() => node.classList.add("found"));
  }

  #showEarlier() {
    const items = blocksOf(this.#messages, this.#view.timeZone);
    const first = this.#list.firstElementChild;
    const now = items.findIndex(({ key }) => this.#drawn.get(key)?.node === first);
    this.#from = items[Math.max(0, now - STRETCH)]?.key ?? null;
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.#draw();
    this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#stuck) {
      this.#unseen = 0;
      this.#from = null;
    } else if (this.#from === null) this.#from = this.#firstKey();
    if (scrollTop < NEAR_PX && !this.#earlier.hidden && !this.#stuck) this.#showEarlier();
    this.#showToEnd();
  }

  #firstKey() {
    const first = this.#list.firstElementChild;
    for (const [key, { node }] of this.#drawn) if (node === first) return key;
    return null;
  }

  #goToEnd() {
    this.#from = null;
    this.#stuck = true;
    this.#draw();
    this.#scrollToEnd();
    this.scroller.focus({ preventScroll: true });
  }

  #scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#stuck = true;
    this.#unseen = 0;
  }

  #showToEnd() {
    this.#toEnd.hidden = this.#stuck;
    this.#badge.hidden = this.#unseen === 0;
    this.#badge.textContent = String(this.#unseen);
  }
}

function same(before, item) {
  if (item.kind === "day") return true;
  return before.first === item.first && before.messages.length === item.messages.length && before.messages.every((one, i) => one === item.messages[i]);
}

function tabbable(node, on) {
  for (const control of node.querySelectorAll("button, a[href], [role=button]")) control.tabIndex = on ? 0 : -1;
}
