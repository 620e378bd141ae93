// Files chosen but not yet sent: by the attach button, by pasting, or dropped on the phone.

import { el, iconButton } from "./dom.js";
import { fileSize } from "./media.js";
import { t } from "./words.js";

const MB = 1024 * 1024;
// Bot API, Sending files: what a bot may fetch is 20 MB, but people can send it more, and it must cope.
const LIMIT_MB = 50;
const PHOTO_LIMIT_MB = 10;

export class Tray {
  #files = [];
  #changed;
  #refuse;
  #asPhotos = el("input", { type: "checkbox", checked: true });

  /** `changed()` after each change; `refuse(text)` says why a file was not taken. */
  constructor(changed, refuse) {
    this.#changed = changed;
    this.#refuse = refuse;
    this.node = el("div", { class: "tray", hidden: true });
  }

  get empty() {
    return this.#files.length === 0;
  }

  add(files, asPhotos) {
    const taken = [...files].filter((file) => this.#fits(file));
    if (!taken.length) return;
    if (this.empty) this.#asPhotos.checked = asPhotos;
    this.#files.push(...taken);
    this.#draw();
  }

  /** What to send, in order: {file, as}; the tray is empty afterwards. */
  take() {
    const files = this.#files.map((file) => ({ file, as: this.#asPhotos.checked && isPhoto(file) ? "photo" : "document" }));
    this.clear();
    return files;
  }

  clear() {
    this.#files = [];
    this.#draw();
  }

  #fits(file) {
    if (file.size <= LIMIT_MB * MB) return true;
    this.#refuse(t("too_big", { name: file.name, limit: LIMIT_MB }));
    return false;
  }

  #draw() {
    const rows = this.#files.map((file) =>
      el(
        "div",
        { class: "tray-file" },
        el("span", { class: "tray-name" }, file.name),
        el("span", { class: "tray-size" }, fileSize(file.size)),
        iconButton("close", t("remove_file", { name: file.name }), { onclick: () => this.#drop(file) }),
      ),
    );
    const photos = this.#files.some(isPhoto) ? el("label", { class: "check" }, this.#asPhotos, el("span", {}, t("as_photos"))) : "";
    this.node.replaceChildren(...rows, photos);
    this.node.hidden = this.empty;
    this.#changed();
  }

  #drop(file) {
    this.#files = this.#files.filter((other) => other !== file);
    this.#draw();
  }
}

function isPhoto(file) {
  return /^image\/(jpeg|png|webp)$/.test(file.type) && file.size <= PHOTO_LIMIT_MB * MB;
}
