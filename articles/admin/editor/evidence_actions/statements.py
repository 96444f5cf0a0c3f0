"""What a person says of a claim, a flag or a part of the text: it is kept with the article, and can be taken back."""

from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.admin.evidence import flags
from articles.admin.evidence.claims import Claim
from articles.core.timestamps import format_label
from articles.models import Confirmation, Dismissal, Exemption

from .base import CHANGED, EvidenceAction, Refused


class Confirm(EvidenceAction):
    """Say that one heard a claim at its moment."""

    name = "confirm"
    needs_article = True

    def run(self, name, key):
        claim = self.item(name, key, Claim)
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


class Dismiss(EvidenceAction):
    """Say why a flag is none."""

    name = "dismiss"
    needs_article = True

    def run(self, name, key, reason):
        one = self.item(name, key, (Claim, flags.ShownIssue))
        if isinstance(one, Claim):
            if not one.is_flagged:
                raise Refused(gettext("There is no flag on this claim that could be dismissed."))
            code, subject, text = one.status.verdict, one.claim_key, one.text
        else:
            code, subject, text = one.flag.code, one.flag.subject, one.flag.claim or one.flag.text
        note = self.form.data.get(f"evidence_note-{name}", "")
        workflow.dismiss(self.article, by=self.by, code=code, subject=subject, text=text, reason=reason, note=note)
        return gettext("Dismissed. It is flagged again when the text there changes.")


class Exempt(EvidenceAction):
    """Say why a part needs no citations."""

    name = "exempt"
    needs_article = True

    def run(self, anchor):
        group = next((one for one in self.beside.groups if one.card.anchor == anchor), None)
        if group is None or not group.can_be_exempt:
            raise Refused(CHANGED)
        if group.section_key is None and anchor != self.outcome.reading.lead.anchor:
            raise Refused(gettext("Save the draft first: this section is not saved yet."))
        reason = self.form.data.get(f"evidence_exempt-{anchor}", "")
        workflow.exempt(self.article, by=self.by, section_key=group.section_key, reason=reason)
        return gettext("“%(heading)s” needs no citations now.") % {"heading": group.card.heading}


class TakeBack(EvidenceAction):
    """Take back what somebody said: a row of `model`, with the workflow's function `withdraw`."""

    needs_article = True
    model = withdraw = None
    said = ""

    def run(self, pk):
        found = self.model.objects.active().filter(article=self.article, pk=int(pk)).first()
        if found is None:
            raise Refused(gettext("It was taken back already."))
        self.withdraw(found, by=self.by)
        return str(self.said)


class Unconfirm(TakeBack):
    name, model, withdraw = "unconfirm", Confirmation, staticmethod(workflow.withdraw_confirmation)
    said = gettext_lazy("Taken back. Nobody has confirmed this claim any more.")


class Undismiss(TakeBack):
    name, model, withdraw = "undismiss", Dismissal, staticmethod(workflow.withdraw_dismissal)
    said = gettext_lazy("Taken back. It is flagged again.")


class Unexempt(TakeBack):
    name, model, withdraw = "unexempt", Exemption, staticmethod(workflow.withdraw_exemption)
    said = gettext_lazy("Taken back. This part needs citations again.")


ACTIONS = (Confirm, Dismiss, Exempt, Unconfirm, Undismiss, Unexempt)
