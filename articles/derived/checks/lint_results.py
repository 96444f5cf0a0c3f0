"""What the deterministic checks find in a saved text, kept as rows so that the whole site can be asked for it."""

from django.conf import settings

from articles.core import lint
from articles.derived.i18n import translate
from articles.models import LintIssue

MESSAGE_MAX = LintIssue._meta.get_field("message").max_length


def as_text(title, lead, parts, episodes):
    """The `inspection.Text` of `derivation.read`'s parts and `{key: Episode}`, the first of which is the default."""
    return lint.Text(
        title,
        tuple(
            lint.Part(
                index,
                part.section.level if part.section is not None else 0,
                part.section.heading if part.section is not None else "",
                part.section.body if part.section is not None else lead,
                part.body,
                part.heading,
            )
            for index, part in enumerate(parts)
        ),
        {key: _course(episode) for key, episode in episodes.items()},
    )


def store(revision, parts, episodes):
    """Put what the checks find in the place of what is kept of `revision`, whose citations are saved; how much that is.

    A flag that is about a citation, or about the sentence that one stands behind, says so. One query where nothing is
    found, three else.
    """
    LintIssue.objects.filter(revision=revision).delete()
    text = as_text(revision.title, revision.lead, parts, episodes)
    flags = lint.find_issues(text, off=settings.INSPECTION_OFF)
    citations = _citations(revision, parts) if flags else {}
    rows = []
    for flag in flags:
        by_place = citations.get((flag.part, flag.field == "heading", flag.offset))
        rows.append(
            LintIssue(
                revision=revision,
                citation_id=by_place or (citations.get((flag.part, flag.claim)) if flag.claim else None),
                code=flag.code,
                subject=flag.subject,
                text=flag.text,
                message=translate(flag.message)[:MESSAGE_MAX],
            )
        )
    LintIssue.objects.bulk_create(rows)
    return len(rows)


def _citations(revision, parts):
    """The keys of the citations by place (part, whether in its heading, offset), and by part and claim."""
    index_of = {part.section.pk if part.section is not None else None: index for index, part in enumerate(parts)}
    found = {}
    rows = revision.citation_set.values_list("pk", "section", "is_in_heading", "offset", "claim").order_by("position")
    for pk, section, is_in_heading, offset, claim in rows:
        found.setdefault((index_of[section], is_in_heading, offset), pk)
        found.setdefault((index_of[section], claim), pk)
    return found


def _course(episode):
    chapters = tuple((one.start_seconds, one.title, one.is_sponsor) for one in episode.course)
    return lint.Course(episode.reference, episode.duration_seconds, chapters)
