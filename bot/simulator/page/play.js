// The bar that tells where a transcript stands while it plays.

import { el, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

/** A node that follows the world's transcript; hidden when none plays. */
export function playBar(world, signal) {
  const text = el("span", { class: "play-text" });
  const step = el("span", { class: "play-step" });
  const bar = el("div", { class: "play", hidden: true, data: { testid: "play-bar" } }, el("span", { class: "play-sign" }, icon("open")), step, text);
  bar.append(iconButton("close", t("close"), { onclick: () => (bar.hidden = true) }));
  const status = el("div", { role: "status", class: "play-slot" }, bar);
  const draw = () => {
    const { play } = world;
    bar.hidden = !play;
    if (!play) return;
    bar.classList.toggle("done", Boolean(play.done));
    step.textContent = play.done ? "" : `${t("play")} · ${play.step}`;
    text.textContent = play.done ? t("play_done") : plain(play.text ?? "");
  };
  world.on("play", draw, signal);
  draw();
  return status;
}

/** A transcript's line without its Markdown marks. */
function plain(line) {
  return line.replace(/\*\*(.+?)\*\*/g, "$1").replace(/^\*(.+)\*$/, "$1");
}
