// The page: which phones are shown, side by side or behind tabs, and the tools above them.

import { changePerson, getFaults, getState } from "./api.js";
import { clockPanel } from "./clock.js";
import { el } from "./dom.js";
import { Drawer } from "./drawer.js";
import { anyFault, faultPanel } from "./faults.js";
import { Phone } from "./phone.js";
import { pickerPanel } from "./picker.js";
import { playBar } from "./play.js";
import { fullName, World } from "./state.js";
import { follow } from "./stream.js";
import { fillTabs } from "./tabs.js";
import { pageLanguage, setPageLanguage, t } from "./words.js";

const RETRY_MS = 1500;
const NOTICE_MS = 5000;
const FAULTS_MS = 2000; // faults run down call by call, of which no event tells

const world = new World();
const narrow = matchMedia("(max-width: 759px)");
const slots = Object.fromEntries(["play", "tools", "tabs", "stage", "drawer", "notices"].map((id) => [id, document.getElementById(id)]));
const phones = new Map();
let active = null; // the phone in sight where there is room for one
let lost = null; // the notice shown while the stream is broken
let page = new AbortController(); // ends what one drawing of the page listens to

const hooks = { shown: () => [...phones.keys()], choose, failed: (error) => say(error.message || t("no_answer")) };
const drawer = new Drawer(slots.drawer, {
  people: { icon: "people", label: "people", title: "picker_title", testid: "picker", build: (signal) => pickerPanel(world, hooks, signal) },
  faults: { icon: "fault", label: "faults", title: "faults_title", testid: "fault-panel", build: (signal) => faultPanel(world, hooks, signal) },
  clock: { icon: "clock", label: "clock", title: "clock_title", testid: "clock-panel", build: (signal) => clockPanel(world, hooks, signal) },
});

open();

