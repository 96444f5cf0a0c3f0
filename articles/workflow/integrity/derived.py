"""Derived rows are those that follow from the text: everything is derived again, in memory, and compared."""

import html
import re

from articles.core.markdown import RENDERER_VERSION
from articles.core.parsing.numbers import counted
from articles.derived import search, source_issues
from articles.derived.checks import lint_results, risk, run
from articles.derived.pages import page, related
from articles.derived.rebuilding import versions
from articles.derived.texts import derivation, listing
from articles.models import Article, Citation, LintIssue, Revision, SearchEntry, SourceIssue

from .types import REBUILD, REBUILD_STALE, STALE, Finding, stale_if

CITED = ["position", "section_id", "episode_id", "start_seconds", "end_seconds", "anchor", "text", "is_in_heading"]
CITED += ["offset", "claim", "context", "is_quotation", "claim_key"]
_TAG = re.compile(r"<[^>]*>")
_LABELS = re.compile(
    r'<span class="cite">.*?</span></span></span>|<a class="(?:anchor|footnote-back)".*?</a>', re.DOTALL
)
RELATED = "Run `manage.py rebuild`: articles that list this one change with it"


def check_citations(article):
    """Citations and images of all revisions, with their checks; of public and editable ones also links and counts."""
    stale = set(versions.of_earlier_version(article.revision_set.all()).values_list("pk", flat=True))
    for revision in article.revision_set.select_related("article").order_by("number").iterator(chunk_size=20):
        episodes = derivation.sources_of(revision)
        sections = list(revision.section_set.all())
        found = derivation.derived_from(revision, sections, episodes)
        place = f"{article.slug}: revision {revision.number}"
        rows = Citation.objects.filter(revision=revision).select_related("finding", "episode").order_by("position")
        rows = list(rows)
        yield from stale_if(revision.pk in stale, _citations(article, place, rows, found))
        yield from stale_if(revision.pk in stale, _images(article, place, revision, found))
        yield from _checks(article, place, rows)
        if revision.pk == article.published_revision_id:
            yield from stale_if(revision.pk in stale, _rest(article, place, revision, found, episodes))


def _citations(article, place, rows, found):
    if len(rows) != len(found.citations):
        problem = f"its text has {counted(len(found.citations), 'citation')}, but {len(rows)} stored"
        yield _finding("citations", place, problem, article)
        return
    for row, expected in zip(rows, found.citations, strict=True):
        expected.claim_key = run.claim_key_of(expected)
        wrong = [name for name in CITED if getattr(row, name) != getattr(expected, name)]
        if wrong:
            problem = f"not what its text says: {', '.join(wrong)}"
            yield _finding("citations", f"{place}, citation {row.position}", problem, article)


def _images(article, place, revision, found):
    stored = sorted(revision.imageuse_set.values_list("name", flat=True))
    if stored != found.images:
        yield _finding("images", place, f"it shows {', '.join(found.images) or 'none'}, stored are others", article)


def _checks(article, place, rows):
    for row in rows:
        check, cited = row.finding, f"{place}, citation {row.position}"
        if run.is_current(check, row.episode) and (check is None or check.key == run.check_key_of(row)):
            continue
        if check is not None and check.key == run.check_key_of(row) and run.is_of_earlier_checker(check, row.episode):
            yield Finding(STALE, cited, "its check was made by an earlier version", REBUILD_STALE)
        else:
            problem = "its check isn’t of this claim and the current transcript"
            remedy = f"Run `manage.py check_citations --article {article.slug}`"
            yield Finding("checks", cited, problem, remedy)


def _rest(article, place, revision, found, episodes):
    links = sorted(revision.link_set.values_list("slug", flat=True))
    if links != found.links:
        yield _finding("links", place, f"it links to {', '.join(found.links) or 'nothing'}, stored are others", article)
    counts = {name: getattr(revision, name) for name in derivation.COUNTS}
    for name, count in found.counts.items():
        if counts[name] != count:
            yield _finding("counts", place, f"its {name} is {count}, but {counts[name]} is stored", article)
    fields = ["revision", "citation_id", "code", "subject", "text", "message"]
    expected = lint_results.rows_of(revision, found.parts, episodes)
    issues = LintIssue.objects.filter(revision=revision).order_by("pk")
    if [[getattr(row, name) for name in fields] for row in issues] != [
        [getattr(row, name) for name in fields] for row in expected
    ]:
        remedy = f"Run `manage.py inspect_articles --article {article.slug}`, or without a name for all"
        yield Finding("lint", place, "its stored issues aren’t those of its text", remedy)


