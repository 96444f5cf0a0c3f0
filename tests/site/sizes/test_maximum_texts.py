"""However a text is made, no screen grows out of proportion to it, asks more of the database, or can't be sent again."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import workflow
from articles.models import Revision
from articles.workflow.content import SectionContent, content_of
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.support.clients import logged_in
from tests.support.databases.template import rolled_back
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

SHORT, LONG = 20, 400  # pieces of a text
# Bytes that a screen may have more than that of a short text: a full page of its list.
PAGE, PAGES = 150_000, {"review of a change": 330_000, "page of changes": 330_000}
FACTOR = 30  # bytes for each byte of the text, besides
FIXED = 400_000  # bytes of a screen whose text is longer still


def numbered(piece, count):
    return "".join(piece.replace("#", str(number)) for number in range(count))


KINDS = {
    "table rows": lambda n: "| A | B |\n|-|-|\n" + numbered("| a# | b# |\n", n),
    "cited rows": lambda n: "| A | B |\n|-|-|\n" + numbered("| a# [0:01] | b# |\n", n),
    "citations": lambda n: numbered("Tide # [00:00:01]. ", n),
    "broken citations": lambda n: numbered("Tide # [00:99:01]. ", n),
    "links": lambda n: numbered("[[a#]] ", n),
    "links to one article": lambda n: "[[sleep-0]] " * n,
    "images": lambda n: numbered("![x](https://a.example/#.png) ", n),
    "uploads without alt": lambda n: "![](/media/uploads/x.webp) " * n,
    "footnotes": lambda n: numbered("x[^#] ", n) + "\n\n" + numbered("[^#]: y\n", n),
    "headings": lambda n: numbered("## h#\n\n", n),
    "sentences": lambda n: numbered("It is # m. ", n),
    "dangerous sentences": lambda n: numbered("Take # mg of it. ", n),
    "one line": lambda n: "x" * 10 * n,
    "words": lambda n: "x " * 5 * n,
    "lists": lambda n: "- x\n" * n,
    "quotes": lambda n: "> x\n\n" * n,
    "emphasis": lambda n: "**x** " * n,
    "intended marks": lambda n: "[1:2] (1:02) " * n,
}

NOT_SUBMITTED = "[00:99:01]"  # a text with it can't be


@pytest.fixture
def people(db):
    return make_user(), make_moderator()


@pytest.fixture
def episode(db):
    return recording()


def recording():
    return make_episode(chapters=[(0, "The first chapter of the recording, with a title that is rather long")])


@pytest.fixture(scope="module")
def short(module_rows):
    """What the screens of a short text cost, of plain words: no other kind may ask more of the database, however long."""
    text = KINDS["words"](SHORT)
    with rolled_back():
        return screens((make_user(), make_moderator()), recording(), "short", text, changed(text))


def measure(client, address, data=None):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address) if data is None else client.post(address, data)
    assert response.status_code in (200, 302), (address, response.status_code)
    return len(response.content), len(queries), response


def screens(people, episode, slug, text, other):
    """Return {screen: its cost} of a new text, and of a text that changes a published one, of the same kind."""
    editor, moderator = people
    by = {"by": editor, "moderator": moderator}
    client, reviewer = logged_in(editor), logged_in(moderator)
    sections = (SectionContent("First", text), SectionContent("Second", "The sea rises [00:00:01]."))
    article = make_published(
        f"{slug}-old", episode=episode, sections=(SectionContent("First", other), sections[1]), **by
    )
    draft = make_draft(f"{slug}-new", by=editor, episode=episode, sections=sections)
    change = workflow.start_draft(
        article,
        replace(
            content_of(article.published_revision),
            sections=(replace(section_of(article), body=text),),
            edit_summary="Said more.",
        ),
        by=editor,
        base=article.published_revision,
    )
    costs = {}

    def add(name, client, address, data=None):
        size, queries, response = measure(client, address, data)
        costs[name] = size, queries
        return response

    page = add("editor", client, change_url(draft.article))
    form = sent_back(page) | evidence_fields(page)
    add("check", client, reverse("admin:articles_check"), form | {"article": draft.article_id})
    add(
        "last page",
        client,
        reverse("admin:articles_evidence"),
        form | {"article": draft.article_id, "_evidence": "page:9999"},
    )
    add("preview", client, reverse("admin:articles_preview"), {"content": text, "source": f"e1:{episode.reference}"})
    assert client.post(change_url(draft.article), form | {"_save": ""}).status_code == 302
    assert content_of(Revision.objects.get(pk=draft.pk)).sections == content_of(draft).sections
    add("versions", client, f"{reverse('admin:articles_revision_versions', args=[change.pk])}")
    if NOT_SUBMITTED in text:
        return costs
    for revision in (draft, change):
        revision.refresh_from_db()
        workflow.submit(revision, by=editor)
    add("review of a new text", reviewer, reverse("admin:articles_revision_change", args=[draft.pk]))
    review = add("review of a change", reviewer, reverse("admin:articles_revision_change", args=[change.pk]))
    assert fields_of(review) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS / 5
    add("page of changes", reviewer, reverse("admin:articles_revision_change", args=[change.pk]) + "?page=9999")
    add("comparison", reviewer, reverse("admin:articles_article_compare", args=[article.pk]) + "?old=1&new=2")
    add("history", reviewer, reverse("admin:articles_article_history", args=[article.pk]))
    add("report", reviewer, "/admin/evidence/")
    add("queue", reviewer, "/admin/")
    add(
        "unsent page",
        reviewer,
        reverse("admin:articles_revision_decide", args=[change.pk]),
        {"page": "2", "revision": change.pk, "back": "/admin/x/"},
    )
    return costs


def section_of(article):
    return content_of(article.published_revision).sections[0]


def evidence_fields(page):
    """Return the fields of the evidence panel that a browser would send."""
    names = (part.split('"')[0] for part in page.content.decode().split('name="evidence_')[1:])
    return {f"evidence_{name}": "" for name in names if name != "page"}


def fields_of(page):
    return page.content.decode().count(" name=")


# What differs between databases is how long a value, how many parameters and how many rows they take.
ON_BOTH = {"citations", "links", "one line", "words"}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=() if kind in ON_BOTH else pytest.mark.one_database(reason="other kinds cover it"))
        for kind in KINDS
    ],
)
@pytest.mark.django_db
def test_no_screen_grows_out_of_proportion_to_its_text(short, people, episode, kind):
    text = KINDS[kind](LONG)
    long = screens(people, episode, "long", text, changed(text))

    more = FACTOR * len(text.encode())
    assert {
        name: (short[name][0], size)
        for name, (size, _) in long.items()
        if size > short[name][0] + PAGES.get(name, PAGE) + more
    } == {}
    assert {
        name: (short[name][1], queries) for name, (_, queries) in long.items() if queries > short[name][1] + 10
    } == {}


def changed(text):
    return "Old text.\n\n" + text.replace("x", "y")


@pytest.mark.django_db
def test_the_report_of_the_issue_stays_small_and_can_be_saved_again(people, episode):
    rows = "| A | B |\n|-|-|\n" + numbered("| a# | b# |\n", 9_500)
    assert len(rows) > 140_000
    editor, _ = people
    client = logged_in(editor)
    draft = make_draft("rows", by=editor, episode=episode, lead=rows)
    size, _, page = measure(client, change_url(draft.article))

    assert size < 2_000_000
    assert page.context["reading"].panel.page_count > 50
    response = client.post(change_url(draft.article), sent_back(page) | evidence_fields(page) | {"_save": ""})
    assert response.status_code == 302
    assert Revision.objects.get(pk=draft.pk).lead == rows


@pytest.mark.django_db
def test_a_preview_with_very_many_links_asks_for_all_of_them_at_once(people, episode):
    editor, _ = people
    client = logged_in(editor)
    text = numbered("[[a#]] ", 18_000)

    def queries(content):
        return measure(client, reverse("admin:articles_preview"), {"content": content})[1]

    assert queries(text) <= queries("[[a]]") + 1


@pytest.mark.django_db
def test_a_merge_with_very_many_conflicts_can_be_sent(people, episode):
    editor, moderator = people

    def rows(unit):
        return SectionContent("Tides", "\n\n".join(f"Tide {n} rises {n} {unit}." for n in range(2_000)))

    article = make_published("tides", by=editor, moderator=moderator, episode=episode, sections=(rows("m"),))
    key = article.published_revision.section_set.get().key
    feet, inches = (replace(rows(unit), key=key) for unit in ("feet", "inches"))
    change = make_change(article, by=editor, sections=(feet,))
    other = make_change(article, by=make_user("other"), sections=(inches,))
    workflow.publish(workflow.approve(other, by=moderator), by=moderator)
    client = logged_in(editor)
    address = reverse("admin:articles_revision_merge", args=[change.pk])
    size, _, page = measure(client, address)

    assert size < FIXED + FACTOR * len(feet.body)
    assert fields_of(page) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS / 5
    form = page.context["form"]
    data = {name: form[name].value() for name in ("onto", "version")}
    data |= {f"choice-{conflict.id}": "ours" for conflict in form.conflicts}
    assert client.post(address, data).status_code == 302
    assert Revision.objects.order_by("-number")[0].section_set.get().body == feet.body
