"""Does what is chosen in a row of the citation report: confirms the citation, dismisses an issue, or moves it."""

from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from django.utils.translation import gettext

from articles import workflow
from articles.admin.evidence import mark_edits
from articles.admin.shared.helpers import typed
from articles.core.parsing.numbers import whole_number
from articles.core.timestamps import TimestampError, format_label, parse_typed
from articles.derived.checks import run, status
from articles.derived.texts import derivation
from articles.models import Citation, LintIssue
from articles.workflow.content import content_of

from . import drafted


class Refused(Exception):
    """Nothing was done; the message says why."""


@dataclass(eq=False)  # exceptions are told apart by identity
class RefusedTime(Refused):
    """The timestamp `written` into a row's field can't be taken, so that the field asks again; `text` says why."""

    text: str
    written: str

    TAG = "written-"
    LONGEST = 40  # characters, as in the field

    def __str__(self):
        return self.text

    @property
    def tag(self):
        """How the message to the next page keeps what was written."""
        return f"{self.TAG}{quote(self.written[: self.LONGEST], safe='')}"

    @classmethod
    def among(cls, of_row):
        """Return (it or None, the others) of the messages `of_row`."""
        refused, others = None, []
        for message in of_row:
            tags = (message.extra_tags or "").split()
            written = next((tag.removeprefix(cls.TAG) for tag in tags if tag.startswith(cls.TAG)), None)
            if written is None:
                others.append(message)
            else:
                refused = cls(str(message), unquote(written))
        return refused, others


def public_citation(pk, key):
    """Return the public citation `pk` if it still has the claim key `key`. Raises `Refused`."""
    related = ("revision__article", "episode__show", "section", "finding")
    citation = Citation.objects.filter(is_public=True, pk=pk).select_related(*related).first()
    if citation is None or citation.claim_key != key:
        raise Refused(gettext("The published text has changed in the meantime. Nothing was changed; look again."))
    return citation


def confirm(citation, data, *, by):
    workflow.confirm_citation(
        citation.revision.article,
        by=by,
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
        section_key=citation.section.key if citation.section_id else None,
    )
    return gettext("Confirmed at %(moment)s. Valid until the claim or its timestamp changes.") % {
        "moment": format_label(citation.start_seconds)
    }


def dismiss(citation, data, *, by):
    code, subject, text = _chosen_issue(citation, data.get("issue", ""))
    workflow.dismiss(
        citation.revision.article,
        by=by,
        code=code,
        subject=subject,
        text=text,
        reason=data.get("reason", ""),
        note=typed(data, "note"),
    )
    return gettext("Issue dismissed until this text changes.")


def _chosen_issue(citation, chosen):
    """Return (code, subject, text) of the issue with a value of `choices.Choices.issues`. Raises `Refused`."""
    verdict = status.verdict_of(citation.finding)
    if not chosen and verdict in status.FLAGGED:
        return verdict, citation.claim_key, citation.claim
    code, _, subject = chosen.replace("\0", "").partition(":")
    flag = LintIssue.objects.filter(citation=citation, code=code, subject=subject).first()
    if flag is None:
        raise Refused(gettext("This claim has no issue to dismiss."))
    return flag.code, flag.subject, flag.text


def retime(citation, data, *, by):
    """Move the citation in the draft of `by`, which is started from the published text if there is none, as in the editor.

    The published text stays as it is until the draft has been reviewed.
    """
    seconds = wanted_second(citation, data)
    article = citation.revision.article
    draft = article.revision_set.visible_to(by).open().filter(author=by).first()
    content = content_of(draft or citation.revision)
    elsewhere = drafted.of_citations([citation], {article.pk: draft}).get(citation.pk) if draft else None
    change = moved(content, citation, seconds, key=elsewhere.claim_key if elsewhere else "")
    if change is None:
        raise Refused(gettext("Your draft of this article no longer has this citation. Open the draft to see why."))
    content, mark = change
    if draft is not None:
        draft = workflow.save_draft(draft, content, by=by, version=draft.version)
    else:
        content = replace(content, edit_summary=gettext("Timestamps corrected"))
        draft = workflow.start_draft(article, content, by=by, base=citation.revision)
    return gettext(
        "Now %(mark)s in your draft, revision %(number)s. Automatic check: %(verdict)s. Submit the draft so that readers get "
        "the change."
    ) % {"mark": mark, "number": draft.number, "verdict": drafted.verdict_in(draft, citation, seconds)}


ACTIONS = {"confirm": confirm, "dismiss": dismiss, "retime": retime}


def wanted_second(citation, data):
    """Return the chosen second, or the typed one. Raises `Refused`, and `RefusedTime` for a typed one."""
    if chosen := data.get("to", ""):
        return _checked_second(citation, chosen, whole_number)
    written = typed(data, "time")
    try:
        return _checked_second(citation, written, parse_typed)
    except Refused as refusal:
        raise RefusedTime(str(refusal), written) from refusal


def _checked_second(citation, written, read):
    if not written:
        raise Refused(gettext("Enter the timestamp at which it is said, such as 12:31."))
    try:
        seconds = read(written)
    except TimestampError:
        seconds = None
    if seconds is None:
        raise Refused(
            gettext("“%(written)s” isn’t a timestamp. Write it like 12:31 or 1:02:31.") % {"written": written}
        )
    length = citation.episode.length_seconds
    if length and seconds > length:
        values = {"moment": format_label(seconds), "end": format_label(length)}
        raise Refused(gettext("%(moment)s is after the end of the episode at %(end)s.") % values)
    if seconds == citation.start_seconds:
        raise Refused(gettext("The citation is already at %(moment)s.") % {"moment": format_label(seconds)})
    return seconds


def moved(content, citation, seconds, *, key=""):
    """Return (`content` with the public `citation` moved to `seconds`, its new mark), or None if it doesn't have it.

    `key` is its claim key if it has another one in `content`, where it was moved before.
    """
    same = Citation.objects.filter(revision=citation.revision_id, claim_key=citation.claim_key)
    number = same.filter(position__lt=citation.position).count()
    episodes = {source.key: source.episode for source in content.sources}
    for index, part in enumerate(derivation.read(content.lead, content.sections, episodes, known_slugs={})):
        fields = ["body"] if part.heading is None else ["heading", "body"]
        for field, rendered in zip(fields, part.rendered(), strict=True):
            taken = {}
            for cited in rendered.citations:
                moment = cited.start_seconds, cited.end_seconds
                place = mark_edits.index_in(cited.text, *moment, taken.setdefault(cited.offset, []))
                taken[cited.offset].append(place)
                episode = episodes.get(cited.key) or next(iter(episodes.values()))
                if run.claim_key(episode, *moment, cited.claim) != (key or citation.claim_key):
                    continue
                if number:
                    number -= 1
                    continue
                mark = mark_edits.retimed(cited.text, place, seconds, episode.length_seconds)
                return _replaced(content, index, field, mark_edits.Edit("", cited.offset, cited.text, mark, "")), mark
    return None


def _replaced(content, index, field, edit):
    """Return `content` with `edit` applied to the lead (`index` 0), or to a `field` of a section."""
    if index == 0:
        return replace(content, lead=edit.apply(content.lead))
    sections = list(content.sections)
    section = sections[index - 1]
    sections[index - 1] = replace(section, **{field: edit.apply(getattr(section, field))})
    return replace(content, sections=tuple(sections))
