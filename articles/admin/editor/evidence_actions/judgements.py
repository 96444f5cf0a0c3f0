"""Judgements about a claim, a lint issue or a section: they are stored with the article and can be withdrawn."""

from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.admin.evidence import flags
from articles.admin.evidence.claims import Claim
from articles.admin.evidence.source_issues import SourceIssue
from articles.admin.shared.helpers import typed
from articles.core.timestamps import format_label
from articles.derived import source_issues
from articles.models import Confirmation, Dismissal, Exemption

from .base import CHANGED, EvidenceAction, Refused


class Confirm(EvidenceAction):
    """Confirm that the user heard a claim at its timestamp."""

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
        return gettext("Confirmed at %(moment)s. Valid until the claim or its timestamp changes.") % {
            "moment": format_label(claim.start_seconds)
        }


class Dismiss(EvidenceAction):
    """Dismiss an issue with a reason."""

    name = "dismiss"
    needs_article = True

    def run(self, name, key, reason):
        item = self.item(name, key, (Claim, flags.ShownIssue, SourceIssue))
        if isinstance(item, Claim):
            if not item.is_flagged:
                raise Refused(gettext("This claim has no issue to dismiss."))
            code, subject, text = item.status.verdict, item.claim_key, item.text
        elif isinstance(item, SourceIssue):
            code, subject, text = source_issues.CODE, item.found.subject, f"{item.found.episode.title}: {item.text}"
        else:
            code, subject, text = item.flag.code, item.flag.subject, item.text
        note = typed(self.form.data, f"evidence_note-{name}")
        workflow.dismiss(self.article, by=self.by, code=code, subject=subject, text=text, reason=reason, note=note)
        return gettext("Issue dismissed until this text changes.")


class Exempt(EvidenceAction):
    """Exempt a section from citations, with a reason."""

    name = "exempt"
    needs_article = True

    def run(self, anchor):
        group = next((group for group in self.panel.groups if group.card.anchor == anchor), None)
        if group is None or not group.can_be_exempt:
            raise Refused(CHANGED)
        if group.section_key is None and anchor != self.outcome.reading.lead.anchor:
            raise Refused(gettext("This section isn’t saved yet. Save the draft first."))
        reason = typed(self.form.data, f"evidence_exempt-{anchor}")
        workflow.exempt(self.article, by=self.by, section_key=group.section_key, reason=reason)
        return gettext("“%(heading)s” is now exempt from citations.") % {"heading": group.card.heading}


class Withdraw(EvidenceAction):
    """Withdraw a judgement, a row of `model`, with the workflow's function `withdraw`."""

    needs_article = True
    model = withdraw = None
    message = ""

    def run(self, pk):
        judgement = self.model.objects.active().filter(article=self.article, pk=int(pk)).first()
        if judgement is None:
            raise Refused(gettext("This was already withdrawn."))
        self.withdraw(judgement, by=self.by)
        return str(self.message)


class Unconfirm(Withdraw):
    name, model, withdraw = "unconfirm", Confirmation, staticmethod(workflow.withdraw_confirmation)
    message = gettext_lazy("Confirmation withdrawn. This claim is no longer confirmed.")


class Undismiss(Withdraw):
    name, model, withdraw = "undismiss", Dismissal, staticmethod(workflow.withdraw_dismissal)
    message = gettext_lazy("Issue reopened.")


class Unexempt(Withdraw):
    name, model, withdraw = "unexempt", Exemption, staticmethod(workflow.withdraw_exemption)
    message = gettext_lazy("Exemption removed. This section needs citations again.")


ACTIONS = (Confirm, Dismiss, Exempt, Unconfirm, Undismiss, Unexempt)
