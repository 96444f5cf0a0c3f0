// The toolbar above the text and the shortcuts, which work in the editing layer and in plain text areas.
import { preference, setPreference } from "../../../shared/preferences.js";
import { editorOf, layerOf, say } from "../../text/text.js";
import { COMMANDS, run } from "./formatting.js";
import { markAt, moved } from "../marks.js";

const KEYS = { KeyB: "bold", KeyI: "italic", KeyK: "link" };
const SHIFTED = { Digit5: "table", Digit6: "heading", Digit7: "numbers", Digit8: "bullets", Digit9: "quote" };

export function watchToolbar(form) {
  const bar = form.querySelector("[data-toolbar]");
  const tools = [...bar.querySelectorAll("button")];
  const fields = () => [...form.querySelectorAll("textarea.markdownx-editor")].filter((field) => field.closest(".split").checkVisibility());
  const previews = `editor-previews:${form.dataset.user}`; // in this browser: "1" for a preview below each text
  let last = null; // the text area that had the caret last

  form.addEventListener("focusin", ({ target }) => (last = editorOf(target) ?? last));
  const current = () => (last?.isConnected ? last : fields()[0]);

  const switches = {
    comment: () => form.dispatchEvent(new CustomEvent("editor:comment", { detail: { field: current() } })),
    source: () => form.dispatchEvent(new CustomEvent("editor:source")),
    previews: () => {
      const isShown = !form.hasAttribute("data-previews");
      setPreference(previews, isShown ? "1" : "");
      showPreviews(form, isShown);
    },
    fullscreen: () => (document.fullscreenElement ? document.exitFullscreen() : form.requestFullscreen()),
    find: () => form.dispatchEvent(new CustomEvent("editor:find", { detail: { field: current() } })),
    citation: () => {
      const field = current();
      run(field, (text, start, end) => {
        const space = end && !/\s/.test(text[end - 1]) ? " " : "";
        return { from: end, to: end, insert: `${space}[`, select: [end + space.length + 1, end + space.length + 1] };
      });
      layerOf(field)?.complete();
    },
  };
  bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the caret stays in the text
  bar.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (COMMANDS[tool]) run(current(), COMMANDS[tool]);
    else switches[tool]?.();
  });
  // One stop for Tab; the arrow keys go from button to button.
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const shown = tools.filter((tool) => tool.checkVisibility());
    const next = { Home: shown[0], End: shown.at(-1) }[event.key] ?? (by && shown.at((shown.indexOf(document.activeElement) + by) % shown.length));
    if (!next) return;
    event.preventDefault();
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next.focus();
  });
  tools.forEach((tool, index) => (tool.tabIndex = index ? -1 : 0));

  form.addEventListener("keydown", (event) => {
    const field = editorOf(event.target);
    if (!field || event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const command = (event.shiftKey ? SHIFTED : KEYS)[event.code];
    if (!command) return;
    event.preventDefault();
    run(field, COMMANDS[command]);
  });

  const full = bar.querySelector("[data-tool=fullscreen]");
  full.hidden = !document.fullscreenEnabled;
  document.addEventListener("fullscreenchange", () => full.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
  showPreviews(form, preference(previews) === "1");
}

function showPreviews(form, isShown) {
  form.toggleAttribute("data-previews", isShown);
  form.querySelector("[data-tool=previews]").setAttribute("aria-pressed", String(isShown));
  form.dispatchEvent(new CustomEvent("editor:previews"));
}

// Alt and an arrow moves the citation at the caret by a second, with Shift by five. Without one, the keys are the section's.
export function watchNudges(form) {
  document.addEventListener(
    "keydown",
    (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      const field = editorOf(event.target);
      if (!by || !event.altKey || event.ctrlKey || event.metaKey || !field || !form.contains(field)) return;
      const caret = field.selectionStart;
      const mark = caret === field.selectionEnd && markAt(field.value, caret);
      if (!mark) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      run(field, (text) => {
        const insert = moved(text.slice(mark.start, mark.end), event.shiftKey ? 5 * by : by);
        const place = Math.min(caret, mark.start + insert.length);
        say(form, insert);
        return { from: mark.start, to: mark.end, insert, select: [place, place] };
      });
    },
    true,
  );
}
