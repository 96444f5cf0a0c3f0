"""Actions on the text, and the questions where something is said."""

from django.utils.translation import gettext, ngettext

from articles.admin.editor import transcript_search
from articles.admin.evidence import edits, flags
from articles.admin.evidence.claims import Claim
from articles.workflow import content

from .base import CHANGED, EvidenceAction, Refused


class Retime(EvidenceAction):
    """Move a citation to another moment."""

    name = "retime"

    def run(self, name, key, seconds):
        claim = self.item(name, key, Claim)
        offer = next((one for one in claim.offers if one.action == f"retime:{name}:{key}:{seconds}"), None)
        if offer is None:
            raise Refused(CHANGED)
        return self.write(offer.edit)


class Insert(EvidenceAction):
    """Cite a moment behind a sentence that has no citation."""

    name = "insert"

    def run(self, name, digest, seconds, key=""):
        sentences = [one for group in self.beside.groups for one in group.uncited]
        sentence = next((one for one in sentences if one.id == name and one.digest == digest), None)
        if sentence is None:
            raise Refused(CHANGED)
        action = f"insert:{name}:{digest}:{seconds}:{key}"
        edit = next((offer.edit for offer in sentence.offers or () if offer.action == action), None)
        if edit is None:
            raise Refused(gettext("The place of this sentence is not known: put the mark there by hand."))
        self.outcome.anchor = name
        return self.write(edit)


class Append(EvidenceAction):
    """Cite a moment behind the last sentence of the text that was chosen."""

    name = "append"

    def run(self, seconds, key=""):
        into = self.form.data.get("evidence_into")
        part = next((one for one in self.outcome.reading.parts if one.fields["body"] == into), None)
        if part is None:
            raise Refused(gettext("Choose the text that the mark goes into."))
        mark = edits.mark_at(int(seconds), key)
        text = content.as_text("", part.body, [part.part], {}).parts[0]
        last = next((passage.place for passage in reversed(text.passages) if passage.place), None)
        end = last.end if last else len(part.body.rstrip())
        self.outcome.anchor = part.card.anchor
        said = gettext("%(mark)s is in the text.") % {"mark": mark}
        return self.write(edits.insertion(part.fields["body"], part.body, end, mark, said))


class Repair(EvidenceAction):
    """Make the change that a flag offers."""

    name = "repair"

    def run(self, name, key):
        flagged = self.item(name, key, flags.ShownIssue)
        if flagged.edit is None:
            raise Refused(CHANGED)
        return self.write(flagged.edit)


class Find(EvidenceAction):
    """Look for the moments at which a sentence may be said."""

    name = "find"

    def run(self, digest):
        if not self._sentences(digest):
            raise Refused(CHANGED)
        self.form.data.appendlist("evidence_find", digest)
        self.outcome.read_again()
        self.beside = self.outcome.reading.beside
        sentence = self._sentences(digest)[0]
        self.outcome.anchor = sentence.id
        count = len(sentence.offers or ())
        if not count:
            return gettext("It is not said in words that were found.")
        return ngettext("%(count)s moment found.", "%(count)s moments found.", count) % {"count": count}

    def _sentences(self, digest):
        return [one for group in self.beside.groups for one in group.uncited if one.digest == digest]


class Search(EvidenceAction):
    """Look for words in the transcripts of the text's sources."""

    name = "search"
    is_question = True

    def run(self, *_):
        query = self.form.data.get("evidence_q", "").strip()
        if not query:
            raise Refused(gettext("Write what to look for."))
        self.outcome.results = transcript_search.find(dict(self.beside.sources), query)
        self.outcome.anchor = "search"
        return self.outcome.results.summary


ACTIONS = (Retime, Insert, Append, Repair, Find, Search)
