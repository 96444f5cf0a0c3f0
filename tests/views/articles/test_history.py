"""An article's history: the public pages, and the page in the admin."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, ChainLink, Comment, CorrectionRequest, LogEntry, Revision
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent, content_of
from articles.workflow.history import chain
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine"  # only in unpublished texts; no public page may contain it
BODIES = ["It takes 5 hours [00:06:31].", "It takes 6 hours [00:06:31].", "It takes 7 hours <b>or</b> more [00:08:44]."]
HISTORY, PAST = "/articles/sleep/history/", "/articles/sleep/revisions/{}/"


def section(body):
    return (SectionContent("Waste", body),)


def make_past(people, count=3, **kwargs):
    """Return an article that was published `count` times, as revisions 1 to `count`."""
    episode = make_episode(chapters=[(0, "Opening"), (500, "Night")], youtube_id="abcdefghijk")
    article = make_published("sleep", episode=episode, sections=section(BODIES[0]), **people, **kwargs)
    for number in range(1, count):
        publish_change(article, people, f"Correction no. {number}.", sections=section(BODIES[number]))
        article = Article.objects.get()
    return article


def publish_change(article, people, note, **changes):
    body = content_of(article.published_revision).sections[0]
    sections = (replace(body, body=changes.pop("sections")[0].body),)
    revision = make_change(article, by=people["by"], sections=sections, **changes)
    workflow.approve(revision, by=people["moderator"])
    return workflow.publish(revision, by=people["moderator"], public_note=note)


def make_secrets(article, people):
    """Add everything that must stay private: a draft, submitted and rejected revisions, comments, a correction request."""
    published = article.published_revision
    hidden = {"edit_summary": f"{SECRET} summary", "title": f"{SECRET} title"}
    waiting = make_change(article, by=make_user("second"), **hidden, lead=f"{SECRET} lead")
    rejected = make_change(article, by=make_user("third"), **hidden, sections=section(f"{SECRET} body"))
    workflow.reject(rejected, by=people["moderator"], comment=f"{SECRET} reason")
    draft = workflow.start_draft(
        article, replace(content_of(published), lead=f"{SECRET} draft"), by=make_user("fourth"), base=published
    )
    now = timezone.now()
    for revision in (published, waiting):
        Comment.objects.create(revision=revision, text=f"{SECRET} comment", at=now, by_name=SECRET)
    CorrectionRequest.objects.create(
        article=article, revision=published, text=f"{SECRET} challenge", at=now, sender=SECRET
    )
    return [waiting, rejected, draft]


# The public history -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_public_history_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    make_past(people, count)

    with django_assert_num_queries(5):  # one of them for the pages of reviewers, one for answers to readers
        response = client.get(HISTORY)

    assert response.text.count('<li class="period') == count
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.cookies == {}
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("count", [1, 3])
def test_a_permanent_link_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    make_past(people, count)

    # 8 queries for citation statuses, one for own confirmations, one for editions, one for reviewer profiles; for an
    # earlier text, 7 more for the statuses in the comparison.
    with django_assert_num_queries(14 if count == 1 else 24):
        response = client.get(PAST.format(1))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.cookies == {}


def test_public_history_lists_revisions_newest_first_with_their_notes(client, people):
    make_past(people)

    text = " ".join(client.get(HISTORY).text.split())

    places = [text.index(part) for part in ("Revision 3</a>", "Correction no. 2.", "Revision 2</a>", "Revision 1</a>")]
    assert places == sorted(places)
    assert text.count('<span class="label">current</span>') == 1
    assert text.count("Reviewed by moderator") == 3
    assert "Changes: number or unit changed" in text
    assert "Changes: new article" in text


def answer_readers(article, people):
    """Answer three requests with the newest revision; return the texts that stay private."""
    for audience, words in (("team", "Zaudit"), ("reader", "Zaudir"), ("public", "He says 7, see [[naps|Naps]] <b>")):
        request = correction_requests.receive(article.revision_set.get(number=1), f"Zword {audience}", sender=audience)
        newest = article.published_revision
        answer = {"outcome": "corrected", "corrected_in": newest, "answer": words, "audience": audience}
        correction_requests.answer(request, by=people["moderator"], **answer)
    return ("Zword", "Zaudit", "Zaudir")


def test_public_history_says_that_a_reader_led_to_it_and_what_everyone_may_read_of_the_answer(client, people):
    article = make_past(people)
    private = answer_readers(Article.objects.get(pk=article.pk), people)

    text = " ".join(client.get(HISTORY).text.split())
    feed = client.get("/feeds/corrections.json").json()["items"]

    newest = text[: text.index("Revision 2</a>")]
    assert (
        '<p class="period__review">After a reader’s note: <span dir="auto">He says 7, see Naps &lt;b&gt;</span></p>'
        in newest
    )
    assert text.count("After a reader’s note") == 1
    assert "After a reader’s note. He says 7, see Naps <b>" in feed[0]["summary"]
    assert "<p>He says 7, see Naps &lt;b&gt;</p>" in feed[0]["content_html"]
    assert "After a reader" not in feed[1]["summary"]
    for word in private:
        assert (word in text, word in str(feed)) == (False, False)


def test_public_history_marks_revisions_published_without_a_second_review(client, people):
    article = make_past(people, 1)
    root = make_user("root", is_superuser=True)
    revision = make_change(article, by=root, lead="Another lead.")
    workflow.approve(revision, by=root, override_reason="Nobody else is here.")
    workflow.publish(revision, by=root)

    before = " ".join(client.get(HISTORY).text.split())
    page = " ".join(client.get("/articles/sleep/").text.split())
    workflow.confirm(Revision.objects.get(pk=revision.pk), by=people["moderator"])
    after = " ".join(client.get(HISTORY).text.split())

    mark = '<strong class="unreviewed">Published without a second review</strong> by root; '
    assert mark + "not yet reviewed by anyone else" in before
    assert mark + "reviewed after publication by moderator, " in after
    assert '<dd><strong class="unreviewed">Published without a second review</strong></dd>' in page
    assert "Nobody else is here." not in before + after
    assert "<dd>after publication, by moderator, " in " ".join(client.get("/articles/sleep/").text.split())


def test_a_permanent_link_says_whether_it_is_current(client, people):
    make_past(people)

    old, new = (client.get(PAST.format(number)).text for number in (1, 3))

    assert "<strong>This is an earlier text.</strong>" in old
    assert '<a href="/articles/sleep/">Read the current text, revision 3</a>' in old
    assert '<link rel="canonical" href="/articles/sleep/">' in old
    assert '<meta name="robots" content="noindex">' in old
    assert "It takes 5 hours" in old
    assert "<strong>This is the current text.</strong>" in new
    assert "noindex" not in new
    assert "Changes since" not in new
    assert "data-revision" not in old


def test_a_permanent_link_lists_what_changed_riskiest_first_and_escapes_it(client, people):
    article = make_past(people, 1)
    publish_change(article, people, "x", sections=section(BODIES[2]), lead="What a long night of sleep does.")

    response = client.get(PAST.format(1))

    assert [change.tags[0] for change in response.context["since"].changes] == [
        ("number or unit changed", True),
        ("wording", False),
    ]
    text = " ".join(response.text.split())
    assert '<del><span class="visually-hidden">removed: </span>5 hours [00:06:31]</del>' in text
    assert (
        '<ins><span class="visually-hidden">added: </span>7 hours &lt;b&gt;or&lt;/b&gt; more [00:08:44]</ins>' in text
    )
    assert "<b>" not in text.split('class="changes"')[1].split("</ol>")[0]
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk&amp;t=524s"' in text


def changes_on(page):
    """Return {heading of a comparison: its deleted and inserted words} of a permanent link's page."""
    sections = re.findall(r'<section class="since".*?</section>', page.text, re.DOTALL)
    words = [re.findall(r"<(?:del|ins)><span[^>]*>[^<]*</span>([^<]+)", section) for section in sections]
    return dict(zip((re.search("<h2[^>]*>([^<]+)", section)[1] for section in sections), words, strict=True))


