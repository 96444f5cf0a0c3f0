"""Readers’ correction requests, and how a reader hears what came of one."""

from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import Article, person
from articles.models.revisions import Revision, may_read_all


class CorrectionRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that `user` may see: they name and quote their article, so only editors see all of them."""
        return self.all() if may_read_all(user) else self.filter(article__published_revision__isnull=False)

    def open(self):
        return self.filter(outcome=CorrectionRequest.Outcome.OPEN)

    def like(self, correction_request):
        """The open requests, others than this one, about the same claim of its article, oldest first."""
        if not correction_request.claim:
            return self.none()
        same = self.open().filter(article=correction_request.article_id, claim=correction_request.claim)
        return same.exclude(pk=correction_request.pk).order_by("at", "pk")

    def taken_back_by(self, revision):
        """The requests whose corrections the published text has, and would lose if it became `revision` again."""
        published = revision.article.published_revision
        if published is None:
            return self.none()
        lost = Revision.objects.ancestors_of(published) - Revision.objects.ancestors_of(revision)
        return self.filter(outcome=CorrectionRequest.Outcome.CORRECTED, corrected_in__in=lost).order_by("pk")

    def one_per_claim(self):
        """Of the open requests about the same claim of an article the oldest, with the number of them in `alike`."""
        same = CorrectionRequest.objects.open().exclude(claim="").order_by()
        same = same.filter(article=models.OuterRef("article"), claim=models.OuterRef("claim"))
        earlier = models.Q(at__lt=models.OuterRef("at")) | models.Q(
            at=models.OuterRef("at"), pk__lt=models.OuterRef("pk")
        )
        number = same.values("claim").annotate(number=models.Count("pk")).values("number")
        first = self.open().filter(~models.Exists(same.filter(earlier)))
        return first.annotate(alike=Coalesce(models.Subquery(number), 1))


class CorrectionRequest(models.Model):
    """A reader's report that a claim is wrong, or a suggestion for it. Needs no account."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        STANDS = "stands", _("no change needed")
        CORRECTED = "corrected", _("corrected")
        SPAM = "spam", _("spam")

    article = models.ForeignKey(Article, verbose_name=_("article"), on_delete=models.PROTECT)
    revision = models.ForeignKey(
        Revision, verbose_name=_("revision"), on_delete=models.PROTECT, help_text=_("The revision that the reader saw.")
    )
    section_key = models.UUIDField(null=True)
    section_heading = models.CharField(_("section heading"), max_length=300, blank=True)
    claim = models.TextField(_("claim"), blank=True, help_text=_("The claim in question, as the reader saw it."))
    text = models.TextField(_("text"), help_text=_("What is wrong, in the reader’s words."))
    at = models.DateTimeField()
    sender = models.CharField(
        max_length=64,
        help_text=_("Keyed digest of the network address, for rate limiting; the address itself isn’t stored."),
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = person()
    answered_by_name = models.CharField(max_length=150, blank=True)
    corrected_in = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="corrections")

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction request")
        verbose_name_plural = _("correction requests")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["outcome", "-at"], name="challenge_queue"),
            models.Index(fields=["sender", "-at"], name="challenge_by_sender"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="challenge_not_empty"),
            models.CheckConstraint(
                condition=~models.Q(outcome="corrected") | models.Q(corrected_in__isnull=False),
                name="challenge_corrected_in_a_revision",
                violation_error_message=_("Choose the revision that contains the correction."),
            ),
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def is_taken_back(self):
        """Whether the text was corrected, and what is published now isn't built on that: an earlier text came back."""
        published = self.article.published_revision
        if self.corrected_in_id is None or published is None:
            return False
        return self.corrected_in_id not in Revision.objects.ancestors_of(published)


class FollowUpQuerySet(models.QuerySet):
    def with_token(self, token):
        """The follow-up whose page has this token, or None; `is_mailed` says whether it is the token in the mail."""
        for signer in (FollowUp.SIGNER, FollowUp.MAIL_SIGNER):
            try:
                key = UUID(signer.unsign(token))
            except (BadSignature, ValueError):
                continue
            follow_up = self.filter(key=key).first()
            if follow_up is not None:
                follow_up.is_mailed = signer is FollowUp.MAIL_SIGNER
            return follow_up
        return None

    def forget(self):
        """Delete the addresses; their mails aren't sent. Returns how many there were."""
        waiting = self.filter(mail=FollowUp.Mail.WAITING)
        return waiting.update(address="", mail=FollowUp.Mail.NONE, mail_due_at=None, expires_at=None)


class FollowUp(models.Model):
    """How a reader hears what came of their correction request: on a page of its own, and by mail if they want.

    Only the address that the reader was sent to shows what they wrote. That in the mail doesn't: whoever gets it may be
    somebody else, whose address was typed.

    The address is personal data. It is deleted as soon as the outcome was sent, or when it expires; a keyed digest of it
    stays for a day, so that nobody gets many such mails.
    """

    class Audience(models.TextChoices):
        TEAM = "team", _("Only the team")
        READER = "reader", _("Also the reader who asked")
        PUBLIC = "public", _("Everyone, in the version history")

    class Mail(models.TextChoices):
        NONE = "none", _("no mail")
        WAITING = "waiting", _("to be mailed")
        SENT = "sent", _("mailed")
        FAILED = "failed", _("can’t be delivered")

    SIGNER = Signer(salt="articles.follow_up", sep=".")
    MAIL_SIGNER = Signer(salt="articles.follow_up.mail", sep=".")

    correction_request = models.OneToOneField(
        CorrectionRequest, on_delete=models.PROTECT, related_name="follow_up", verbose_name=_("correction request")
    )
    key = models.UUIDField(unique=True, default=uuid4, editable=False, help_text="Names the page, once it is signed.")
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.TEAM)
    address = models.EmailField(blank=True, help_text="Only for the mail with the outcome; nobody sees it.")
    expires_at = models.DateTimeField(null=True, help_text="When the address is deleted, sent or not.")
    mail = models.CharField(max_length=20, choices=Mail.choices, default=Mail.NONE)
    mail_due_at = models.DateTimeField(null=True, help_text="Empty until there is an outcome.")
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    address_digest = models.CharField(max_length=64, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome for a reader")
        verbose_name_plural = _("outcomes for readers")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["mail", "mail_due_at"], name="follow_up_to_mail"),
            models.Index(fields=["address_digest"], name="follow_up_by_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mail="waiting") ^ models.Q(address=""), name="follow_up_keeps_no_address"
            ),
        ]

    def __str__(self):
        return f"{self.correction_request_id}"

    def get_absolute_url(self):
        return reverse("correction_status", args=[self.SIGNER.sign(self.key.hex)])

    def get_mailed_url(self):
        return reverse("correction_status", args=[self.MAIL_SIGNER.sign(self.key.hex)])
