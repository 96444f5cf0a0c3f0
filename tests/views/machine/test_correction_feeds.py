"""The feed of corrections: the texts after the first, with their notes."""

import pytest

from articles import workflow
from articles.workflow.history import chain
from tests.support.factories import make_user, published
from tests.views.machine.feeds import SECRET, correct, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_corrections_are_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    for article in published(count, people):
        correct(article, people, lead="Said again.", public_note="We had the hour wrong.")
    chain.seal()

    for form in ("atom", "rss", "json"):
        with django_assert_num_queries(4, info=form):
            body = client.get(f"/feeds/corrections.{form}").content.decode()
        assert body.count("We had the hour wrong.") == (2 if form == "json" else 1) * count


def test_corrections_are_the_texts_after_the_first_with_their_notes(client, people):
    first, _ = published(2, people)
    correct(first, people, lead="Once more.", public_note="We had the hour wrong.")
    revision = correct(first, people, lead="And again.", public_note="")

    feed = read(client, "/feeds/corrections.atom")

    assert [entry.title for entry in feed.entries] == ["Sleep 0: revision 3", "Sleep 0: revision 2"]
    assert feed.entries[1].link == "http://testserver/articles/sleep-0/revisions/2/"
    assert feed.entries[1].summary.startswith("<p>We had the hour wrong.</p>\n<p>Changes: ")
    assert feed.entries[0].summary.startswith("<p>Changes: ")
    assert client.get("/articles/sleep-0/revisions/2/").status_code == 200
    assert revision.number == 3
    assert len({entry.id for entry in feed.entries}) == 2


def test_summaries_do_not_run_texts_without_a_full_stop_together(client, people):
    (article,) = published(1, people, lead="What a night does")
    correct(article, people, public_note="Clarification", lead="What a night of sleep does")

    (correction,), (item,) = (client.get(f"/feeds/{name}.json").json()["items"] for name in ("corrections", "articles"))

    assert correction["summary"].startswith("Clarification. Changes: ")
    assert item["summary"] == "What a night of sleep does. Reviewed."


def test_corrections_of_unpublished_articles_are_not_listed(client, people):
    gone, kept = published(2, people)
    correct(gone, people, public_note=f"{SECRET} was wrong.")
    correct(kept, people, public_note="Right now.")

    gone.refresh_from_db()
    workflow.unpublish(gone, by=people["moderator"], reason=SECRET)

    feed = client.get("/feeds/corrections.atom").content.decode()
    assert (SECRET in feed, "Right now." in feed) == (False, True)
    assert SECRET not in client.get("/feeds/articles.atom").content.decode()


def test_an_erased_text_says_only_that_it_was_erased(client, people):
    (article,) = published(1, people)
    told = correct(article, people, public_note=f"Named {SECRET}.", lead=f"{SECRET}.")
    correct(article, people, public_note="Named nobody.", lead="Nobody.")
    eraser = make_user("eraser", is_superuser=True)

    workflow.erase(told, by=eraser, reason="A court said so.")

    feed = client.get("/feeds/corrections.atom").content.decode()
    assert SECRET not in feed
    assert "This revision was erased: A court said so." in feed
