// Margin comments on the review page: a button next to what is selected opens the form with that passage, and the
// passages that have comments are marked in the text. Without it, the forms have a field for the passage.
import { gettext } from "../../shared/i18n.js";
import { bindKeys } from "../../shared/keys.js";
import { rangeOf, selectionIn } from "../../shared/passages.js";

const TEXTS = ".comparison__text:not(.pair__old), .comparison__head h3, .change__text, .proposed__text";
const COMMENT = "textarea:not([data-quote], [data-replacement])";
const SETTLED_MS = 150;

export function watchMargin(page, signal) {
  const forms = () => page.querySelectorAll("textarea[data-quote]");
  if (forms().length) watchSelection(page, forms, signal);
  markPassages(page);
  page.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-show-passage]");
    if (button) show(page, button.closest(".thread").querySelector("[data-passage]"));
  });
  const observer = new MutationObserver(() => markPassages(page));
  observer.observe(page, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect());
}

function watchSelection(page, forms, signal) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small margin-button";
  button.textContent = gettext("Comment on this passage");
  button.setAttribute("aria-keyshortcuts", "m");
  button.hidden = true;
  page.append(button);

  // The element with the selection, null if nothing of the page is selected.
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const node = selection.getRangeAt(0).commonAncestorContainer;
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    return page.contains(element) ? element : null;
  };

  const chosen = () => {
    const container = selected()?.closest(TEXTS);
    return container ? { container, ...selectionIn(container) } : null;
  };

  const open = () => {
    const found = chosen();
    const general = [...forms()].at(-1);
    button.hidden = true;
    if (!found?.words) return goTo(commentFieldOf(selected()?.closest("[data-change], [data-section]")) ?? general);
    const field = sectionOf(page, found.container)?.querySelector("textarea[data-quote]") ?? general;
    fill(field, found);
    goTo(field.closest(".comment-form").querySelector(COMMENT));
  };

  let timer = null;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (signal.aborted) return;
      const found = chosen();
      button.hidden = !found?.words;
      if (button.hidden) return;
      const { left, bottom } = found.range.getBoundingClientRect();
      const from = button.offsetParent.getBoundingClientRect();
      const most = document.documentElement.clientWidth - button.offsetWidth - 8;
      button.style.left = `${Math.max(8, Math.min(left, most)) - from.left}px`;
      button.style.top = `${bottom + 6 - from.top}px`;
    }, SETTLED_MS);
  }, { signal });
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // the words stay selected
  button.addEventListener("click", open);
  bindKeys({ passage: open });
}

// The section of the full text that an element is about: a change says which one it is in.
function sectionOf(page, element) {
  const change = element.closest("[data-change]");
  return change ? page.querySelector(`[data-section="${CSS.escape(change.dataset.in)}"]`) : element.closest("[data-section]");
}

// The field to comment on a change or section as a whole, such as on words that the new text doesn't have.
const commentFieldOf = (place) => place?.querySelector(`.threads > .comment-form ${COMMENT}`);

function goTo(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field.focus();
  field.scrollIntoView({ block: "nearest" });
}

// The words with what is around them, which says where they are if they occur more than once.
function fill(field, { words, before, after }) {
  const replacement = field.closest(".comment-form").querySelector("[data-replacement]");
  if (!replacement.value || replacement.value === field.value) replacement.value = words;
  field.value = words;
  const place = field.name.slice("quote:".length);
  for (const [name, text] of Object.entries({ before, after })) {
    const label = `${name}:${place}`;
    const input = field.parentElement.querySelector(`input[name="${CSS.escape(label)}"]`) ?? document.createElement("input");
    Object.assign(input, { type: "hidden", name: label, value: text });
    input.setAttribute("form", "decision");
    field.after(input);
  }
  field.addEventListener("input", () => field.parentElement.querySelectorAll("input").forEach((input) => input.remove()), { once: true });
}

// Where a passage is shown: in the comparison if that has its section, else in the preview of the whole text.
function findIn(page, quote) {
  const { in: key } = quote.dataset;
  const section = page.querySelector(`[data-section="${CSS.escape(key)}"]`);
  const texts = [...(section?.querySelectorAll(TEXTS) ?? []), ...page.querySelectorAll(".proposed__text")];
  for (const text of texts) {
    const range = rangeOf(text, quote.textContent);
    if (range) return range;
  }
  return null;
}

function markPassages(page) {
  const ranges = [];
  for (const quote of page.querySelectorAll("[data-passage]")) {
    const range = findIn(page, quote);
    const button = quote.parentElement.querySelector("[data-show-passage]");
    if (button) button.hidden = !range;
    if (range && !quote.closest(".thread--resolved")) ranges.push(range);
  }
  CSS.highlights?.set("commented", new Highlight(...ranges));
}

function show(page, quote) {
  const range = quote && findIn(page, quote);
  if (!range) return;
  const element = range.startContainer.parentElement;
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  element.scrollIntoView({ block: "center" });
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