def test_a_permanent_link_shows_what_this_text_changed_however_many_came_later(client, people):
    make_past(people)

    found = [changes_on(client.get(PAST.format(number))) for number in (1, 2, 3)]

    assert [list(sections) for sections in found] == [
        ["Changes since this text"],
        ["Changes from revision 1", "Changes since this text"],
        ["Changes from revision 2"],
    ]
    assert found[1]["Changes from revision 1"] == ["5 hours", "6 hours"]
    assert found[2]["Changes from revision 2"][0].startswith("6 hours")
    page = client.get(PAST.format(2)).text
    assert "1 change from revision 1 to this text." in page
    assert "<del>Struck through</del>: only in revision 1. <ins>Underlined</ins>: only in this text." in page


def test_history_and_feed_of_corrections_lead_to_what_was_changed(client, people):
    make_past(people)

    history, feed = client.get(HISTORY).text, client.get("/feeds/corrections.json").json()["items"]

    links = [f"{PAST.format(number)}#change-{number - 1}" for number in (3, 2)]
    assert re.findall('href="([^"]+#change-[^"]+)">', history) == links
    for link, item in zip(links, feed, strict=True):
        assert f'<a href="http://testserver{link}">Changes from revision ' in item["content_html"]
        address, anchor = link.split("#")
        assert f'id="{anchor}"' in client.get(address).text