def check_pages(article):
    """What the page of the published text is made from is there, says what the text says, and is of this version."""
    article = Article.objects.published().select_related("published_revision__rendering").filter(pk=article.pk).first()
    if article is None:
        return
    revision = article.published_revision
    rendering = getattr(revision, "rendering", None)
    place = f"{article.slug}: the page"
    if rendering is None:
        yield _finding("pages", place, "its rendering is missing", article)
        return
    found = derivation.derived_from(
        revision, list(revision.section_set.all()), derivation.sources_of(revision)
    ).rendering
    if rendering.renderer_version != RENDERER_VERSION:
        if missing := _missing_words(found, rendering):
            problem = f"it was made by an earlier version, and lacks words of the published text: “{missing}”"
            yield _finding("pages", place, problem, article)
        else:
            yield Finding(STALE, place, "it was made by an earlier version", REBUILD_STALE)
        return
    if wrong := [name for name, value in found.items() if getattr(rendering, name) != value]:
        yield _finding("pages", place, f"not what its text gives: {', '.join(wrong)}", article)
    if rendering.partial_review != page.partial_of(revision, page.review_of(revision)):
        yield _finding("pages", place, "what it says about the extent of reviews isn’t what they cover", article)


def _missing_words(found, rendering):
    """Return the first words of the HTML `found` in a text that its earlier `rendering` doesn't have, "" if it has all.

    Markup, spaces, citations and labels differ from version to version, the words of the text between them don't.
    """
    letters = _letters(_TAG.sub("", rendering.lead_html + rendering.text_html))
    for words in _TAG.split(_LABELS.sub("<>", found["lead_html"] + found["text_html"])):
        if _letters(words) not in letters:
            return html.unescape(words).strip()
    return ""


def _letters(words):
    return "".join(html.unescape(words).split())


def check_published_rows(article):
    """Search entries, risks and what lists count follow from what is published."""
    article = Article.objects.select_related("published_revision__rendering").get(pk=article.pk)
    if article.published_revision_id and not hasattr(article.published_revision, "rendering"):
        return  # `check_pages` says so
    is_stale = _is_stale(article)
    names = _names(SearchEntry)
    rows = sorted(map(tuple, search.stored_rows_of(article)))
    expected = sorted(map(tuple, search.rows_of(article)))
    if rows != expected:
        # Rows with the digest of this version's aren't made again, so whatever is wrong with them is no matter of versions.
        of_version = [{row[names.index("digest")] for row in each} for each in (rows, expected)]
        found = [
            _finding("search", f"{article.slug}: search entries", "they aren’t those of the published text", article)
        ]
        yield from stale_if(is_stale and of_version[0] != of_version[1], found)
    yield from stale_if(is_stale, _listing(article))
    yield from stale_if(is_stale, _risks(article))


def _listing(article):
    for name, value in listing.values_of(article).items():
        if getattr(article, name) != value:
            problem = f"its {name} is {value}, but {getattr(article, name)} is stored"
            yield _finding("listing", article.slug, problem, article)


def _risks(article):
    for pk, is_stored, should_be in risk.shown_of(article):
        if is_stored != should_be:
            problem = f"its verdict, score, risk and visibility are {should_be}, but {is_stored} is stored"
            yield _finding("risk", f"{article.slug}: citation {pk}", problem, article)


def check_source_issues(article):
    """The issues of all citations of a recording, and what they explain, follow from the published text."""
    article = Article.objects.select_related("published_revision").get(pk=article.pk)
    stored = {
        row.episode_id: (
            [getattr(row, name) for name in source_issues.COLUMNS],
            set(row.citation_set.values_list("pk", flat=True)),
        )
        for row in SourceIssue.objects.filter(revision__article=article)
    }
    expected = {
        row.episode_id: ([getattr(row, name) for name in source_issues.COLUMNS], explained)
        for row, explained in source_issues.expected(article)
    }
    cited = Citation.objects.filter(revision__article=article, source_issue__isnull=False).order_by()
    explained = set().union(*(pks for _, pks in expected.values()))
    if stored != expected or set(cited.values_list("pk", flat=True)) != explained:
        place, problem = f"{article.slug}: issues of sources", "they aren’t those of the published text’s citations"
        yield from stale_if(_is_stale(article), [_finding("source issues", place, problem, article)])


def check_related(articles):
    """What is stored around published articles follows from what is published; a fixed number of queries."""
    published = Article.objects.published().filter(pk__in=[article.pk for article in articles]).order_by("pk")
    articles = list(published.select_related("relatedarticles"))
    texts = Revision.objects.filter(pk__in=[article.published_revision_id for article in articles])
    stale = set(versions.of_earlier_version(texts).values_list("article", flat=True))
    found = related.around(articles)
    for article in articles:
        current = getattr(article, "relatedarticles", None)
        if current is None or current.html != found.html[article.pk]:
            place, problem = f"{article.slug}: related articles", "they aren’t what the articles give"
            yield from stale_if(article.pk in stale, [Finding("related", place, problem, RELATED)])


def _is_stale(article):
    texts = Revision.objects.filter(pk=article.published_revision_id)
    return versions.of_earlier_version(texts).exists()


def _names(model):
    return [field.attname for field in model._meta.concrete_fields]


def _finding(check, place, problem, article):
    return Finding(check, place, problem, REBUILD.format(slug=article.slug))
