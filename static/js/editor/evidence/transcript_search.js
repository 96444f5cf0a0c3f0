// Searches the transcripts; a chosen result is inserted as a citation mark where the cursor was in the text. So is a
// working note: into its section's text, at the end if the cursor was never there.
import { warn } from "./check.js";
import { openField } from "./locations.js";
import { sourcesOf } from "../text/previews.js";
import { editorOf, replaceRange, say } from "../text/text.js";
import { fill, gettext } from "../../shared/i18n.js";
import { token } from "../../shared/token.js";

export function watchTranscriptSearch(form) {
  const search = form.querySelector("[data-search]");
  if (!search) return;
  const field = search.querySelector("input[type=search]");
  const results = search.querySelector("[data-results]");
  let last = null; // the text area that had the cursor last

  form.addEventListener("focusin", ({ target }) => {
    last = editorOf(target) ?? last;
  });

  const run = async () => {
    const query = field.value.trim();
    if (!query) {
      results.replaceChildren();
      return;
    }
    const body = new FormData(); // there can be more sources than fit into a URL
    for (const source of sourcesOf(form)) body.append("source", source);
    body.set("q", query);
    body.set("part", "1");
    body.set("csrfmiddlewaretoken", token(form));
    const response = await fetch(form.dataset.passagesUrl, { method: "POST", body }).catch(() => null);
    if (!response?.ok) {
      warn(form, response ? await response.text() : gettext("Can’t reach the site. Try again."));
      return;
    }
    results.innerHTML = await response.text();
    say(form, results.querySelector("[data-summary]").textContent);
  };

  search.addEventListener("keydown", (event) => {
    if (event.isComposing || event.target !== field) return;
    if (event.key === "Enter") {
      event.preventDefault();
      run();
    } else if (event.key === "ArrowDown" && results.querySelector("[data-mark]")) {
      event.preventDefault();
      event.stopPropagation();
      results.querySelector("[data-mark]").focus();
    }
  });

  search.addEventListener("click", (event) => {
    const result = event.target.closest("[data-mark]");
    if (event.target.closest("[data-search-go]")) {
      event.preventDefault();
      run();
    } else if (result) {
      event.preventDefault();
      insert(result.dataset.mark);
    }
  });

  form.addEventListener("click", (event) => {
    const note = event.target.closest("[data-note]");
    if (!note) return;
    event.preventDefault();
    const field = document.getElementById(note.closest("[data-of]").dataset.of).querySelector("textarea.markdownx-editor");
    write(field, note.dataset.note, last === field);
  });

  const insert = (mark) => {
    if (last?.isConnected) write(last, mark);
    else warn(form, gettext("Put the cursor where you want the timestamp, then choose it again."));
  };

  const write = ({ id }, mark, isAtCursor = true) => {
    warn(form, "");
    const text = openField(form, id);
    const position = isAtCursor ? text.selectionEnd : text.value.trimEnd().length;
    const space = position && !/\s/.test(text.value[position - 1]) ? " " : "";
    replaceRange(text, position, position, `${space}${mark}`);
    say(form, fill(gettext("Inserted %(mark)s. Press Ctrl+Z to undo."), { mark }));
  };
}
