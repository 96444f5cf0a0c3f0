"""A revision's content as one value, as forms, files and older revisions hand it to the workflow."""

import itertools
import re
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from articles.core.lint import coverage
from articles.derived.checks.lint_results import as_text
from articles.derived.i18n import translate
from articles.derived.texts import derivation
from articles.models import Article, Episode, Exemption, Revision, Section, Source


def coverage_of(revision):
    """Return the `coverage.CoverageVerdict` of a saved revision, not counting exempt parts."""
    parts, episodes = derivation.read_stored(revision)
    exemptions = Exemption.objects.active().filter(article=revision.article)
    reasons = {exemption.section_key: exemption.reason for exemption in exemptions}
    keys = [part.section.key if part.section else None for part in parts]
    exempt = {index: reasons[key] for index, key in enumerate(keys) if key in reasons}
    text = as_text(revision.title, revision.lead, parts, episodes)
    measured = coverage.measure(text, exempt, is_about_health=revision.notice == Revision.Notice.HEALTH)
    return coverage.verdict(measured, settings.COVERAGE_TARGET, settings.COVERAGE_POLICY)


HEADINGS_NAMED = 3  # sections without a heading that are each listed
MAX_SECTIONS = 1000  # per article, however it was written or imported


@dataclass(frozen=True)
class SectionContent:
    """One section; `key` identifies it across revisions and is None for a new section."""

    heading: str
    body: str = ""
    level: int = 1
    key: uuid.UUID | None = None


@dataclass(frozen=True)
class SourceContent:
    episode: Episode
    key: str = "e1"


@dataclass(frozen=True)
class Content:
    """Everything that an editor writes in a revision. The first source is the default."""

    title: str
    slug: str
    lead: str = ""
    notice: str = Revision.Notice.NONE
    language: str = ""
    edit_summary: str = ""
    sources: tuple[SourceContent, ...] = ()
    sections: tuple[SectionContent, ...] = ()


def content_of(revision):
    """Read the content of `revision` from its rows."""
    return content_from_rows(revision, revision.source_set.select_related("episode__show"), revision.section_set.all())


def content_from_rows(revision, sources, sections):
    """Return the content of `revision`, whose rows have been loaded."""
    return Content(
        title=revision.title,
        slug=revision.slug,
        lead=revision.lead,
        notice=revision.notice,
        language=revision.language,
        edit_summary=revision.edit_summary,
        sources=tuple(SourceContent(source.episode, source.key) for source in sources),
        sections=tuple(
            SectionContent(section.heading, section.body, section.level, section.key) for section in sections
        ),
    )


def replace_content(revision, content, *, is_first=False):
    """Write `content` into a draft's rows, derive links and citations, and save the revision.

    The caller holds the transaction and has checked the status; `is_first` means there are no rows to replace. What was
    derived stays on the object as `derived`, ``(parts, {key: Episode})``, so that an import needn't render the text
    again.
    """
    for name in ("title", "slug", "lead", "notice", "language", "edit_summary"):
        setattr(revision, name, getattr(content, name))
    if not is_first:
        revision.citation_set.all().delete()
        revision.link_set.all().delete()
        revision.imageuse_set.all().delete()
        revision.source_set.all().delete()
        revision.section_set.all().delete()
    Source.objects.bulk_create(
        Source(revision=revision, position=position, key=source.key, episode=source.episode)
        for position, source in enumerate(content.sources)
    )
    sections = [
        Section(
            revision=revision,
            key=section.key or uuid.uuid4(),
            position=position,
            level=section.level,
            heading=section.heading,
            body=section.body,
        )
        for position, section in enumerate(content.sections)
    ]
    derivation.set_anchors(sections)
    Section.objects.bulk_create(sections)
    episodes = {source.key: source.episode for source in content.sources}
    revision.derived = derivation.derive(revision, sections=sections, episodes=episodes)


def slug_taken(slug, article=None):
    """Return whether `slug` is or was the slug of an article other than `article`."""
    return Article.objects.addressed(Q(slug=slug)).exclude(pk=article.pk if article else None).exists()


def slug_holder(slug, article=None):
    """Return the published or newest revision of the article other than `article` that has or had this slug, or None."""
    others = Article.objects.addressed(Q(slug=slug)).exclude(pk=article.pk if article else None)
    other = others.select_related("published_revision").order_by("pk").first()
    return other and (other.published_revision or other.revision_set.order_by("-number").first())


def free_slug(stem, article=None):
    """Return `stem` or, if another article than `article` has or had that slug, the first free one of `stem-2`, `stem-3` …

    A number that `article` already has stays.
    """
    longest = Article._meta.get_field("slug").max_length
    if not slug_taken(stem, article):
        return stem
    if article is not None and re.fullmatch(rf"{re.escape(stem)}-\d+", article.slug):
        return article.slug
    for number in itertools.count(2):
        ending = f"-{number}"
        free = stem[: longest - len(ending)].rstrip("-") + ending
        if not slug_taken(free, article):
            break
    return free


def missing_for_submission(revision, content):
    """Return what `revision` with its `content` lacks before it can be submitted, as sentences that say what to do."""
    missing = missing_in(
        content,
        citation_count=revision.citation_count,
        problem_count=revision.problem_count,
        is_change=revision.target_id is not None,
    )
    if settings.COVERAGE_POLICY == "block" and (covered := coverage_of(revision)).is_blocking:
        missing.append(translate(covered.message))
    return missing


def missing_in(content, *, citation_count, problem_count, is_change):
    """Like `missing_for_submission`, for unsaved content; `is_change` means that it changes a published text."""
    missing = []
    if not content.title.strip():
        missing.append(gettext("Give the article a title."))
    if not content.lead.strip() and not any(section.body.strip() for section in content.sections):
        missing.append(gettext("Write some text: the lead and all sections are empty."))
    without = [position for position, section in enumerate(content.sections, 1) if not section.heading.strip()]
    if len(without) > HEADINGS_NAMED:  # such as in an article that begins from an episode without chapters
        missing.append(
            gettext(
                "Give %(count)s sections a heading, or merge them into those above. The first is section %(position)s."
            )
            % {"count": len(without), "position": without[0]}
        )
        without = []
    for position in without:
        missing.append(
            gettext("Give section %(position)s a heading, or merge it into the section above.") % {"position": position}
        )
    if citation_count == 0 and problem_count and not content.sources:
        missing.append(gettext("Choose the episode that the timestamps belong to."))
    if is_change and not content.edit_summary.strip():
        missing.append(gettext("Describe your changes in the edit summary."))
    return missing
