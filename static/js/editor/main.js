// Entry point of the editor. Without it the form still works as a plain form.
import "../shared/panels.js";
import { watchAutosave } from "./saving/autosave.js";
import { watchCards } from "./sections/cards.js";
import { watchChecks } from "./evidence/check.js";
import { watchEpisodes } from "./beginning/episodes.js";
import { watchEvidenceKeys } from "./evidence/keys.js";
import { watchEvidencePanel } from "./evidence/panel.js";
import { watchFind } from "./find/keys.js";
import { watchLocations } from "./evidence/locations.js";
import { watchPresence } from "./saving/presence.js";
import { watchPreviews } from "./text/previews.js";
import { watchRecovery } from "./saving/recovery.js";
import { watchSaveButtons } from "./saving/buttons.js";
import { changed } from "./text/text.js";
import { watchPastes } from "./paste/paste.js";
import { watchCount } from "./writing/count.js";
import { watchNudges, watchToolbar } from "./writing/toolbar/toolbar.js";
import { watchWriting } from "./writing/writing.js";

const form = document.querySelector("[data-editor]");
if (form) {
  watchNudges(form); // before the sections, which have the same keys
  watchCards(form);
  watchPreviews(form);
  const editingLayers = watchWriting(form);
  watchFind(form, editingLayers);
  watchToolbar(form);
  watchCount(form);
  watchLocations(form);
  watchPastes(form);
  watchEpisodes(form);
  watchChecks(form);
  const panel = watchEvidencePanel(form);
  watchEvidenceKeys(form, panel);
  const draft = watchAutosave(form);
  watchSaveButtons(form, draft);
  watchRecovery(form, draft);
  watchPresence(form, draft);
  // What nobody needs at once.
  import("./evidence/highlight.js").then(({ watchHighlights }) => watchHighlights(form));
  import("./saving/page_preview.js").then(({ watchPagePreview }) => watchPagePreview(form, draft));
  import("./sections/outline.js").then(({ watchOutline }) => watchOutline(form));
  import("./sections/drag.js").then(({ watchDrag }) => watchDrag(form));
  const pick = import("./images/images.js").then(({ watchImages }) => watchImages(form));
  form.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-pick]");
    if (button) (await pick)(button);
  });
  import("./evidence/follow.js").then(({ watchCaret }) => watchCaret(form));
  import("./evidence/transcript_search.js").then(({ watchTranscriptSearch }) => watchTranscriptSearch(form));
  import("./evidence/margin.js").then(({ watchMargin }) => watchMargin(form, panel, draft));
  import("./head.js").then(({ watchHead }) => watchHead(form));
  if (form.hasAttribute("data-conflict")) import("./saving/conflict.js").then(({ watchConflict }) => watchConflict(form));
  const isNew = !form.dataset.article && !("unsaved" in form.dataset);
  if (location.hash) import("./evidence/arrival.js").then(({ arrive }) => arrive(form, editingLayers));
  (form.querySelector("[data-focus]") ?? (isNew ? form.elements.title : null))?.focus();
  // The user may have typed before these scripts were ready: report what was typed before the listeners were in place.
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    if (field.value !== field.defaultValue) changed(field);
  }
}
