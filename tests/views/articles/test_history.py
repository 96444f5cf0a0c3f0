"""An article's public history: its page, permanent links, and what they never show."""

import re

import pytest

from articles import workflow
from articles.models import Article, Revision
from articles.workflow.collaboration import correction_requests
from tests.support.factories import make_change, make_draft, make_user
from tests.views.articles.past import BODIES, HISTORY, PAST, SECRET, make_past, make_secrets, publish_change, section

pytestmark = pytest.mark.django_db


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
