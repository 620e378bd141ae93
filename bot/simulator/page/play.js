// The bar that tells where a transcript stands while it plays.

import { el, iconButton } from "./dom.js";
import { t } from "./words.js";

/** A node that follows the world's transcript; hidden when none plays. */
export function playBar(world, signal) {
  const text = el("span", { class: "play-text" });
  const step = el("span", { class: "play-step" });
  const bar = el("div", { class: "play", hidden: true, data: { testid: "play-bar" } }, step, text);
  bar.append(iconButton("close", t("close"), { onclick: () => (bar.hidden = true) }));
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
  return bar;
}

/** A transcript's line without its Markdown marks. */
function plain(line) {
  return line.replace(/\*\*(.+?)\*\*/g, "$1").replace(/^\*(.+)\*$/, "$1");
}
