// Counts the words of the article while it is written, and how long they take to read.
import { fill, gettext, ngettext } from "../../shared/i18n.js";
import { findMarks } from "./marks.js";

const QUIET_MS = 300;
const WORDS_PER_MINUTE = 230; // as on the public page
const NOT_READ = /\]\([^)\s]*\)|!?\[\[[^\]|\n]*\||https?:\/\/\S+/g; // addresses of links and images, targets of wiki links
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.,-]*/gu;

export function watchCount(form) {
  const place = form.querySelector("[data-words]");
  let timer = null;

  const update = () => {
    const fields = form.querySelectorAll("[data-card]:not([data-blank], [data-removed]) textarea.markdownx-editor");
    const count = [...fields].reduce((sum, { value }) => sum + countWords(value), 0);
    const words = fill(ngettext("%(count)s word", "%(count)s words", count), { count });
    const minutes = Math.max(1, Math.round(count / WORDS_PER_MINUTE));
    place.textContent = `${words} · ${fill(gettext("%(minutes)s min read"), { minutes })}`;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(update, QUIET_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("editor:changed", soon);
  update();
}

export function countWords(text) {
  let prose = "";
  let last = 0;
  for (const { start, end } of findMarks(text)) {
    prose += text.slice(last, start);
    last = end;
  }
  return (prose + text.slice(last)).replace(NOT_READ, " ").match(WORD)?.length ?? 0;
}
