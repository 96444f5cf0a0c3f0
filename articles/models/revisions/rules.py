"""What the database holds of revisions: numbers, one draft per person, the order of times."""

from django.db import models
from django.utils.translation import gettext_lazy as _

RULES = [
    models.UniqueConstraint(fields=["article", "number"], name="revision_number_unique_in_article"),
    models.UniqueConstraint(
        fields=["article", "author"],
        condition=models.Q(status="draft"),
        name="revision_one_draft_per_article_and_editor",
        violation_error_message=_("You already have a draft of this article. Continue with that one."),
    ),
    models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_number_from_one"),
    models.CheckConstraint(
        condition=models.Q(
            status__in=[
                "draft",
                "submitted",
                "approved",
                "changes_requested",
                "rejected",
                "withdrawn",
                "received",
                "discarded",
            ]
        ),
        name="revision_status_known",
    ),
    models.CheckConstraint(
        condition=models.Q(status__in=["draft", "received", "discarded"]) | models.Q(submitted_at__isnull=False),
        name="revision_left_draft_by_submission",
    ),
    models.CheckConstraint(
        condition=models.Q(take_down_at__isnull=True)
        | models.Q(publish_at__isnull=True)
        | models.Q(take_down_at__gt=models.F("publish_at")),
        name="revision_comes_down_after_it_goes_out",
        violation_error_message=_("The unpublish time must be after the publish time."),
    ),
]
