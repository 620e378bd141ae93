// The messages of one chat as one person sees them, and what follows from them: blocks to draw,
// and which keyboard lies open. Knows no nodes.

import { getMessages } from "./api.js";
import { serviceText } from "./service.js";
import { dayKey } from "./time.js";

export const GENERAL = 0;
const GROUP_SECONDS = 300;

export class Conversation {
  messages = [];
  loaded = false;
  #gone = new Set();

  constructor(chatId, personId) {
    this.chatId = chatId;
    this.personId = personId;
  }

  /** Read all messages anew. Raises Refused. */
  async load() {
    this.messages = [];
    this.#gone.clear();
    const fresh = await getMessages(this.chatId, this.personId);
    const known = new Map(fresh.map((message) => [message.message_id, message]));
    // What came by the stream while the answer was on its way is newer than the answer.
    for (const message of this.messages) known.set(message.message_id, message);
    for (const id of this.#gone) known.delete(id);
    this.messages = [...known.values()].sort((a, b) => a.message_id - b.message_id);
    this.loaded = true;
  }

  /** Keep a new or edited message. */
  put(message) {
    const at = this.#indexOf(message.message_id);
    if (this.messages[at]?.message_id === message.message_id) this.messages[at] = message;
    else this.messages.splice(at, 0, message);
  }

  remove(ids) {
    for (const id of ids) this.#gone.add(id);
    this.messages = this.messages.filter((message) => !this.#gone.has(message.message_id));
  }

  find(id) {
    const found = this.messages[this.#indexOf(id)];
    return found?.message_id === id ? found : undefined;
  }

  /** Messages of one topic; `thread` null means that the chat has none. */
  inThread(thread) {
    if (thread === null) return this.messages;
    return this.messages.filter((message) => threadOf(message) === thread);
  }

  lastOwnText(thread) {
    return this.inThread(thread).findLast((message) => message.outgoing_by === this.personId && message.text);
  }

  #indexOf(id) {
    let low = 0;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.messages[middle].message_id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The topic that a message lies in; the General topic has no number of its own (or 1). */
export function threadOf(message) {
  const id = message.message_thread_id ?? GENERAL;
  return id === 1 ? GENERAL : id;
}

/**
 * What to draw, in order: {kind: "day", key, date} and {kind: "block", key, messages, first}. An album is
 * one block (they arrive one by one, with no end mark); `first` opens a run of the same sender.
 */
export function blocksOf(messages, timeZone) {
  const blocks = [];
  let day = null;
  let last = null;
  for (const message of messages) {
    const date = new Date(message.date * 1000);
    const key = dayKey(date, timeZone);
    if (key !== day) {
      blocks.push({ kind: "day", key: `day-${key}`, date });
      [day, last] = [key, null];
    }
    if (last && message.media_group_id && message.media_group_id === last.messages[0].media_group_id) {
      last.messages.push(message);
      continue;
    }
    last = { kind: "block", key: `m${message.message_id}`, messages: [message], first: !continues(last, message) };
    blocks.push(last);
  }
  return blocks;
}

function continues(block, message) {
  const before = block?.messages.at(-1);
  if (!before || serviceText(before) !== null) return false;
  return before.outgoing_by === message.outgoing_by && before.from?.id === message.from?.id && message.date - before.date < GROUP_SECONDS;
}

/**
 * The keyboard below the message field: {markup, folded} with a ReplyKeyboardMarkup or ForceReply, or null.
 * The latest markup of the bot counts; one marked selective only for those it names or answers
 * (Bot API, ReplyKeyboardMarkup).
 */
export function openKeyboard(messages, person) {
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const message = messages[i];
    const markup = message.reply_markup;
    if (!markup || !(markup.keyboard || markup.remove_keyboard || markup.force_reply)) continue;
    if (markup.selective && !names(message, person)) continue;
    if (markup.remove_keyboard) return null;
    const answered = messages.slice(i + 1).some((later) => later.outgoing_by === person.id);
    if (markup.force_reply) return answered ? null : { markup, message, folded: false };
    return { markup, message, folded: answered && Boolean(markup.one_time_keyboard) };
  }
  return null;
}

function names(message, person) {
  if (message.reply_to_message?.from?.id === person.id) return true;
  const text = message.text ?? message.caption ?? "";
  return [...(message.entities ?? []), ...(message.caption_entities ?? [])].some(
    (entity) =>
      entity.user?.id === person.id ||
      (entity.type === "mention" && text.slice(entity.offset + 1, entity.offset + entity.length) === person.username),
  );
}
