"""The note that an import leaves on a text that it publishes, for readers."""

from django.utils.translation import gettext, gettext_noop

IMPORTED_NOTE = gettext_noop("Imported text.")
# Earlier releases wrote the note in the site's language, and that nothing was checked yet, which didn't stay true.
_FORMER = {
    "Imported text; citations not yet checked.",
    "Importierter Text; Belegstellen noch nicht nachgeprüft.",
    "Importierter Text.",
}


def shown(note):
    """Return a public note as readers see it: that of an import is in the site's language."""
    return gettext(IMPORTED_NOTE) if note == IMPORTED_NOTE or note in _FORMER else note
