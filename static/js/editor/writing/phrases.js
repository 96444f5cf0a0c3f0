// CodeMirror's own words, translated.
import { gettext } from "../../shared/i18n.js";

export const phrases = () => ({
  Find: gettext("Find"),
  Replace: gettext("Replace"),
  next: gettext("Next"),
  previous: gettext("Previous"),
  all: gettext("Select all"),
  "match case": gettext("Match case"),
  "by word": gettext("Whole words"),
  regexp: gettext("Regular expression"),
  replace: gettext("Replace"),
  "replace all": gettext("Replace all"),
  close: gettext("Close"),
  "current match": gettext("Current match"),
  "replaced match on line $": gettext("Replaced the match on line $."),
  "replaced $ matches": gettext("Replaced $ matches."),
  "on line": gettext("on line"),
  Completions: gettext("Suggestions"),
});
