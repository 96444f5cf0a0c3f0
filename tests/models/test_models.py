import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, Chapter, Cue, Episode, LogEntry, Review, Revision, Section
from articles.models.record.permanent import RecordChanged
from tests.support.factories import make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "start", "end", "address"),
    [
        ({"youtube_id": "abcdefghijk"}, 391, 430, "https://www.youtube.com/watch?v=abcdefghijk&t=391s"),
        ({"audio_url": "https://example.org/a.mp3"}, 391, None, "https://example.org/a.mp3#t=391"),
        ({"audio_url": "https://example.org/a.mp3?x=1"}, 391, 430, "https://example.org/a.mp3?x=1#t=391,430"),
        ({"page_url": "https://example.org/on-sleep"}, 391, None, "https://example.org/on-sleep"),
        ({}, 391, None, "/shows/night-talks/on-sleep/"),
    ],
)
def test_link_at_is_the_address_of_the_moment(fields, start, end, address):
    assert make_episode(**fields).link_at(start, end) == address


@pytest.mark.parametrize(
    ("seconds", "title"), [(0, ""), (9, ""), (10, "One"), (299, "One"), (300, "Two"), (9999, "Two")]
)
def test_chapter_title_at_is_the_title_of_the_current_chapter(seconds, title):
    episode = make_episode(chapters=[(300, "Two"), (10, "One")])

    assert episode.chapter_title_at(seconds) == title


def test_visible_to_shows_drafts_only_to_editors():
    editor = make_user()
    make_draft("hidden", by=editor)
    make_published("open", by=editor)

    assert [a.slug for a in Article.objects.visible_to(AnonymousUser())] == ["open"]
    assert {a.slug for a in Article.objects.visible_to(editor)} == {"open", "hidden"}
    assert [r.slug for r in Revision.objects.visible_to(AnonymousUser())] == ["open"]
    assert {r.slug for r in Revision.objects.visible_to(editor)} == {"open", "hidden"}


def violates(name, make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    return name


def test_the_database_enforces_the_rules():
    draft = make_draft()
    episode = make_episode("other")
    now = timezone.now()

    violates(
        "one draft", lambda: Revision.objects.create(article=draft.article, number=2, author=draft.author, saved_at=now)
    )
    violates("number", lambda: Revision.objects.create(article=draft.article, number=1, saved_at=now))
    violates("level", lambda: Section.objects.create(revision=draft, position=7, level=6, anchor="x"))
    violates("position", lambda: Section.objects.create(revision=draft, position=0, level=1, anchor="y"))
    violates("cue", lambda: Cue.objects.create(episode=episode, start_seconds=5, end_seconds=5, text="x"))
    violates("duration", lambda: Episode.objects.filter(pk=episode.pk).update(duration_seconds=0))
    violates("status", lambda: Revision.objects.filter(pk=draft.pk).update(status="published"))
    violates("submitted", lambda: Revision.objects.filter(pk=draft.pk).update(status="submitted"))
    violates("slug", lambda: Article.objects.create(slug=""))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda e: Episode(show=e.show, slug=e.slug, title="x"), "Another episode of this show has this slug."),
        (
            lambda e: Episode(show=e.show, slug="n", title="x", youtube_id="abcdefghijk"),
            "Another episode has this YouTube id.",
        ),
        (lambda e: Episode(show=e.show, slug="n", title="x", youtube_id="short"), "Enter the 11 characters"),
        (
            lambda e: Episode(show=e.show, slug="n", title="x", duration_seconds=0),
            "Enter a length of at least 1 second",
        ),
        (lambda e: Episode(show=e.show, slug="n", title="x", page_url="javascript:alert(1)"), "Enter a valid URL"),
        (lambda e: Chapter(episode=e, start_seconds=3600, title="x"), "before the episode ends at 1:00:00"),
        (
            lambda e: Chapter(episode=e, start_seconds=10, title="x"),
            "Two chapters of this episode start at the same second.",
        ),
    ],
)
def test_clean_explains_what_is_wrong(make, message):
    episode = make_episode(youtube_id="abcdefghijk", chapters=[(10, "One")])

    with pytest.raises(ValidationError) as caught:
        make(episode).full_clean()

    assert message in " ".join(caught.value.messages)


def test_records_are_append_only():
    draft = make_draft()
    review = Review.objects.create(revision=draft, decision="approved", at=timezone.now(), by_name="x")
    entry = LogEntry.objects.first()

    for record in (review, entry):
        with pytest.raises(RecordChanged):
            record.save()
        with pytest.raises(RecordChanged):
            record.delete()
        with pytest.raises(RecordChanged):
            type(record).objects.update(by_name="somebody else")
        with pytest.raises(RecordChanged):
            type(record).objects.all().delete()
