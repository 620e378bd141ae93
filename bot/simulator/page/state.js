// The simulated world as this page knows it: bot, people, chats, clock, faults, transcript.
// Messages belong to conversations (conversation.js); the world passes their events on.

import { getState } from "./api.js";

export class World extends EventTarget {
  bot = { id: 0, first_name: "" };
  people = new Map();
  chats = new Map();
  faults = {};
  play = null;
  pinned = [];
  seq = 0;
  timeZone = undefined;
  #clock = { now: Date.now(), heard: performance.now() };

  /** Read everything anew. Raises Refused when the simulator does not answer. */
  async load() {
    const state = await getState();
    this.bot = state.bot;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
    this.faults = state.faults ?? {};
    this.play = state.play ?? null;
    this.pinned = state.pinned ?? [];
    this.seq = state.seq ?? 0;
    this.timeZone = state.time_zone ?? undefined;
    this.#setClock(state.now);
  }

  /** Take in one event of the stream, then tell whoever listens to its type. */
  apply(event) {
    if (event.seq) this.seq = Math.max(this.seq, event.seq);
    if (event.type === "person") this.#meet(event.person);
    else if (event.type === "chat") this.chats.set(event.chat.id, event.chat);
    else if (event.type === "faults") this.faults = event.faults;
    else if (event.type === "clock") this.#setClock(event.now);
    else if (event.type === "play") this.play = { step: event.step, text: event.text, done: event.done };
    this.tell(event.type, event);
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Listen until `signal` is aborted. */
  on(type, listener, signal) {
    this.addEventListener(type, (event) => listener(event.detail), { signal });
  }

  now() {
    return new Date(this.#clock.now + (performance.now() - this.#clock.heard));
  }

  /** Chats of one person, the private one with the bot first. */
  chatsOf(personId) {
    const groups = [...this.chats.values()].filter((chat) => chat.type !== "private" && chat.members.includes(personId));
    return [this.privateChat(personId), ...groups];
  }

  privateChat(personId) {
    for (const chat of this.chats.values()) if (chat.type === "private" && chat.person === personId) return chat;
    return { id: personId, type: "private", title: null, is_forum: false, topics: [], members: [personId], person: personId };
  }

  #meet(person) {
    this.people.set(person.id, person);
    const chat = this.privateChat(person.id);
    this.chats.set(chat.id, chat);
  }

  #setClock(iso) {
    const now = Date.parse(iso);
    if (!Number.isNaN(now)) this.#clock = { now, heard: performance.now() };
  }
}

/** Family name first and unspaced for Han names, as people write them. */
export function fullName({ first_name: first = "", last_name: last = "", title = "" }) {
  if (!first && !last) return title ?? "";
  if (!last) return first;
  return /\p{Script=Han}/u.test(first + last) ? last + first : `${first} ${last}`;
}
