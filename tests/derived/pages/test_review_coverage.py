"""Pages, exports and the API say what a review covered."""

import json
from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.derived.pages.review_coverage import partial_review, parts_of
from articles.models import Article, Contributor
from articles.workflow.content import SectionContent, changes, content_of
from articles.workflow.history import audit_log
from tests.support.factories import make_change, make_content, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

SECTIONS = (
    SectionContent("Waste", "It takes five hours. The brain is cleaned. Nobody knows why. It is so."),
    SectionContent("Dreams", "They are short. They are long."),
)


@pytest.fixture
def imported(people):
    """An article of seven sentences, imported and published without a review."""
    robot = make_user("robot", is_superuser=True)
    content = make_content("sleep", lead="What a night does.", sections=SECTIONS)
    draft = workflow.create_article(content, by=robot, received_digest="a" * 64)
    workflow.publish_received(draft, by=robot)
    return Article.objects.get()


def with_bodies(article, *bodies):
    sections = content_of(article.published_revision).sections
    return tuple(replace(section, body=body) for section, body in zip(sections, bodies, strict=True))


def publish(change, moderator):
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)
    return Article.objects.get()


def facts(client):
    return " ".join(client.get("/articles/sleep/").text.split()).split("<dt>Review</dt><dd>")[1].split("</dd>")[0]


def reviewed(client, address="/articles/sleep.json"):
    return client.get(address).json()["reviewed"]


def json_ld(client):
    return json.loads(
        client.get("/articles/sleep/").text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    )


def test_accepting_two_sentences_of_an_imported_text_says_so(client, imported, people):
    bodies = (SECTIONS[0].body.replace("five", "six").replace("so.", "not so."), "They are short. They are wide.")
    change = make_change(imported, by=people["by"], sections=with_bodies(imported, *bodies))
    accepted = [change.id for change in changes.compare(change.target, change).changes if change.heading == "Waste"]
    workflow.accept_in_part(change, accepted, by=people["moderator"], comment="The rest needs a source.")

    found = facts(client)

    assert (
        '<strong class="unreviewed">Reviewed in part</strong>: 2 of 7 sentences, in <a href="#waste" dir="auto">Waste</a>;'
        in found
    )
    assert "last by moderator, <time" in found
    assert reviewed(client) | {"at": ""} == {
        "by": "moderator", "at": "", "others": [], "after_publishing": False, "covers": "changes", "sentences": 2, "sentences_total": 7,
    }  # fmt: skip
    assert "reviewedBy" not in json.dumps(json_ld(client))
    assert "lastReviewed" not in json.dumps(json_ld(client))
    assert "2 of 7 sentences reviewed, last by moderator" in client.get("/articles/sleep/preview/").text
    history = " ".join(client.get("/articles/sleep/history/").text.split())
    assert "Only the changes of this revision reviewed, by moderator" in history
    assert "Not reviewed" in history
    assert "Reviewed by moderator" not in history
    assert "Only the changes of this revision reviewed, by" in client.get("/articles/sleep/revisions/3/").text
    assert reviewed(client, "/api/articles/sleep/revisions/3/")["covers"] == "changes"


def test_approving_all_of_a_small_change_claims_no_more(client, imported, people):
    publish(make_change(imported, by=people["by"], lead="What a night can do."), people["moderator"])

    assert ": 1 of 7 sentences, in the lead; last by moderator" in facts(client)


def test_reviews_add_up_until_everything_is_reviewed(client, imported, people):
    article = publish(
        make_change(
            imported, by=people["by"], lead="New.", sections=with_bodies(imported, "All new.", SECTIONS[1].body)
        ),
        people["moderator"],
    )
    assert ": 2 of 4 sentences, in the lead, <a" in facts(client)

    publish(
        make_change(article, by=people["by"], sections=with_bodies(article, "All new.", "New too.")),
        people["moderator"],
    )

    assert ": 3 of 3 sentences" not in facts(client)
    assert facts(client).startswith("by moderator, <time")


TIMED = (
    SectionContent(
        "Waste [00:01:30]", "It takes hours [00:01:00]. It is cleaned [00:02:00].\n\n| a |\n|---|\n| b [00:03:00] |"
    ),
    SectionContent("Dreams", "They are short [00:04:00]."),
)


