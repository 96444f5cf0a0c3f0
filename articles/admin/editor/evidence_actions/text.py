"""Actions that edit the text, and those that search the transcripts."""

from django.utils.translation import gettext, ngettext

from articles.admin.editor.writing import transcript_search
from articles.admin.evidence import flags, mark_edits
from articles.admin.evidence.claims import Claim
from articles.derived.checks.lint_results import as_text

from .base import CHANGED, EvidenceAction, Refused


class Retime(EvidenceAction):
    """Change the timestamp of a citation."""

    name = "retime"

    def run(self, name, key, seconds):
        claim = self.item(name, key, Claim)
        action = f"retime:{name}:{key}:{seconds}"
        edit = next((suggestion.edit for suggestion in claim.suggestions if suggestion.action == action), None)
        return self.write(edit)


class Insert(EvidenceAction):
    """Insert a suggested mark after an uncited sentence."""

    name = "insert"

    def run(self, name, digest, seconds, key=""):
        sentence = next((sentence for sentence in _uncited(self.panel, digest) if sentence.id == name), None)
        if sentence is None:
            raise Refused(CHANGED)
        action = f"insert:{name}:{digest}:{seconds}:{key}"
        edit = next((suggestion.edit for suggestion in sentence.suggestions or () if suggestion.action == action), None)
        if edit is None:
            raise Refused(gettext("Can’t locate this sentence in the text. Insert the timestamp by hand."))
        self.outcome.anchor = name
        return self.write(edit)


class Append(EvidenceAction):
    """Insert a mark after the last sentence of a text: of the one with this field, or of the selected one."""

    name = "append"

    def run(self, seconds, key="", field=""):
        into = field or self.form.data.get("evidence_into")
        part = next((part for part in self.outcome.reading.parts if part.fields["body"] == into), None)
        if part is None:
            raise Refused(gettext("Choose the section to insert the timestamp into."))
        mark = mark_edits.mark_at(int(seconds), key)
        text = as_text("", part.body, [part.part], {}).parts[0]
        last = next((sentence.place for sentence in reversed(text.sentences) if sentence.place), None)
        end = last.end if last else len(part.body.rstrip())
        self.outcome.anchor = part.card.anchor
        message = gettext("Inserted %(mark)s.") % {"mark": mark}
        return self.write(mark_edits.insertion(part.fields["body"], part.body, end, mark, message))


class Repair(EvidenceAction):
    """Apply the repair that a lint issue suggests."""

    name = "repair"

    def run(self, name, key):
        return self.write(self.item(name, key, flags.ShownIssue).edit)


class Find(EvidenceAction):
    """Search the transcripts for the moments that an uncited sentence may come from."""

    name = "find"

    def run(self, digest):
        if not _uncited(self.panel, digest):
            raise Refused(CHANGED)
        self.form.data.appendlist("evidence_find", digest)
        self.outcome.read_again()
        self.panel = self.outcome.reading.panel
        sentence = _uncited(self.panel, digest)[0]
        self.outcome.anchor = sentence.id
        count = len(sentence.suggestions or ())
        if not count:
            return gettext("No matching timestamp found.")
        return ngettext("%(count)s timestamp found.", "%(count)s timestamps found.", count) % {"count": count}


class Search(EvidenceAction):
    """Search the transcripts of the text's sources for words."""

    name = "search"
    is_question = True

    def run(self, *_):
        query = self.form.data.get("evidence_q", "").strip()
        if not query:
            raise Refused(gettext("Enter words to search for."))
        self.outcome.results = transcript_search.find(dict(self.panel.sources), query)
        self.outcome.anchor = "search"
        return self.outcome.results.summary


ACTIONS = (Retime, Insert, Append, Repair, Find, Search)


def _uncited(panel, digest):
    return [sentence for group in panel.groups for sentence in group.uncited if sentence.digest == digest]