async function open() {
  slots.stage.replaceChildren(el("p", { class: "empty", role: "status" }, t("loading")));
  while (!(await world.load().then(() => true, () => false))) {
    interrupted();
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
  resumed();
  for (const id of firstShown()) phones.set(id, null);
  draw();
  follow(world, { onLost: interrupted, onBack: back });
  world.addEventListener("faults", markFaults);
  world.addEventListener("person", showPinned);
  setInterval(countFaults, FAULTS_MS);
  narrow.addEventListener("change", drawTabs);
  document.addEventListener("keydown", nextPhone);
}

/** Phones named in the address, so that a reload or a shared link shows the same; else those pinned. */
function firstShown() {
  const asked = new URLSearchParams(location.search).get("phones")?.split(",").map(Number) ?? [];
  const known = (ids) => ids.filter((id) => world.people.has(id));
  return known(asked).length ? known(asked) : known(world.pinned);
}

/** Everything anew, at the start and in another language. */
function draw() {
  page.abort();
  page = new AbortController();
  slots.tools.replaceChildren(...drawer.buttons(), languageToggle());
  markFaults();
  for (const [id, phone] of phones) {
    phone?.close();
    phones.set(id, newPhone(id));
  }
  slots.stage.replaceChildren(...[...phones.values()].map(({ node }) => node));
  slots.play.replaceChildren(playBar(world, page.signal));
  slots.notices.replaceChildren();
  if (lost) {
    lost = null;
    interrupted();
  }
  arranged();
}

function newPhone(id) {
  return new Phone(world, id, {
    hide: () => choose(id, false),
    unread: () => drawTabs(),
    active: () => !narrow.matches || active === id,
  });
}

/** While a transcript plays, a phone that it pins comes on show. */
async function showPinned() {
  if (!world.play || world.play.done) return;
  const before = world.pinned;
  world.pinned = (await getState().catch(() => world)).pinned;
  for (const id of world.pinned) if (!before.includes(id)) choose(id, true);
}

/** Show or put away one phone. */
function choose(id, on) {
  if (on === phones.has(id) || !world.people.has(id)) return;
  if (on) {
    phones.set(id, newPhone(id));
    const { node } = phones.get(id);
    slots.stage.append(node);
    requestAnimationFrame(() => node.scrollIntoView({ inline: "nearest", block: "nearest" }));
    active = id;
  } else {
    phones.get(id).close();
    phones.delete(id);
  }
  const address = new URL(location.href);
  address.searchParams.set("phones", [...phones.keys()].join(","));
  history.replaceState(null, "", decodeURIComponent(address.href));
  changePerson(id, { pinned: on }).catch(() => {}); // a server without pins still shows the phone
  arranged();
}

function arranged() {
  if (!phones.has(active)) active = phones.keys().next().value ?? null;
  slots.stage.querySelector(".empty")?.remove();
  if (!phones.size) {
    const choosePeople = el("button", { type: "button", class: "button", onclick: () => drawer.show("people") }, t("choose_people"));
    slots.stage.replaceChildren(el("div", { class: "empty" }, el("h2", {}, t("no_phones")), el("p", {}, t("no_phones_hint")), choosePeople));
  }
  slots.stage.style.setProperty("--phones", phones.size);
  drawTabs();
  world.tell("phones", {});
}

function drawTabs() {
  const tabbed = narrow.matches && phones.size > 0;
  slots.tabs.hidden = !tabbed;
  for (const [id, phone] of phones) {
    if (!phone) continue;
    phone.node.hidden = tabbed && id !== active;
    if (tabbed) phone.node.setAttribute("role", "tabpanel");
    else phone.node.removeAttribute("role");
  }
  if (!tabbed) return;
  const items = [...phones].map(([id, phone]) => {
    const person = world.people.get(id);
    return { key: id, label: fullName(person), detail: person.label, unread: phone?.unread ?? 0, controls: `phone-${id}`, testid: `tab-${id}` };
  });
  fillTabs(slots.tabs, t("phones"), items, active, (id) => {
    active = id;
    phones.get(id).seen();
    drawTabs();
  });
}

/** F6 and Shift+F6 lead from phone to phone. */
function nextPhone(event) {
  if (event.key !== "F6" || !phones.size) return;
  event.preventDefault();
  const ids = [...phones.keys()];
  const now = ids.indexOf(Number(document.activeElement?.closest(".phone")?.dataset.person));
  active = now < 0 ? ids[0] : ids[(now + (event.shiftKey ? -1 : 1) + ids.length) % ids.length];
  drawTabs();
  phones.get(active).node.scrollIntoView({ inline: "nearest", block: "nearest" });
  phones.get(active).focus();
}

function languageToggle() {
  const change = () => {
    setPageLanguage(pageLanguage() === "zh" ? "en" : "zh");
    draw();
    drawer.redraw();
    slots.tools.querySelector("[data-testid=page-language]").focus();
  };
  const other = pageLanguage() === "zh" ? "en" : "zh-Hans";
  return el(
    "button",
    { type: "button", class: "tool lingual", lang: other, "aria-label": t("page_language_label"), data: { testid: "page-language" }, onclick: change },
    t("page_language"),
  );
}

function markFaults() {
  drawer.mark("faults", anyFault(world.faults));
}

async function countFaults() {
  if (!anyFault(world.faults)) return;
  const faults = await getFaults().catch(() => world.faults);
  if (JSON.stringify(faults) !== JSON.stringify(world.faults)) world.apply({ type: "faults", faults });
}

function interrupted() {
  if (lost?.isConnected) return;
  lost = el("div", { class: "notice bad", role: "status" }, t("lost"));
  slots.notices.append(lost);
}

function resumed() {
  lost?.remove();
  lost = null;
}

function back() {
  resumed();
  for (const id of [...phones.keys()]) {
    if (world.people.has(id)) phones.get(id).reload();
    else choose(id, false);
  }
  for (const type of ["faults", "clock", "play", "phones"]) world.tell(type, {});
  if (!phones.size) for (const id of world.pinned) choose(id, true);
}

function say(text) {
  const notice = el("div", { class: "notice", role: "status" }, text);
  slots.notices.append(notice);
  setTimeout(() => notice.remove(), NOTICE_MS);
}