def with_times(minute):
    """The sections of `TIMED`, with the timestamp of this minute moved."""
    moved = "[00:01:31]" if minute == 1.5 else f"[00:{minute + 30}:00]"
    old = "[00:01:30]" if minute == 1.5 else f"[00:0{minute}:00]"
    return tuple(
        SectionContent(part.heading.replace(old, moved), part.body.replace(old, moved), key=part.key) for part in TIMED
    )


@pytest.fixture
def timed(people):
    """An article with timestamps, imported and published without a review."""
    robot = make_user("robot", is_superuser=True)
    content = make_content("sleep", lead="A night.", sections=TIMED, episode=make_episode())
    draft = workflow.create_article(content, by=robot, received_digest="a" * 64)
    workflow.publish_received(draft, by=robot)
    return Article.objects.get()


@pytest.mark.parametrize("minute", [1, 1.5, 2, 3, 4])
def test_an_approved_timestamp_is_reviewed(timed, people, minute):
    total = sum(len(part.unreviewed) for part in parts_of(timed.published_revision))

    publish(make_change(timed, by=people["by"], sections=with_times(minute)), people["moderator"])

    parts = parts_of(Article.objects.get().published_revision)
    assert sum(len(part.reviewed) for part in parts) == 1
    assert sum(len(part.unreviewed) for part in parts) == total - 1
    assert [part.heading for part in parts if part.reviewed] == ["Dreams" if minute == 4 else "Waste"]


@pytest.mark.parametrize("minute", [1, 1.5, 2, 3, 4])
def test_a_timestamp_that_was_imported_after_a_review_is_not_reviewed(client, timed, people, minute):
    workflow.review_whole(timed.published_revision, by=people["moderator"])
    assert facts(client).startswith("after publication, by moderator, <time")
    robot = User.objects.get(username="robot")
    content = replace(content_of(timed.published_revision), sections=with_times(minute), edit_summary="Other times.")
    draft = workflow.start_draft(timed, content, by=robot, base=timed.published_revision, received_digest="b" * 64)
    workflow.publish_received(draft, by=robot)
    article = Article.objects.get()

    publish(make_change(article, by=people["by"], lead="A night, and more."), people["moderator"])

    parts = parts_of(Article.objects.get().published_revision)
    assert [part.heading for part in parts if part.unreviewed] == ["Dreams" if minute == 4 else "Waste"]
    assert sum(len(part.unreviewed) for part in parts) == 1
    assert "Reviewed in part" in facts(client)


def test_a_text_reviewed_from_the_start_is_reviewed(client, people):
    article = make_published("sleep", **people)
    publish(make_change(article, by=people["by"], lead="Another lead."), people["moderator"])

    assert facts(client).startswith("by moderator, <time")
    assert (reviewed(client)["covers"], reviewed(client)["sentences"]) == ("all", None)
    assert json_ld(client)["mainEntityOfPage"]["reviewedBy"]["name"] == "moderator"
    assert "Reviewed by moderator" in client.get("/articles/sleep/preview/").text
    assert "Reviewed by" in client.get("/articles/sleep/revisions/2/").text


def test_a_new_article_accepted_as_a_whole_is_reviewed(client, people):
    make_published("sleep", **people)

    assert facts(client).startswith("by moderator, <time")


def test_a_text_built_on_one_without_a_second_review_is_reviewed_in_part_until_that_is_made_up_for(client, people):
    article = make_published("sleep", **people)
    root = make_user("root", is_superuser=True)
    alone = make_change(article, by=root, lead="One sentence. And another.")
    workflow.approve(alone, by=root, override_reason="Nobody else is here.")
    workflow.publish(alone, by=root)
    publish(make_change(Article.objects.get(), by=people["by"], title="Slumber"), people["moderator"])
    assert ": 1 of 3 sentences" in facts(client)

    workflow.confirm(alone, by=people["moderator"])

    assert facts(client).startswith("by moderator, <time")


def test_an_imported_text_stays_unreviewed(client, imported):
    assert facts(client) == "Not reviewed"
    assert reviewed(client) is None


def test_an_erased_import_makes_no_text_look_reviewed(client, imported, people):
    article = publish(make_change(imported, by=people["by"], lead="What a night can do."), people["moderator"])
    publish(make_change(article, by=people["by"], lead="What a short night can do."), people["moderator"])
    workflow.erase(article.revision_set.get(number=1), by=make_user("root", is_superuser=True), reason="A court.")
    publish(make_change(Article.objects.get(), by=people["by"], lead="What a long night can do."), people["moderator"])

    assert ": 1 of 7 sentences" in facts(client)