def test_a_revert_is_compared_with_the_text_that_it_replaced(client, people):
    article = make_past(people, 2)
    workflow.revert(article.revision_set.get(number=1), by=people["moderator"], reason="Right before.")

    page, history = client.get(PAST.format(1)), client.get(HISTORY).text
    feed = client.get("/feeds/corrections.json").json()["items"]

    assert changes_on(page) == {"Changes from revision 2": ["6 hours", "5 hours"]}
    assert f"{PAST.format(1)}#change-2" in history
    assert f"{PAST.format(1)}#change-2" in feed[0]["content_html"]


@pytest.mark.parametrize("erased", [1, 2])
def test_nothing_is_compared_with_an_erased_text(client, people, erased):
    article = make_past(people)
    root = make_user("root", is_superuser=True)
    workflow.erase(article.revision_set.get(number=erased), by=root, reason="A court says so.")

    pages = [client.get(PAST.format(number)) for number in (1, 2, 3)]
    links = client.get(HISTORY).text + str(client.get("/feeds/corrections.json").json())

    assert [[old.number for old, _ in page.context["changes"]] for page in pages] == [
        [],
        [],
        [2] if erased == 1 else [],
    ]
    assert sorted(set(re.findall("#change-.", links))) == (["#change-2"] if erased == 1 else [])


@pytest.mark.parametrize("number", ["2", "3", "4", "99", "0", "9" * 40])
def test_revisions_that_were_never_public_are_not_found(client, people, number):
    article = make_past(people, 1)
    make_secrets(article, people)

    assert client.get(PAST.format(number)).status_code == 404
    client.force_login(make_user("root", is_superuser=True))
    assert client.get(PAST.format(number)).status_code == 404


def test_nothing_that_is_not_public_leaks(client, people):
    article = make_past(people)
    make_secrets(article, people)

    for address in ("/", "/articles/sleep/", HISTORY, *(PAST.format(number) for number in (1, 2, 3))):
        response = client.get(address)
        assert response.status_code == 200
        assert SECRET not in response.text, address
        assert "Said more exactly." not in response.text, address  # what the author told the moderator


def test_an_erased_text_leaves_a_tombstone_with_its_reason(client, people):
    article = make_past(people)
    root = make_user("root", is_superuser=True)
    workflow.erase(article.revision_set.get(number=1), by=root, reason="A court <says> so.")

    history, page = client.get(HISTORY).text, client.get(PAST.format(1))

    assert "Text erased on" in history
    assert "A court &lt;says&gt; so." in history
    assert "This revision was erased" in page.text
    assert "A court &lt;says&gt; so." in page.text
    assert page.context["since"] is None
    assert "5 hours" not in history + page.text


def test_previous_slugs_redirect(client, people):
    article = make_past(people, 1)
    publish_change(article, people, "x", sections=section(BODIES[1]), slug="nights")

    moved = [client.get(address) for address in (HISTORY, PAST.format(1))]

    assert [(page.status_code, page.headers["Location"]) for page in moved] == [
        (301, "/articles/nights/history/"),
        (301, "/articles/nights/revisions/1/"),
    ]


