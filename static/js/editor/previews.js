// markdownx beside each text: woken when a text is first used, told which episodes it cites, kept off the keyboard.

const KEYS_WITH_CONTROL = ["d", "D", "[", "]"];

// Which sources the form names now, the first is the default: "e1:show/episode", as addresses take them.
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

// markdownx posts the text and nothing else. The sources go with it: they can be more than an address holds.
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
  const editorOf = (element) => element.closest?.("textarea.markdownx-editor");
  const editors = () => [...form.querySelectorAll("textarea.markdownx-editor")];
  form.dataset.previewUrl = editors()[0].dataset.markdownxUrlsPath;
  sendSources(form);

  const point = (editor) => editor.setAttribute("data-markdownx-urls-path", addressOf(form, editor));

  // markdownx looks for its class once, when its script runs: what is to be woken gets the class, then the script
  // runs once more. What has been woken before is left alone by it.
  const wake = (woken) => {
    const asleep = woken.filter((editor) => !editor.hasAttribute("data-markdownx-init"));
    if (!asleep.length) return;
    for (const editor of asleep) {
      point(editor);
      editor.closest(".split").classList.add("markdownx");
    }
    const script = document.createElement("script");
    script.src = form.dataset.markdownxScript;
    document.head.append(script);
    script.addEventListener("load", () => script.remove());
  };

  const wakeFocused = (event) => {
    const editor = editorOf(event.target);
    if (editor) wake([editor]);
  };
  form.addEventListener("focusin", wakeFocused);
  wakeFocused({ target: document.activeElement }); // somebody may have been quicker than this script
  form.addEventListener("formset:added", (event) => wake([...event.target.querySelectorAll("textarea.markdownx-editor")]));
  form.addEventListener("markdownx.update", (event) => dropDoubleIds(event.target), true);

  form.addEventListener(
    "input",
    (event) => {
      const editor = editorOf(event.target);
      if (editor) point(editor);
    },
    true,
  );

  // Another episode or level: the same text cites something else.
  form.addEventListener("change", (event) => {
    const { target } = event;
    const card = target.closest(".levels")?.closest("[data-card]");
    const concerned = card ? [card.querySelector("textarea")] : target.closest(".particulars, .sources") ? editors() : [];
    wake(concerned);
    for (const editor of concerned) {
      if (!editor.hasAttribute("data-markdownx-init")) continue;
      point(editor);
      editor.dispatchEvent(new Event("focusin"));
    }
  });

  // markdownx takes Tab and a few keys with Ctrl for itself: stopped before it hears of them, they do what they
  // do everywhere.
  document.addEventListener(
    "keydown",
    (event) => {
      if (!editorOf(event.target)) return;
      const isTaken = (event.ctrlKey || event.metaKey) && KEYS_WITH_CONTROL.includes(event.key);
      if (event.key === "Tab" || isTaken) event.stopPropagation();
    },
    true,
  );
}

// Each preview is made for itself; on this page an id may stand once.
function dropDoubleIds(part) {
  for (const element of part.querySelectorAll(".markdownx-preview [id]")) {
    if (document.querySelectorAll(`#${CSS.escape(element.id)}`).length > 1) element.removeAttribute("id");
  }
}
