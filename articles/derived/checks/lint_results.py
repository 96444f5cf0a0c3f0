"""Stores the lint issues of published texts as rows, so that the whole site can be queried for them."""

from django.conf import settings

from articles.core import lint
from articles.derived.i18n import translate
from articles.models import LintIssue

MESSAGE_MAX = LintIssue._meta.get_field("message").max_length


def as_text(title, lead, parts, episodes):
    """Return the `lint.Text` of the parts from `text.read` and `{key: Episode}`, whose first episode is the default."""
    return lint.Text(
        title,
        tuple(_part(index, part, lead) for index, part in enumerate(parts)),
        {key: source_of(episode) for key, episode in episodes.items()},
    )


def store(revision, parts, episodes):
    """Replace the stored lint issues of `revision`, whose citations must be saved; return the number of issues.

    An issue refers to the citation that it, or its sentence, is about. One query if there are no issues, else three.
    """
    LintIssue.objects.filter(revision=revision).delete()
    rows = rows_of(revision, parts, episodes)
    LintIssue.objects.bulk_create(rows)
    return len(rows)


def rows_of(revision, parts, episodes):
    """Return the unsaved lint issues of `revision`; as in `store`."""
    text = as_text(revision.title, revision.lead, parts, episodes)
    issues = lint.find_issues(text, off=settings.INSPECTION_OFF)
    citations = _citations(revision, parts) if issues else {}
    rows = []
    for issue in issues:
        by_place = citations.get((issue.part, issue.field == "heading", issue.offset))
        rows.append(
            LintIssue(
                revision=revision,
                citation_id=by_place or (citations.get((issue.part, issue.claim)) if issue.claim else None),
                code=issue.code,
                subject=issue.subject,
                text=issue.text,
                message=translate(issue.message)[:MESSAGE_MAX],
            )
        )
    return rows


def _part(index, part, lead):
    section = part.section
    level, heading, text = (0, "", lead) if section is None else (section.level, section.heading, section.body)
    return lint.Part(index, level, heading, text, part.body, part.heading)


def _citations(revision, parts):
    """Return primary keys of citations, by (part, is in its heading, offset) and by (part, claim)."""
    index_of = {part.section.pk if part.section is not None else None: index for index, part in enumerate(parts)}
    keys = {}
    rows = revision.citation_set.values_list("pk", "section", "is_in_heading", "offset", "claim").order_by("position")
    for pk, section, is_in_heading, offset, claim in rows:
        keys.setdefault((index_of[section], is_in_heading, offset), pk)
        keys.setdefault((index_of[section], claim), pk)
    return keys


def source_of(episode):
    """Return the `lint.Source` of an episode, whose chapters are loaded."""
    chapters = tuple((chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.chapters)
    return lint.Source(chapters, episode.link_at(0), bool(episode.transcript_digest))