def test_an_unpublished_article_has_no_public_history(client, people):
    article = make_past(people, 2)
    workflow.unpublish(article, by=people["moderator"], reason="Wrong.")
    make_draft("naps", by=make_user("second"))

    assert [client.get(address).status_code for address in (HISTORY, PAST.format(1))] == [410, 410]
    for address in (PAST.format(3), "/articles/naps/history/", "/articles/naps/revisions/1/"):
        assert client.get(address).status_code == 404


def test_a_text_that_was_public_twice_has_two_periods(client, people):
    article = make_past(people, 2)
    workflow.unpublish(article, by=people["moderator"], reason="For a day.")
    revision = Revision.objects.get(number=2)
    workflow.publish(revision, by=people["moderator"])

    assert client.get(HISTORY).text.count("Revision 2</a>") == 2
    assert client.get(PAST.format(2)).text.count("<dt>Public</dt>") == 2


def test_the_article_links_to_its_history(client, people):
    make_past(people, 1)

    assert '<dd>1, <a href="/articles/sleep/history/">history</a></dd>' in client.get("/articles/sleep/").text


def test_history_pages_refuse_post(client, people):
    make_past(people, 1)

    assert [client.post(address).status_code for address in (HISTORY, PAST.format(1))] == [405, 405]


# The admin's record -------------------------------------------------------------------------------


def record_of(article):
    return reverse("admin:articles_article_history", args=[article.pk])


def act(name, article):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_record_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    article = make_past(people, count)
    client.force_login(people["moderator"])
    chain.seal()

    with django_assert_num_queries(13):
        response = client.get(record_of(article))

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("count", [2, 3])
def test_comparison_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    article = make_past(people, count)
    client.force_login(people["moderator"])

    # Seven of them are for the citation statuses of both texts, two for what else can be chosen.
    with django_assert_num_queries(21):
        response = client.get(act("compare", article), {"old": 1, "new": count})

    assert response.status_code == 200


def test_record_shows_who_when_why_and_what_was_public(client, people):
    article = make_past(people, 2)
    _, rejected, draft = make_secrets(article, people)
    client.force_login(people["by"])

    response = client.get(record_of(article))

    rows = response.context["rows"]
    assert [row.revision.number for row in rows] == [4, 3, 2, 1]
    assert [[review.decision for review in row.reviews] for row in rows] == [
        ["rejected"],
        [],
        ["approved"],
        ["approved"],
    ]
    assert [[until is None for _, until, _ in row.periods] for row in rows] == [[], [], [True], [False]]
    text = " ".join(response.text.split())
    assert "<b>Rejected</b> by <b>moderator</b>, <time datetime" in text
    assert f'<q dir="auto">{SECRET} reason</q>' in text
    assert f'<code title="SHA-256: {rejected.digest}">{rejected.digest[:12]}</code>' in text
    assert f'?revision={draft.pk}">Revision 5</a> <span class="tag">draft</span> </h3>' in text
    numbers = [entry.number for entry in response.context["log"]]
    assert numbers == list(range(Article.objects.get().log_length, 0, -1))


def test_restoring_starts_a_draft_that_names_its_base(client, people):
    article = make_past(people)
    client.force_login(people["by"])

    response = client.post(act("restore", article), {"number": 1})

    draft = Revision.objects.get(status="draft")
    assert response.headers["Location"] == f"/admin/articles/article/{article.pk}/change/?revision={draft.pk}"
    assert (draft.number, draft.base.number, draft.target.number) == (4, 1, 3)
    assert draft.section_set.get().body == BODIES[0]
    assert draft.edit_summary == f"Restores revision 1 of {timezone.now():%d %b %Y}."
    assert Article.objects.get().published_revision.number == 3


def test_restoring_with_an_open_draft_is_refused_with_a_link_to_it(client, people):
    article = make_past(people)
    client.force_login(people["by"])
    client.post(act("restore", article), {"number": 1})

    response = client.post(act("restore", article), {"number": 2})

    draft = Revision.objects.get(status="draft")
    assert response.status_code == 409
    assert "You already have a draft of this article, revision 4" in response.text
    assert f'<a href="/admin/articles/article/{article.pk}/change/?revision={draft.pk}">Open draft</a>' in response.text


