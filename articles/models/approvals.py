"""Which texts need a second approval before they can be published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Topic
from articles.models.recordings import Show
from articles.models.revisions import Revision


class ApprovalRule(models.Model):
    """The texts that cite a show, belong to a topic or have a notice need two approvals, perhaps one from a group."""

    show = models.OneToOneField(Show, verbose_name=_("show"), on_delete=models.PROTECT, null=True, blank=True)
    topic = models.OneToOneField(Topic, verbose_name=_("topic"), on_delete=models.PROTECT, null=True, blank=True)
    notice = models.CharField(
        _("notice"),
        max_length=20,
        unique=True,
        null=True,  # unlike "", it can be there more than once
        blank=True,
        choices=[(Revision.Notice.HEALTH.value, _("health notice"))],
    )
    group = models.ForeignKey(
        "auth.Group",
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "One of the two approvals has to come from a member of this group. Leave empty if any two reviewers will do."
        ),
    )

    class Meta:
        verbose_name = _("rule for second approvals")
        verbose_name_plural = _("rules for second approvals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(show__isnull=False, topic__isnull=True, notice__isnull=True)
                | Q(show__isnull=True, topic__isnull=False, notice__isnull=True)
                | Q(show__isnull=True, topic__isnull=True, notice="health"),
                name="approvalrule_is_about_one_thing",
                violation_error_message=_("Choose a show, a topic or the health notice: one of them."),
            ),
        ]

    def __str__(self):
        if self.show_id:
            return gettext("Texts that cite the show “%(title)s”") % {"title": self.show.title}
        if self.topic_id:
            return gettext("Texts on the topic “%(title)s”") % {"title": self.topic.title}
        return gettext("Texts with the health notice")
