// Keeps the evidence beside the text: the panel follows to the section that has the focus, and to the claim at the caret.
import { checkData, requestCheck } from "./check.js";
import { claimAtCursor } from "./claims.js";
import { editorOf, unitsBefore } from "../text/text.js";

const QUIET_MS = 120; // while the caret is moving, nothing else does
const MARGIN = 12; // pixels above what is scrolled to
const WIDE = matchMedia("(width >= 64rem)");

export function watchCaret(form) {
  const column = form.querySelector("[data-evidence]");
  let timer = null;
  let sought = ""; // the paragraph whose claim was looked for on other pages last, and the claim there
  let isSeeking = false;
  let isTyped = false; // something, since the page was asked for

  // Open the page of the panel with the claim at the caret. That there is none is no reason to interrupt.
  const seek = async (value) => {
    isSeeking = true;
    isTyped = false;
    form.dispatchEvent(new CustomEvent("editor:asking"));
    const data = checkData(form);
    data.set("_evidence", value);
    await requestCheck(form, form.dataset.evidenceUrl, data).catch(() => null);
    isSeeking = false;
    if (isTyped) {
      // A check of what was typed meanwhile would turn back the page, so it is repeated.
      form.dispatchEvent(new CustomEvent("editor:asking"));
      form.dispatchEvent(new CustomEvent("editor:recheck"));
    }
    follow();
    const marked = column.querySelector("[data-at-caret]"); // when the answer came, without moving
    if (marked) scrollTo(marked);
  };
  form.addEventListener("input", () => (isTyped = true));

  const scrollTo = (element) => {
    if (!WIDE.matches || element.closest(".folded-claims:not([open])")) return;
    const [frame, box] = [column.getBoundingClientRect(), element.getBoundingClientRect()];
    if (box.top < frame.top || box.bottom > frame.bottom) column.scrollTo({ top: column.scrollTop + box.top - frame.top - MARGIN });
  };
  const follow = ({ isMoving = true } = {}) => {
    const field = editorOf(document.activeElement);
    if (!field || !form.contains(field)) return;
    const { claim, value } = claimAtCursor(column, field);
    const current = claim && isAround(field, claim) ? claim : null;
    const card = field.closest("[data-card]");
    const place = `${field.id}:${field.value.slice(0, field.selectionStart).split(/\n\s*\n/).length}:${claim?.id}`;
    if (isMoving && place !== sought && !isSeeking) {
      sought = place;
      if (!(current && isShown(column, field, claim)) && column.querySelector(`[data-elsewhere][data-of="${CSS.escape(card.id)}"]`)) seek(value);
    }
    const marked = column.querySelector("[data-at-caret]");
    if (marked === current) return;
    marked?.removeAttribute("data-at-caret");
    current?.setAttribute("data-at-caret", "");
    if (current && isMoving) scrollTo(current);
  };

  // Also what the caret does in an editing layer is reported here.
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(follow, QUIET_MS);
  });
  form.addEventListener("editor:checked", () => follow({ isMoving: false }));
  const followSection = (element) => {
    const card = element.closest("[data-card]");
    const part = card && column.querySelector(`[data-of="${CSS.escape(card.id)}"]`);
    if (!part || part.hasAttribute("data-current")) return;
    column.querySelector("[data-current]")?.removeAttribute("data-current");
    part.setAttribute("data-current", "");
    if (WIDE.matches) column.scrollTo({ top: part.offsetTop - MARGIN });
  };
  form.addEventListener("focusin", ({ target }) => followSection(target));
  followSection(document.activeElement); // which the page may have chosen before
}

// Whether no claim on another page can be nearer to the caret: it is not before the first one here nor behind the last.
function isShown(column, field, claim) {
  const caret = field.selectionStart;
  const [start, length] = [Number(claim.dataset.offset), Number(claim.dataset.length)];
  const isFirst = column.querySelector(`[data-claim][data-field="${CSS.escape(field.id)}"]`) === claim;
  return caret <= unitsBefore(field.value, start + length) && !(isFirst && caret < unitsBefore(field.value, start));
}

// Whether the caret is in the paragraph of `claim`: the next mark may be that of a later one.
function isAround(field, claim) {
  const [start, length] = [Number(claim.dataset.offset), Number(claim.dataset.length)];
  const end = unitsBefore(field.value, start + length);
  const caret = field.selectionStart;
  return !/\n\s*\n/.test(field.value.slice(Math.min(caret, end), Math.max(caret, end)));
}
