// Live previews by markdownx: started when a text is first used, told which sources it cites, and kept from
// taking over keyboard shortcuts.
import { editorOf } from "./text.js";

const KEYS_WITH_CONTROL = ["d", "D", "[", "]"];

// The sources that the form names now, default first, in the form that the server takes: "e1:show/episode".
export function sourcesOf(form) {
  const sources = [];
  const add = (key, value) => {
    const reference = value.trim().split(/\s+/).at(-1);
    if (reference) sources.push(`${key}:${reference}`);
  };
  add(form.elements.episode_key.value || "e1", form.elements.episode.value);
  for (const source of form.querySelectorAll("[data-source]")) {
    const [key, episode] = source.querySelectorAll("input:not([type=checkbox])");
    if (!source.querySelector("[type=checkbox]").checked) add(key.value, episode.value);
  }
  return sources;
}

// markdownx posts only the text. Add the sources to the body: there can be more than fit into a URL.
function sendSources(form) {
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    if (body instanceof FormData && body.has("content") && !body.has("source")) {
      for (const source of sourcesOf(form)) body.append("source", source);
    }
    return send.call(this, body);
  };
}

function addressOf(form, editor) {
  const address = new URL(form.dataset.previewUrl, location.href);
  const card = editor.closest("[data-card]");
  address.searchParams.set("prefix", card.dataset.card);
  address.searchParams.set("level", card.querySelector(".levels input:checked")?.value ?? "0");
  return address.pathname + address.search;
}

export function watchPreviews(form) {
  const editors = () => [...form.querySelectorAll("textarea.markdownx-editor")];
  form.dataset.previewUrl = editors()[0].dataset.markdownxUrlsPath;
  sendSources(form);

  const updateAddress = (editor) => editor.setAttribute("data-markdownx-urls-path", addressOf(form, editor));

  // markdownx looks for its class only once, when its script runs. So set the class on the editors to start, then run
  // the script again; it skips editors that are already running.
  const start = (candidates) => {
    const idle = candidates.filter((editor) => !editor.hasAttribute("data-markdownx-init"));
    if (!idle.length) return;
    for (const editor of idle) {
      updateAddress(editor);
      editor.closest(".split").classList.add("markdownx");
    }
    const script = document.createElement("script");
    script.src = form.dataset.markdownxScript;
    document.head.append(script);
    script.addEventListener("load", () => script.remove());
  };

  const isShown = () => form.hasAttribute("data-previews");
  const startFocused = (event) => {
    const editor = editorOf(event.target);
    if (editor && isShown()) start([editor]);
  };
  form.addEventListener("focusin", startFocused);
  startFocused({ target: document.activeElement }); // the user may have focused an editor before this script was ready
  form.addEventListener("formset:added", (event) => isShown() && start([...event.target.querySelectorAll("textarea.markdownx-editor")]));
  form.addEventListener("editor:previews", () => {
    if (!isShown()) return;
    start(editors().filter((editor) => editor.value !== editor.defaultValue));
    startFocused({ target: document.activeElement });
  });
  form.addEventListener("markdownx.update", (event) => dropDoubleIds(event.target), true);

  form.addEventListener(
    "input",
    (event) => {
      const editor = editorOf(event.target);
      if (editor) updateAddress(editor);
    },
    true,
  );

  // With another episode or level, the same text cites something else.
  form.addEventListener("change", (event) => {
    const { target } = event;
    const card = target.closest(".levels")?.closest("[data-card]");
    const affected = card ? [card.querySelector("textarea")] : target.closest(".article-facts, .sources") ? editors() : [];
    if (isShown()) start(affected);
    for (const editor of affected) {
      if (!editor.hasAttribute("data-markdownx-init")) continue;
      updateAddress(editor);
      editor.dispatchEvent(new Event("focusin"));
    }
  });

  // markdownx takes over Tab and a few Ctrl keys. Stop those events before it sees them, so that they do what they do
  // everywhere else.
  document.addEventListener(
    "keydown",
    (event) => {
      if (!editorOf(event.target)) return;
      const isTaken = (event.ctrlKey || event.metaKey) && KEYS_WITH_CONTROL.includes(event.key);
      const isTab = event.key === "Tab" && event.target.matches("textarea"); // in a layer, Tab has a use in lists
      if (isTab || isTaken) event.stopPropagation();
    },
    true,
  );
}

// Each preview is rendered on its own, but on this page an id may occur only once.
function dropDoubleIds(part) {
  for (const element of part.querySelectorAll(".markdownx-preview [id]")) {
    if (document.querySelectorAll(`#${CSS.escape(element.id)}`).length > 1) element.removeAttribute("id");
  }
}
