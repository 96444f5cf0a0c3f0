// Decides which texts have the editing layer: those near the window, unless the user prefers the plain source.
// watchWriting returns a function that gives a text its layer now, and one that says whether plain source is shown.
import { preference, setPreference } from "../../shared/preferences.js";
import { layerOf } from "../text/text.js";
import { completions } from "./completion.js";

const NEAR = "800px";

export function watchWriting(form) {
  const layers = new Map();
  const loading = import("./layer.js");
  import("../text/undo.js").then(({ watchUndo }) => watchUndo(form));
  const complete = completions(form);
  const source = `editor-source:${form.dataset.user}`; // in this browser: "1" for plain text areas
  let isSource = preference(source) === "1";

  const mount = async (field) => {
    const { mount } = await loading;
    if (isSource || layers.has(field) || !field.isConnected) return;
    layers.set(field, mount(form, field, complete));
  };
  const near = new IntersectionObserver(
    (entries) => entries.filter(({ isIntersecting }) => isIntersecting).forEach(({ target }) => mount(target)),
    { rootMargin: NEAR },
  );
  const watch = (scope) => scope.querySelectorAll("textarea.markdownx-editor").forEach((field) => near.observe(field));

  const showMode = () => {
    form.toggleAttribute("data-source", isSource);
    form.querySelector("[data-tool=source]").setAttribute("aria-pressed", String(isSource));
  };
  form.addEventListener("editor:source", () => {
    isSource = !isSource;
    setPreference(source, isSource ? "1" : "");
    showMode();
    for (const layer of layers.values()) layer.remove();
    layers.clear();
    near.disconnect();
    if (!isSource) watch(form);
  });
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea.markdownx-editor") && !layerOf(target)) mount(target);
  });
  form.addEventListener("formset:added", ({ target }) => isSource || watch(target));
  showMode();
  if (!isSource) watch(form);
  return { mount, isSource: () => isSource };
}
