"""What public responses are made from: the rows whose changes count, and for which responses.

A rule that is missing here lets stale pages be sent, so tests compare the rules with what each response reads.
"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from articles import models

SITE = 0  # the scope of everything but the pages of articles

_OF_PUBLIC_TEXT = (
    "EXISTS (SELECT 1 FROM articles_revision r WHERE r.id = {row}.revision_id AND r.status IN ('approved', 'received'))"
)
_PUBLIC_CUE = (
    "EXISTS (SELECT 1 FROM articles_episode e JOIN articles_show s ON s.id = e.show_id"
    " WHERE e.id = {row}.episode_id AND (e.allows_transcript OR s.allows_transcripts))"
)
_APPLIED = "{row}.outcome = 'applied'"
_PUBLIC_TEXT = "{row}.status IN ('approved', 'received')"
_ARTICLE_OF_TEXT = "(SELECT r.article_id FROM articles_revision r WHERE r.id = {row}.revision_id)"
# The published articles that cite a recording, that are filed under a topic, whose citations a check or a claim was
# found for, that somebody reviewed.
_CITING = (
    "SELECT a.id AS scope FROM articles_source s JOIN articles_article a ON a.published_revision_id = s.revision_id"
    " WHERE s.episode_id IN ({})"
)
_CITING_EPISODE = _CITING.format("{row}.episode_id")
_CITING_EDITION = _CITING.format("SELECT e.episode_id FROM articles_edition e WHERE e.id = {row}.edition_id")
_CITING_SHOW = _CITING.format("SELECT e.id FROM articles_episode e WHERE e.show_id = {row}.id")
_FILED = "SELECT t.article_id AS scope FROM articles_article_topics t WHERE t.topic_id = {row}.id"
_OF_CITATION = (
    "SELECT a.id AS scope FROM articles_citation c JOIN articles_article a ON a.published_revision_id = c.revision_id"
)
_CHECKED = _OF_CITATION + " WHERE c.finding_id = {row}.id"
_CLAIMED = _OF_CITATION + " WHERE c.claim_key = {row}.claim_key UNION SELECT {row}.article_id"
_REVIEWED = (
    "SELECT r.article_id AS scope FROM articles_review v JOIN articles_revision r ON r.id = v.revision_id"
    " WHERE v.by_id = {row}."
)
_EVERY = "SELECT a.id AS scope FROM articles_article a WHERE a.published_revision_id IS NOT NULL"


@dataclass(frozen=True)
class Rule:
    """Changes of these `columns` (all if empty) of rows that meet `condition` count in `scope`, in SQL.

    `scope` is the expression of one, or a select of any number of them.
    In both, `{row}` is replaced by the row. A row that others must refer to before it is seen has no `is_seen_alone`: only
    its changes count, not its coming and going.
    """

    model: type
    condition: str = "1 = 1"
    scope: str = str(SITE)
    columns: tuple[str, ...] = ()
    is_seen_alone: bool = True


def rules():
    """Return the rules for all tables that public responses read, and for the parts of an article's page."""
    article, user = models.Article, get_user_model()
    account = ("is_active", "is_staff", "is_superuser")
    published = "{row}.published_revision_id IS NOT NULL"
    address = ("slug", "published_revision_id")
    whole = (
        models.PreviousSlug,
        article.topics.through,
        models.Topic,
        models.Show,
        models.Episode,
        models.Chapter,
        models.Edition,
        models.Stretch,
        models.Transcript,
        models.Confirmation,
        models.Dismissal,
        models.Exemption,
        models.SourceIssue,
        models.Review,
        models.LogEntry,
        models.ChainLink,
        models.Profile,
        user.groups.through,
        user.user_permissions.through,
        Group,
        Group.permissions.through,
    )
    of_texts = (models.Section, models.Source, models.Citation, models.Contributor, models.Rendering, models.Link)
    of_articles = (models.RelatedArticles, models.Dismissal, models.LogEntry, article.topics.through)
    return [
        *(Rule(model) for model in whole),
        *(Rule(model, _OF_PUBLIC_TEXT) for model in of_texts),
        Rule(models.Revision, _PUBLIC_TEXT),
        Rule(models.Cue, _PUBLIC_CUE),
        Rule(models.RecordingChange, _APPLIED),
        Rule(models.Check, is_seen_alone=False),
        Rule(models.CorrectionRequest, "{row}.corrected_in_id IS NOT NULL"),
        Rule(models.FollowUp, "{row}.audience = 'public'", columns=("audience",)),
        Rule(models.SearchEntry, f"{{row}}.kind = {models.SearchEntry.Kind.TITLE:d}"),  # the others change with it
        Rule(user, columns=account, is_seen_alone=False),
        Rule(article, published, columns=(*address, "published_at", "first_published_at")),
        # What an article's own page is made from.
        Rule(article, published, "{row}.id", (*address, "published_at", "first_published_at")),
        Rule(models.Revision, _PUBLIC_TEXT, "{row}.article_id"),
        *(Rule(model, _OF_PUBLIC_TEXT, _ARTICLE_OF_TEXT) for model in of_texts if model is not models.Link),
        Rule(models.Review, scope=_ARTICLE_OF_TEXT),
        *(Rule(model, scope="{row}.article_id") for model in of_articles),
        Rule(models.Topic, scope=_FILED, is_seen_alone=False),
        Rule(models.Show, scope=_CITING_SHOW, is_seen_alone=False),
        Rule(models.Episode, scope=_CITING.format("{row}.id"), is_seen_alone=False),
        *(Rule(model, scope=_CITING_EPISODE) for model in (models.Chapter, models.Edition, models.Transcript)),
        Rule(models.RecordingChange, _APPLIED, _CITING_EPISODE),
        Rule(models.Stretch, scope=_CITING_EDITION),
        Rule(models.Check, scope=_CHECKED, is_seen_alone=False),
        Rule(models.Confirmation, scope=_CLAIMED),
        Rule(user, scope=f"{_REVIEWED}id", columns=account, is_seen_alone=False),
        *(
            Rule(model, scope=f"{_REVIEWED}user_id")
            for model in (models.Profile, user.groups.through, user.user_permissions.through)
        ),
        *(Rule(model, scope=_EVERY) for model in (Group, Group.permissions.through)),
    ]
