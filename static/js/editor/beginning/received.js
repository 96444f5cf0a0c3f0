// The page for a received text: formatted text that is pasted becomes Markdown, and episodes are suggested.
import { watchEpisodes } from "./episodes.js";
import { lostIn } from "../paste/lost.js";
import { replaceRange, say } from "../text/text.js";
import { gettext } from "../../shared/i18n.js";

const form = document.querySelector("[data-received]");
watchEpisodes(form);
form.querySelector("[data-focus]")?.focus();

form.elements.text.addEventListener("paste", (event) => {
  const html = event.clipboardData?.getData("text/html");
  if (!html) return;
  const field = event.target;
  const [start, rest] = [field.selectionStart, field.value.length - field.selectionEnd];
  // The plain text is pasted first, so that undoing brings it back.
  setTimeout(async () => {
    const converted = (await import("../paste/convert.js")).convert(html);
    if (!converted) return;
    replaceRange(field, start, field.value.length - rest, converted.markdown);
    say(form, [gettext("Formatting became Markdown."), gettext("Undo to get the pasted text."), lostIn(converted.lost)].join(" "));
  });
});