def revision_pages(client, number):
    page = client.get(f"/articles/sleep/revisions/{number}/").text
    return " ".join(page.split()), reviewed(client, f"/api/articles/sleep/revisions/{number}/")


def test_a_moderator_can_review_an_imported_text_as_a_whole(client, imported, people):
    workflow.review_whole(imported.published_revision, by=people["moderator"])

    assert facts(client).startswith("after publication, by moderator, <time")
    assert reviewed(client) | {"at": ""} == {
        "by": "moderator", "at": "", "others": [], "after_publishing": True, "covers": "all",
        "sentences": None, "sentences_total": None,
    }  # fmt: skip
    assert json_ld(client)["mainEntityOfPage"]["reviewedBy"]["name"] == "moderator"
    page, entry = revision_pages(client, 1)
    assert "Reviewed after publication by moderator, <time" in page
    assert (entry["covers"], entry["after_publishing"]) == ("all", True)
    assert Article.objects.get().logentry_set.last().action == "reviewed"
    assert audit_log.verify(Article.objects.get()) is None


def test_reviewing_the_rest_of_a_text_leaves_nothing_unreviewed(client, imported, people):
    article = publish(make_change(imported, by=people["by"], lead="What a night can do."), people["moderator"])
    other = make_user("other", groups=("Moderators",))

    workflow.review_whole(article.published_revision, by=other)

    assert facts(client).startswith("after publication, by other, <time")
    page, entry = revision_pages(client, 2)
    assert "Only the changes of this revision reviewed, by moderator, <time" in page
    assert "the whole text reviewed after publication by other, <time" in page
    assert (entry["covers"], entry["by"]) == ("all", "other")
    page, entry = revision_pages(client, 1)
    assert "Not reviewed" in page
    assert entry is None
    publish(make_change(Article.objects.get(), by=people["by"], lead="What a long night can do."), people["moderator"])
    assert facts(client).startswith("by moderator, <time")
    assert "<dd>Reviewed by moderator" in revision_pages(client, 3)[0].replace("<dd> ", "<dd>")


def test_only_what_is_public_and_unreviewed_can_be_reviewed_as_a_whole(imported, people):
    article = publish(make_change(imported, by=people["by"], lead="What a night can do."), people["moderator"])
    first, second = article.revision_set.order_by("number")
    robot = make_user("machine", is_superuser=True)
    Contributor.objects.create(revision=first, user=robot, user_name="machine")

    for revision, by, refusal in [
        (first, people["moderator"], "What is published has changed"),
        (second, people["by"], "isn’t allowed to review revisions"),
        (second, robot, "You wrote some of the text that nobody has reviewed, so someone else has to review it."),
    ]:
        with pytest.raises(workflow.WorkflowError, match=refusal):
            workflow.review_whole(revision, by=by)
    workflow.review_whole(second, by=people["moderator"])
    with pytest.raises(workflow.WorkflowError, match="All of this text has been reviewed already"):
        workflow.review_whole(second, by=people["moderator"])


def test_a_text_without_a_second_review_is_confirmed_first(imported, people):
    root = make_user("root", is_superuser=True)
    alone = make_change(imported, by=root, lead="One sentence.")
    workflow.approve(alone, by=root, override_reason="Nobody else is here.")
    workflow.publish(alone, by=root)
    with pytest.raises(workflow.InvalidTransition, match="Confirm the changes of this revision first"):
        workflow.review_whole(alone, by=people["moderator"])

    workflow.confirm(alone, by=people["moderator"])
    workflow.review_whole(alone, by=people["moderator"])

    assert partial_review(Article.objects.get().published_revision) is None


def test_the_page_of_a_text_built_from_many_takes_a_constant_number_of_queries(
    imported, people, django_assert_num_queries
):
    article = imported
    for number in range(3):
        article = publish(make_change(article, by=people["by"], lead=f"Lead {number}."), people["moderator"])
        published = article.published_revision
        with django_assert_num_queries(6):
            assert partial_review(published)["sentences"] == 1


def test_headings_of_reviewed_sections_are_plain(imported, people):
    sections = with_bodies(imported, "All new.", SECTIONS[1].body)
    sections = (replace(sections[0], heading="Why *we* sleep"), sections[1])
    article = publish(make_change(imported, by=people["by"], sections=sections), people["moderator"])

    assert partial_review(article.published_revision)["sections"] == [["Why we sleep", "why-we-sleep"]]