def test_what_cannot_be_restored_is_refused(client, people):
    article = make_past(people)
    workflow.erase(article.revision_set.get(number=1), by=make_user("root", is_superuser=True), reason="A court.")
    client.force_login(people["by"])

    assert client.post(act("restore", article), {"number": 1}).status_code == 409
    assert client.post(act("restore", article), {"number": 9}).status_code == 404
    workflow.protect(article, by=people["moderator"], reason="A quarrel.")
    refused = client.post(act("restore", article), {"number": 2})
    assert refused.status_code == 403
    assert "This article is protected" in refused.text
    assert not Revision.objects.filter(status="draft").exists()


def test_an_article_is_protected_with_a_reason_and_unprotected(client, people):
    article = make_past(people, 1)
    client.force_login(people["moderator"])

    without = client.post(act("protection", article), {"act": "protect", "reason": " "})
    client.post(act("protection", article), {"act": "protect", "reason": "A quarrel."})
    protected = Article.objects.get().is_protected
    twice = client.post(act("protection", article), {"act": "protect", "reason": "Again."})
    client.post(act("protection", article), {"act": "release", "reason": ""})

    assert (without.status_code, "Give editors a reason." in without.text) == (409, True)
    assert protected is True
    assert (twice.status_code, "This article is already protected." in twice.text, 'value="Again."' in twice.text) == (
        409,
        True,
        True,
    )
    assert Article.objects.get().is_protected is False
    assert [e.note for e in LogEntry.objects.filter(action__in=["protected", "released"])] == ["A quarrel.", ""]


def test_editors_neither_see_nor_use_the_protection(client, people):
    article = make_past(people, 1)
    client.force_login(people["by"])

    assert "Protect article" not in client.get(record_of(article)).text
    assert client.post(act("protection", article), {"act": "protect", "reason": "Mine."}).status_code == 403
    assert client.post(act("protection", article), {"act": "else"}).status_code == 404


def test_the_record_requires_permission_to_edit(client, people):
    article = make_past(people, 2)
    pages = [record_of(article), act("compare", article) + "?old=1&new=2"]
    posts = [act("restore", article), act("protection", article)]

    assert {client.get(address).status_code for address in pages} == {302}
    client.force_login(make_user("guest", groups=()))
    assert [client.get(address).status_code for address in pages] == [403, 403]
    assert [client.post(address).status_code for address in posts] == [403, 403]
    client.force_login(people["by"])
    assert [client.get(address).status_code for address in posts] == [405, 405]
    assert client.get(reverse("admin:articles_article_history", args=[999])).status_code == 404


def test_a_scheduled_text_is_in_the_record_and_nowhere_else(client, people):
    article = make_past(people, 1)
    revision = make_change(article, by=people["by"], lead=f"{SECRET} lead")
    workflow.approve(revision, by=people["moderator"])
    workflow.schedule(revision, by=people["moderator"], publish_at=timezone.now() + timedelta(days=1))

    assert client.get(PAST.format(2)).status_code == 404
    assert "Revision 2" not in client.get(HISTORY).text
    client.force_login(people["by"])
    assert "Revision 2" in client.get(record_of(article)).text


# The record of all articles -----------------------------------------------------------------------


def test_the_record_of_a_site_without_a_log_says_so(client, db, without_triggers):
    with without_triggers():
        ChainLink.objects.all().delete()

    assert "Nothing has been logged yet." in client.get("/record/").text
    assert client.get("/record.json").json() is None


def test_the_record_shows_the_head_of_the_chain(client, people):
    article = make_past(people, 1)
    head = chain.head()

    page, data = client.get("/record/"), client.get("/record.json")

    assert f"<code>{head.number}:{head.digest}</code>" in page.text
    assert (data.json()["number"], data.json()["digest"]) == (head.number, head.digest)
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    client.force_login(people["moderator"])
    assert head.digest in client.get(record_of(article)).text


def test_exports_give_the_head_at_the_articles_last_log_entry(client, people):
    make_past(people, 1)
    before = client.get("/articles/sleep.json")
    make_draft("naps", by=make_user("second"))
    after = client.get("/articles/sleep.json")

    assert before.json()["record"] == client.get("/api/articles/sleep/").json()["record"]
    assert before.headers["ETag"] == after.headers["ETag"]
    given = before.json()["record"]
    assert chain.has(f"{given['number']}:{given['digest']}")
