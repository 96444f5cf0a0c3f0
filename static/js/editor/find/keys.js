// Opens find and replace: by its shortcut in the title, a heading or a text, or by its button.
import { editorOf } from "../text/text.js";

const LINES = ".section-card__heading input, #id_title";

// `editingLayers` is what watchWriting returned.
export function watchFind(form, editingLayers) {
  const bar = form.querySelector("[data-find-bar]");
  let loading = null;
  const find = async (field) => {
    loading ??= import("./find.js").then(({ makeFind }) => makeFind(form, editingLayers));
    (await loading)(field);
  };

  form.addEventListener("editor:find", ({ detail }) => find(bar.hidden ? detail.field : null));
  // In the bar itself, the same key is the browser's, whose search looks through the whole page.
  form.addEventListener(
    "keydown",
    (event) => {
      const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "f";
      const field = editorOf(event.target) ?? event.target.closest(LINES);
      if (!isShortcut || !field) return;
      event.preventDefault();
      event.stopPropagation();
      find(field);
    },
    true,
  );
}
