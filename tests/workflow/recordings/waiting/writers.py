"""Every way to change a recording, by name, a text that cites it in each state, and what is seen of both afterwards."""

from datetime import timedelta

from django.utils import timezone

from articles import workflow
from articles.admin.recordings.changes.admin import address_of
from articles.core.recordings.editions import OffsetMap, Piece
from articles.models import Chapter, Cue, Edition, Episode, Notice, RecordingChange, Show
from articles.workflow.content import recordings as content
from articles.workflow.notifications.links import url_of
from tests.support.factories import make_draft

WORDS = "00:06:31 The brain clears its waste at night.\n00:07:00 Then it dreams."


INVENTED = "00:06:31 Salt keeps the brain clear at night.\n00:07:00 So eat more of it."


VIDEO = "abcdefghijk"


def import_words(episode, words, *, by=None, **options):
    from articles.importing import import_transcript

    return import_transcript(episode, words.encode(), "words.txt", by=by, is_confirmed=True, **options)


def cite(episode, author, moderator, state):
    """Make a text that cites the episode, in this state; None makes none."""
    if state == "none":
        return None
    draft = make_draft(by=author, episode=episode)
    if state == "draft":
        return draft
    workflow.submit(draft, by=author)
    if state == "submitted":
        return draft
    workflow.approve(draft, by=moderator)
    if state == "scheduled":
        workflow.schedule(draft, by=moderator, publish_at=timezone.now() + timedelta(days=1))
    if state in {"published", "unpublished"}:
        workflow.publish(draft, by=moderator)
    if state == "unpublished":
        workflow.unpublish(draft.article, by=moderator, reason="Wrong.")
    return draft


def fresh(episode):
    return Episode.objects.select_related("show").get(pk=episode.pk)


# Every writer of `workflow.recordings`, by name: functions of (episode, user, options) that change something readers see.


def set_title(episode, by, **options):
    episode = fresh(episode)
    episode.title = "Another title"
    return workflow.save_episode(episode, ["title"], by=by, **options)


def set_show_title(episode, by, **options):
    show = Show.objects.get(pk=episode.show_id)
    show.title = "Another show"
    return workflow.save_show(show, ["title"], by=by, **options)


def set_chapters(episode, by, **options):
    with workflow.change_episode(fresh(episode), by=by, **options) as change:
        rows = list(Chapter.objects.filter(episode=episode))
        rows[0].title = "Another chapter"
        change.save_chapters(rows[:1], rows[1:])
    return change.row


def set_stretches(episode, by, **options):
    edition = Edition.objects.select_related("episode__show").get(episode=episode)
    return workflow.save_stretches(edition, OffsetMap([Piece(0, 2000, 99)]), by=by, **options)


def remove_words(episode, by, **options):
    return workflow.remove_transcript(fresh(episode), by=by, **options)


def replace_words(episode, by, **options):
    return import_words(fresh(episode), INVENTED, by=by, **options).change


def correct_words(episode, by, text="Salt keeps the eye dry.", **options):
    cue = Cue.objects.filter(episode=episode).order_by("pk").first()
    said = {"speaker": cue.speaker, "text": text}
    return workflow.correct_cue(fresh(episode), cue.pk, **said, expected=(cue.speaker, cue.text), by=by, **options)


WRITERS = {
    "save_episode": set_title,
    "save_show": set_show_title,
    "change_episode": set_chapters,
    "save_stretches": set_stretches,
    "replace_transcript": replace_words,
    "remove_transcript": remove_words,
    "correct_cue": correct_words,
}


HELD = {"none": False, "draft": False, "submitted": True, "approved": True, "scheduled": True, "published": True}


HELD |= {"unpublished": True}  # it can be published again


def seen_state(episode):
    return content.states_of(Episode.objects.filter(pk=episode.pk))[episode.pk]


def notified_of(user):
    """Return the changes that the notices of `user` lead to."""
    changes = {address_of(change): change for change in RecordingChange.objects.all()}
    return [
        changes.get(url_of(notice, user))
        for notice in Notice.objects.filter(user=user, kind="recording").order_by("pk")
    ]
