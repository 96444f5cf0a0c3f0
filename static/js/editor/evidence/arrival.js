// Opens the text at the claim or the section that the page's address names, as the citation report's link does.
import { warn } from "./check.js";
import { openField } from "./locations.js";
import { reveal, say, unitsBefore } from "../text/text.js";
import { gettext } from "../../shared/i18n.js";

const SETTLING_MS = 3000;

const loaded = () => document.readyState === "complete" || new Promise((resolve) => addEventListener("load", resolve, { once: true }));

// Texts get their editing layers, and with them another height, in their own time: scrolls again until that is over, or until
// the user does something.
function settle(form, scroll) {
  const ended = new AbortController();
  const { signal } = ended;
  const observer = new ResizeObserver(scroll);
  const end = () => {
    observer.disconnect();
    ended.abort();
  };
  observer.observe(form);
  for (const type of ["pointerdown", "wheel", "keydown"]) addEventListener(type, end, { signal, passive: true, capture: true });
  setTimeout(end, SETTLING_MS);
}

// `editingLayers` is what watchWriting returned.
export async function arrive(form, editingLayers) {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const claim = target?.closest("[data-claim=cited]");
  const card = target?.closest("[data-card]");
  if (!form.contains(target) || !(claim || card)) return;
  await loaded(); // until then the browser itself scrolls to what the address names, which is in the panel
  const field = openField(form, claim ? claim.dataset.field : card.querySelector("textarea.markdownx-editor").id);
  if (field.matches(".markdownx-editor")) await editingLayers.mount(field);
  const start = claim ? unitsBefore(field.value, Number(claim.dataset.offset)) : 0;
  const length = claim ? unitsBefore(field.value.slice(start), Number(claim.dataset.length)) : 0;
  reveal(field, start, start + length);
  settle(form, () => reveal(field, start, start + length));
  // The page's messages are at its top, out of sight now.
  const { written } = claim?.querySelector("[data-set-time]")?.dataset ?? {};
  const isChanged = written && field.value.slice(start, start + length) !== written;
  const said = isChanged ? gettext("The text has changed in the meantime.") : document.querySelector(".messagelist .warning")?.textContent.trim();
  if (!said) return;
  say(form, said);
  warn(form, said);
}
