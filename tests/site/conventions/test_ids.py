"""No heading gets an id that pages with a text use for something else."""

import re

import pytest
from django.template.loader import get_template

from articles.core.outline import make_anchors
from articles.models import Article
from articles.workflow.content import SectionContent
from tests.support.factories import make_published
from tests.support.paths import PROJECT

# The pages that show a text, with what is stored for them.
PAGES = [
    "articles/pages/article/article.html",
    "articles/pages/article/revision.html",
    "articles/pages/shared_draft.html",
    "articles/stored/page.html",
    "articles/stored/related.html",
    "admin/articles/review/preview.html",
    "admin/articles/review/review.html",
]
SCRIPTS = [*PROJECT.glob("static/js/reader/**/*.js"), *PROJECT.glob("static/js/shared/*.js")]
ROW_ID = re.compile(r"{{.*?}}|\$\{.*?}")  # a number or a key in the id of a row


def sources_of(name, seen):
    """Yield the source of a template and of all that it extends or includes."""
    if name not in seen:
        seen.add(name)
        source = get_template(name).template.source
        yield source
        for other in re.findall(r"""{%-? *(?:extends|include) ['"]([^'"]+)""", source):
            yield from sources_of(other, seen)


def ids_on_pages():
    seen = set()
    sources = [source for name in PAGES for source in sources_of(name, seen)]
    texts = [*sources, *(script.read_text() for script in SCRIPTS)]
    ids = {found for text in texts for found in re.findall(r"""(?:\s|\.)id *[=:] *["'`]([^"'`]+)["'`]""", text)}
    # Left out are a section's own id, the review page's `section-` with a key of 32 digits, and what scripts name after
    # the field that they complete, which is `q`.
    ids = {found for found in ids if not ROW_ID.match(found) and found != "section-{{ section.key }}"}
    return sorted({ROW_ID.sub("7", found) for found in ids} | {"q-list", "q-list-7"})


def heading_of(name):
    return name.replace("-", " ").capitalize()


def test_list_of_ids_is_read_from_the_templates_and_scripts():
    assert {"main", "q", "sources", "changes", "cite-this", "related", "since", "card", "comment-7", "content"} <= {
        *ids_on_pages()
    }


@pytest.mark.parametrize("name", ids_on_pages())
def test_no_heading_gets_an_id_of_the_page(name):
    headings = [heading_of(name)] * 2 + [re.sub(r"-7$", "", heading_of(name))] * 9

    assert name not in make_anchors(headings)


@pytest.mark.parametrize(
    "headings",
    [
        ["Sources", "Related", "Changes", "Cite", "q", "main"],
        ["Section main", "Main", "Main", "Comment", "comment", "COMMENT 2", "Sources?", "„Sources“"],
    ],
)
@pytest.mark.django_db
def test_ids_of_a_page_are_unique(client, headings, people):
    sections = tuple(SectionContent(heading, "Said.") for heading in headings)
    make_published("tides", sections=sections, **people)

    html = client.get("/articles/tides/").text
    ids = re.findall(r"\sid=\"([^\"]+)\"", html)

    assert len(ids) == len(set(ids))
    anchors = Article.objects.get().published_revision.section_set.values_list("anchor", flat=True)
    assert [anchor for anchor in anchors if f'<section id="{anchor}"' not in html] == []
