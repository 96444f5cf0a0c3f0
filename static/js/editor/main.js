// The editor's screen: wires its parts together. Without any of this the form still works as a plain form.
import "../panels.js";
import { watchAutosave } from "./autosave.js";
import { watchCards } from "./cards.js";
import { watchText } from "./check.js";
import { watchConflict } from "./conflict.js";
import { watchDrag } from "./drag.js";
import { watchEpisodes } from "./episodes.js";
import { watchEvidence } from "./evidence.js";
import { watchPlaces } from "./places.js";
import { watchPresence } from "./presence.js";
import { watchPreviews } from "./previews.js";
import { watchRecovery } from "./recovery.js";
import { watchSaving } from "./saving.js";
import { watchSearch } from "./search.js";
import { changed } from "./text.js";
import { watchTints } from "./tints.js";
import { watchUploads } from "./uploads.js";

const form = document.querySelector("[data-editor]");
if (form) {
  watchCards(form);
  watchDrag(form);
  watchPreviews(form);
  watchPlaces(form);
  watchUploads(form);
  watchEpisodes(form);
  watchConflict(form);
  watchText(form);
  watchEvidence(form);
  watchSearch(form);
  watchTints(form);
  const work = watchAutosave(form);
  watchSaving(form, work);
  watchRecovery(form, work);
  watchPresence(form, work);
  form.querySelector("[data-focus]")?.focus();
  // Somebody may have been quicker than these scripts: what was typed before anybody listened is told now.
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    if (field.value !== field.defaultValue) changed(field);
  }
}
