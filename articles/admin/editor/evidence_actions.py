"""What an editor does from the column beside the text: a click on it, by script or as a plain form post.

The posted form is read again, and what is acted on is looked up in that reading: nothing is taken from the button but
which claim it belongs to, and if the text has changed since, nothing is done.
"""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy, ngettext

from articles import workflow
from articles.admin.evidence import edits, flags
from articles.admin.evidence.claims import Claim
from articles.core.language.newlines import normalise_newlines
from articles.core.timestamps import format_label
from articles.models import Confirmation, Dismissal, Exemption
from articles.workflow import content

from . import reading, transcript_search
from .forms import ArticleForm

CHANGED = gettext_lazy("The text has changed since: look at this place again. Nothing was done.")
SAVE_FIRST = gettext_lazy("Save the draft first: what is said of a claim is kept with the article.")
MISREAD = gettext_lazy("This button is not known any more: load the page anew. Nothing was done.")


class Refused(Exception):
    """What was asked for is not done; the message says why."""


@dataclass
class Outcome:
    """What came of a click: the form as it is now, in words what was done, and what was found."""

    data: object
    said: str = ""
    is_refused: bool = False
    anchor: str = ""
    results: transcript_search.Results | None = None


class Act:
    """One click: `verb:arguments` against the form in `data`."""

    def __init__(self, data, article, by, *, is_change):
        self.data = data.copy()
        self.article = article
        self.by = by
        self.outcome = Outcome(self.data)
        form = ArticleForm(data, article=article)
        self.form = form
        self.reading = reading.read(form, is_change=is_change, wanted=wanted_of(data))

    def run(self, value):
        verb, _, rest = value.partition(":")
        act = VERBS.get(verb)
        try:
            if act is None:
                raise Refused(MISREAD)
            self.outcome.said = act(self, *rest.split(":")) or ""
        except (Refused, workflow.WorkflowError) as refusal:
            self.outcome.said, self.outcome.is_refused = str(refusal), True
        except (TypeError, ValueError):
            self.outcome.said, self.outcome.is_refused = MISREAD, True
        except edits.TextHasChanged:
            self.outcome.said, self.outcome.is_refused = CHANGED, True
        return self.outcome

    # The text -------------------------------------------------------------------------------------

    def retime(self, name, key, seconds):
        claim = self._item(name, key, Claim)
        offer = next((one for one in claim.offers if one.action == f"retime:{name}:{key}:{seconds}"), None)
        if offer is None:
            raise Refused(CHANGED)
        return self._write(offer.edit)

    def insert(self, name, digest, seconds, key=""):
        for group in self.reading.beside.groups:
            for one in group.uncited:
                if one.id == name and one.digest == digest:
                    action = f"insert:{name}:{digest}:{seconds}:{key}"
                    edit = next((offer.edit for offer in one.offers or () if offer.action == action), None)
                    if edit is None:
                        raise Refused(gettext("The place of this sentence is not known: put the mark there by hand."))
                    self.outcome.anchor = name
                    return self._write(edit)
        raise Refused(CHANGED)

    def append(self, seconds, key=""):
        """Put a mark behind the last sentence of the text that was chosen."""
        part = next((one for one in self.reading.parts if one.fields["body"] == self.data.get("evidence_into")), None)
        if part is None:
            raise Refused(gettext("Choose the text that the mark goes into."))
        mark = edits.mark_at(int(seconds), key)
        text = content.as_text("", part.body, [part.part], {}).parts[0]
        last = next((passage.place for passage in reversed(text.passages) if passage.place), None)
        end = last.end if last else len(part.body.rstrip())
        self.outcome.anchor = part.card.anchor
        return self._write(
            edits.insertion(
                part.fields["body"], part.body, end, mark, gettext("%(mark)s is in the text.") % {"mark": mark}
            )
        )

    def repair(self, name, key):
        flagged = self._item(name, key, flags.ShownIssue)
        if flagged.edit is None:
            raise Refused(CHANGED)
        return self._write(flagged.edit)

    def find(self, digest):
        if not any(one.digest == digest for group in self.reading.beside.groups for one in group.uncited):
            raise Refused(CHANGED)
        self.data.setlistdefault("evidence_find")
        self.data.appendlist("evidence_find", digest)
        found = self._read_again()
        sentences = [one for group in found.beside.groups for one in group.uncited if one.digest == digest]
        self.outcome.anchor = sentences[0].id
        count = len(sentences[0].offers or ())
        if not count:
            return gettext("It is not said in words that were found.")
        return ngettext("%(count)s moment found.", "%(count)s moments found.", count) % {"count": count}

    def search(self, *_):
        query = self.data.get("evidence_q", "").strip()
        if not query:
            raise Refused(gettext("Write what to look for."))
        self.outcome.results = transcript_search.search(dict(self.reading.beside.sources), query)
        self.outcome.anchor = "search"
        return self.outcome.results.summary

    # What a person says ---------------------------------------------------------------------------

    def confirm(self, name, key):
        self._saved()
        claim = self._item(name, key, Claim)
        workflow.confirm_citation(
            self.article,
            by=self.by,
            episode=claim.episode,
            start_seconds=claim.start_seconds,
            end_seconds=claim.end_seconds,
            claim=claim.text,
            section_key=claim.section_key,
        )
        return gettext("You heard it at %(moment)s. It holds until the claim or the moment changes.") % {
            "moment": format_label(claim.start_seconds)
        }

    def dismiss(self, name, key, reason):
        self._saved()
        one = self._item(name, key, (Claim, flags.ShownIssue))
        if isinstance(one, Claim):
            if not one.can_be_dismissed:
                raise Refused(gettext("There is no flag on this claim that could be dismissed."))
            code, subject, text = one.standing.verdict, one.claim_key, one.text
        else:
            code, subject, text = one.flag.code, one.flag.subject, one.flag.claim or one.flag.text
        note = self.data.get(f"evidence_note-{name}", "")
        workflow.dismiss(self.article, by=self.by, code=code, subject=subject, text=text, reason=reason, note=note)
        self.data.pop(f"evidence_note-{name}", None)
        return gettext("Dismissed. It is flagged again when the text there changes.")

    def exempt(self, anchor):
        self._saved()
        group = next((one for one in self.reading.beside.groups if one.card.anchor == anchor), None)
        if group is None or not group.can_be_exempt:
            raise Refused(CHANGED)
        if group.section_key is None and anchor != self.reading.lead.anchor:
            raise Refused(gettext("Save the draft first: this section is not saved yet."))
        reason = self.data.get(f"evidence_exempt-{anchor}", "")
        workflow.exempt(self.article, by=self.by, section_key=group.section_key, reason=reason)
        self.data.pop(f"evidence_exempt-{anchor}", None)
        return gettext("“%(heading)s” needs no citations now.") % {"heading": group.card.heading}

    def unconfirm(self, pk):
        workflow.withdraw_confirmation(self._statement(Confirmation, pk), by=self.by)
        return gettext("Taken back. Nobody has confirmed this claim any more.")

    def undismiss(self, pk):
        workflow.withdraw_dismissal(self._statement(Dismissal, pk), by=self.by)
        return gettext("Taken back. It is flagged again.")

    def unexempt(self, pk):
        workflow.withdraw_exemption(self._statement(Exemption, pk), by=self.by)
        return gettext("Taken back. This part needs citations again.")

    # What they need -------------------------------------------------------------------------------

    def _item(self, name, key, kind):
        for one in self.reading.beside.items:
            if one.id == name and isinstance(one, kind) and one.key == key:
                self.outcome.anchor = name
                return one
        raise Refused(CHANGED)

    def _write(self, edit):
        text = normalise_newlines(self.data.get(edit.name, ""))
        self.data[edit.name] = edit.apply(text)
        return edit.said

    def _read_again(self):
        form = ArticleForm(self.data, article=self.article)
        return reading.read(form, is_change=False, wanted=wanted_of(self.data))

    def _saved(self):
        if self.article is None:
            raise Refused(SAVE_FIRST)

    def _statement(self, model, pk):
        self._saved()
        found = model.objects.active().filter(article=self.article, pk=int(pk)).first()
        if found is None:
            raise Refused(gettext("It was taken back already."))
        return found


VERBS = {
    verb: getattr(Act, verb)
    for verb in (
        "retime",
        "insert",
        "append",
        "repair",
        "find",
        "search",
        "confirm",
        "dismiss",
        "exempt",
        "unconfirm",
        "undismiss",
        "unexempt",
    )
}


def wanted_of(data):
    """The digests of the sentences whose moments somebody asked for."""
    return data.getlist("evidence_find")[:200]


def act(data, article, by, *, is_change):
    """Do what the button `_evidence` of the form in `data` says; the `Outcome`."""
    return Act(data, article, by, is_change=is_change).run(data.get("_evidence", ""))
