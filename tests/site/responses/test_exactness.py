"""After everything that anybody can do, all public addresses give what is rendered then, although all are stored."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import workflow
from articles.core.recordings.editions import OffsetMap, Piece
from articles.core.recordings.transcripts import Cue, Reading
from articles.models import (
    ApprovalRule,
    Article,
    Citation,
    Edition,
    Episode,
    Profile,
    PublicVersion,
    Quotation,
    Revision,
    Show,
    StoredResponse,
    Topic,
)
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import content_of
from articles.workflow.content.changes import compare
from tests.support.databases import template
from tests.support.factories import make_change, make_content, make_episode, make_user
from tests.support.scenarios.sites.full_site import make_everything
from tests.support.scenarios.sites.public_responses import rendered, scopes_of, stored_addresses, visited

pytestmark = pytest.mark.django_db(transaction=True)

# Functions of the workflow that don't write, or only for one of those that the steps use.
NO_WRITERS = {"own_claims", "has_history", "is_name_taken", "may_change_rank", "may_edit", "is_collision", "name_of"}
NO_WRITERS |= {"permission_names", "must_replace_password", "why_protected", "why_not_revertible"}
STEPS = []


def step(*names):
    """Register a step that uses the functions `names` of the workflow; it gets the rows of the site."""

    def register(function):
        STEPS.append((function, names))
        return function

    return register


def article(slug="sleep"):
    return Article.objects.select_related("published_revision").get(slug=slug)


def change(rows, of="sleep", **changes):
    """Submit a change of an article by somebody who wrote nothing yet."""
    rows.count = getattr(rows, "count", 0) + 1
    return make_change(article(of), by=make_user(f"writer-{rows.count}"), **changes)


def approved(rows, of="sleep", **changes):
    return workflow.approve(change(rows, of, **changes), by=rows.moderator)


def reading(words):
    return Reading((Cue(391.0, 399.0, "", words),), (), "vtt")


@step("create_article", "save_draft", "submit", "approve", "publish")
def publish_a_new_article(rows):
    by = make_user("newcomer")
    draft = workflow.create_article(make_content("dawn", episode=rows.episode, title="Dawn"), by=by)
    draft = workflow.save_draft(draft, replace(content_of(draft), lead="See [[sleep]]."), by=by, version=draft.version)
    workflow.publish(workflow.approve(workflow.submit(draft, by=by), by=rows.moderator), by=rows.moderator)


@step("start_draft")
def publish_a_change_of_title_and_address(rows):
    slug = {"title": "Sleep well", "slug": "sleep-well"}
    workflow.publish(approved(rows, **slug), by=rows.moderator, public_note="Another title.")
    workflow.publish(approved(rows, "sleep-well", title="Sleep", slug="sleep"), by=rows.moderator)


@step("restore", "restore_version")
def restore_earlier_texts(rows):
    published = article().published_revision
    workflow.publish(approved(rows, lead="Another lead."), by=rows.moderator)
    by = make_user("restorer")
    draft = workflow.restore(published, by=by, edit_summary="Restores it.")
    rows.check(restore_earlier_texts)
    workflow.restore_version(draft.draftversion_set.first(), by=by, loaded=draft.version)


@step("revert")
def revert_to_an_earlier_text(rows):
    published = article().published_revision
    workflow.publish(approved(rows, lead="Vandalism.", title="Vandalism"), by=rows.moderator)
    workflow.revert(Revision.objects.select_related("article").get(pk=published.pk), by=rows.moderator, reason="No.")


@step("withdraw")
def withdraw_a_change(rows):
    revision = change(rows, lead="No.")
    workflow.withdraw(revision, by=revision.author)


@step("request_changes", "reject")
def send_back_and_reject(rows):
    workflow.request_changes(change(rows, lead="One."), by=rows.moderator, comment="Cite it.")
    workflow.reject(change(rows, lead="Two."), by=rows.moderator, comment="No.")


@step("accept_in_part")
def accept_in_part(rows):
    sections = content_of(article().published_revision).sections
    said = [replace(section, body=f"{section.body} More.") for section in sections[:2]]
    revision = change(rows, sections=(*said, *sections[2:]))
    first = compare(revision.target, revision).changes[0].id
    workflow.accept_in_part(revision, [first], by=rows.moderator, comment="The rest isn’t said there.")


@step("rebase")
def rebase_an_outdated_draft(rows):
    published = article().published_revision
    text = replace(content_of(published), lead="A lead of its own.")
    draft = workflow.start_draft(article(), text, by=make_user("rebaser"), base=published)
    workflow.publish(approved(rows, title="Sleep, once more"), by=rows.moderator)
    draft = workflow.rebase(draft, by=draft.author)
    workflow.publish(workflow.approve(workflow.submit(draft, by=draft.author), by=rows.moderator), by=rows.moderator)


@step("schedule", "unschedule", "publish_due")
def publish_on_schedule(rows):
    soon = timezone.now() + timedelta(hours=1)
    workflow.unschedule(
        workflow.schedule(approved(rows, lead="Later."), by=rows.moderator, publish_at=soon), by=rows.moderator
    )
    revision = workflow.schedule(approved(rows, lead="Soon."), by=rows.moderator, publish_at=soon)
    published, *_ = workflow.publish_due(soon + timedelta(seconds=1))
    assert published == [revision]


@step("publish_received", "review_whole")
def publish_as_received_and_review(rows):
    content = make_content("naps-received", episode=rows.second, title="Received")
    root = make_user("importer", groups=("Administrators",))
    draft = workflow.create_article(content, by=root, received_as="night/x", received_digest="0" * 64)
    workflow.publish_received(draft, by=root)
    rows.check(publish_as_received_and_review)
    workflow.review_whole(Revision.objects.get(pk=draft.pk), by=rows.moderator)


@step("confirm")
def publish_without_a_second_review_and_confirm(rows):
    root = make_user("alone", is_superuser=True)
    revision = make_change(article(), by=root, lead="Urgent.")
    workflow.approve(revision, by=root, override_reason="Nobody else is awake.")
    workflow.publish(revision, by=root)
    workflow.confirm(Revision.objects.get(pk=revision.pk), by=rows.moderator)


@step("save_approval_rule", "delete_approval_rules")
def publish_with_two_approvals(rows):
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    revision = approved(rows, notice="health")
    rows.check(publish_with_two_approvals)
    workflow.approve(revision, by=make_user("second-reviewer", groups=("Moderators",)))
    workflow.publish(revision, by=rows.moderator)
    rows.check(publish_with_two_approvals)
    workflow.delete_approval_rules(ApprovalRule.objects.all())


@step("confirm_citation", "withdraw_confirmation", "dismiss", "withdraw_dismissal", "exempt", "withdraw_exemption")
def judge(rows):
    citation = Citation.objects.filter(revision=article().published_revision, start_seconds=391).first()
    place = {"episode": citation.episode, "start_seconds": 391, "end_seconds": None, "claim": citation.claim}
    heard = workflow.confirm_citation(article(), by=make_user("listener"), **place)
    rows.check(judge)
    workflow.withdraw_confirmation(heard, by=heard.by)
    flag = {
        "code": "check-missing",
        "subject": citation.claim_key,
        "text": citation.claim,
        "reason": "other",
        "note": "It is.",
    }
    dismissal = workflow.dismiss(article(), by=make_user("dismisser"), **flag)
    rows.check(judge)
    workflow.withdraw_dismissal(dismissal, by=dismissal.by)
    exemption = workflow.exempt(article(), by=rows.moderator, section_key=None, reason="A greeting.")
    workflow.withdraw_exemption(exemption, by=rows.moderator)


@step("get_or_create_show", "save_show", "save_episode", "change_episode", "save_stretches")
def change_recordings(rows):
    show = workflow.get_or_create_show("night-talks")
    show.title = "Talks by night"
    workflow.save_show(show, ["title"], at_once=True)
    rows.check(change_recordings)
    episode = Episode.objects.get(pk=rows.episode.pk)
    episode.title, episode.published_on = "On sleeping", date(2025, 2, 3)
    workflow.save_episode(episode, ["title", "published_on"], at_once=True)
    rows.check(change_recordings)
    workflow.save_stretches(Edition.objects.get(), OffsetMap([Piece(0, 3000, 7)]))
    chapter = episode.chapter_set.first()
    chapter.title = "First words"
    with workflow.change_episode(episode, at_once=True) as made:
        made.save_chapters([chapter])


@step("replace_transcript", "remove_transcript")
def change_the_transcript(rows):
    episode = Episode.objects.get(pk=rows.episode.pk)
    workflow.replace_transcript(episode, reading("The brain clears waste at night."), at_once=True)
    rows.check(change_the_transcript)
    workflow.remove_transcript(Episode.objects.get(pk=episode.pk), at_once=True)


@step("correct_cue", "undo_correction", "discard_correction")
def correct_the_transcript(rows):
    episode = Episode.objects.get(pk=rows.episode.pk)
    workflow.replace_transcript(episode, reading("At dusk it rings."), at_once=True)
    cue = episode.cue_set.earliest("start_seconds", "pk")
    said = {"speaker": "Ann", "text": "At dusk it sings.", "expected": (cue.speaker, cue.text)}
    workflow.correct_cue(episode, cue.pk, **said, at_once=True)
    rows.check(correct_the_transcript)
    workflow.undo_correction(episode, cue.pk, at_once=True)
    rows.check(correct_the_transcript)
    cue.refresh_from_db()
    change = workflow.correct_cue(episode, cue.pk, **said, at_once=True)
    workflow.replace_transcript(episode, reading("The brain clears waste at night."), at_once=True)
    rows.check(correct_the_transcript)
    workflow.discard_correction(Episode.objects.get(pk=episode.pk), change)


@step("save_topic", "assign_topics")
def change_topics(rows):
    rows.topic.title = "Nights"
    workflow.save_topic(rows.topic, ["title"])
    rows.check(change_topics)
    workflow.assign_topics(article("dawn"), [rows.topic], by=rows.moderator)
    rows.check(change_topics)
    workflow.assign_topics(article(), [], by=rows.moderator)


@step("delete_topics")
def delete_a_topic(rows):
    topic = Topic.objects.create(slug="forgotten", title="Forgotten")
    rows.check(delete_a_topic)
    workflow.delete_topics(Topic.objects.filter(pk=topic.pk))


@step("delete_recordings")
def delete_an_episode(rows):
    episode = make_episode("forgotten")
    rows.check(delete_an_episode)
    workflow.delete_recordings(Episode.objects.filter(pk=episode.pk))


@step("issue_password", "replace_password")
def set_passwords(rows):
    account = make_user("forgetful")
    workflow.issue_password(account, by=rows.moderator)
    workflow.replace_password(account)


@step("save_profile", "take_profile_down", "delete_profiles", "change_accounts")
def change_profiles(rows):
    rows.profile.name = "Inés Alba Ruiz"
    workflow.save_profile(rows.profile, by=rows.moderator)
    rows.check(change_profiles)
    workflow.take_profile_down(rows.profile, by=make_user("chief", groups=("Administrators",)))
    rows.profile.is_public = True
    workflow.save_profile(rows.profile, by=rows.moderator)
    rows.check(change_profiles)
    workflow.delete_profiles(Profile.objects.filter(pk=rows.profile.pk))
    rows.check(change_profiles)
    rows.profile.pk = None
    workflow.save_profile(rows.profile, by=rows.moderator)


@step("change_rank", "confirm_rank", "reject_rank", "deactivate", "Rank")
def change_ranks(rows):
    first, second = (make_user(f"chief-{name}", groups=("Administrators",)) for name in "ab")
    for decide in (workflow.reject_rank, workflow.confirm_rank):
        proposed = workflow.change_rank(make_user(f"rising-{decide.__name__}"), workflow.Rank(("Administrators",), is_staff=True, is_active=True), by=first)  # fmt: skip
        if proposed.outcome == "waiting":
            decide(proposed, by=second)
    workflow.deactivate(rows.moderator, by=first)
    rows.moderator = make_user("other-moderator", groups=("Moderators",))


@step()
def answer_a_reader_in_public(rows):
    seen = article().published_revision
    request = correction_requests.receive(seen, "He says eight hours.", sender="exact", claim="It takes hours.")
    alike = correction_requests.receive(seen, "It is eight hours.", sender="alike", claim="It takes hours.")
    workflow.publish(approved(rows, lead="Corrected."), by=rows.moderator)
    answer = {"by": rows.moderator, "outcome": "corrected", "corrected_in": article().published_revision}
    correction_requests.answer(alike, **answer)
    rows.check(answer_a_reader_in_public)
    correction_requests.answer(request, **answer, answer="He does say eight hours.", audience="public")


@step("protect", "release")
def protect(rows):
    chief = make_user("protector", groups=("Administrators",))
    workflow.protect(article(), by=chief, reason="Too many hands.")
    workflow.release(article(), by=chief)


@step("approve_again")
def approve_again(rows):
    revision = approved(rows, lead="Approved, then the recording changes.")
    episode = Episode.objects.get(pk=rows.episode.pk)
    episode.duration_seconds += 10
    workflow.save_episode(episode, ["duration_seconds"], at_once=True)
    workflow.publish(workflow.approve_again(revision, by=rows.moderator), by=rows.moderator)


@step("discard_versions")
def discard_versions(rows):
    workflow.discard_versions(rows.draft, by=rows.draft.author)


@step("discard")
def discard_a_draft(rows):
    published = article().published_revision
    by = make_user("discarder")
    draft = workflow.start_draft(article(), content_of(published), by=by, base=published)
    workflow.discard(draft, by=by, version=draft.version)


@step("share", "revoke")
def share_a_draft(rows):
    link, _ = workflow.share(rows.draft, by=rows.draft.author, days=1)
    workflow.revoke(link, by=rows.draft.author)


@step("unpublish")
def unpublish(rows):
    workflow.unpublish(article("dawn"), by=rows.moderator, reason="Wrong.")


@step("erase", "redact")
def erase(rows):
    root = make_user("eraser", is_superuser=True)
    earlier = (
        article().revision_set.filter(status="approved").exclude(pk=article().published_revision_id).earliest("number")
    )
    workflow.erase(earlier, by=root, reason="A court says so.")
    assert not StoredResponse.objects.exists()
    for quotation in Quotation.objects.filter(redacted_at=None).exclude(kind=Quotation.Kind.REVISION):
        workflow.redact(quotation, by=root)


@step("suppress_name")
def suppress_a_name(rows):
    workflow.suppress_name("moderator", by=make_user("withholder", is_superuser=True))
    assert not StoredResponse.objects.exists()


@step()
def rebuild(rows):
    call_command("rebuild", verbosity=0)
    call_command("rebuild_search", verbosity=0)
    call_command("check_citations", verbosity=0)


@step()
def rename_by_hand(rows):
    Show.objects.update(title="Renamed by hand")


def test_every_writer_of_the_workflow_is_used():
    exported = {name for name, value in vars(workflow).items() if callable(value) and not name.startswith("_")}
    writers = {name for name in exported if not (isinstance(getattr(workflow, name), type) and name != "Rank")}

    assert writers - NO_WRITERS == {name for _, names in STEPS for name in names}


def test_stored_responses_are_what_would_be_rendered():
    """All steps are done twice: what the next one outdates anyway, as the first time has shown, isn't rendered before it."""
    outdated, wrong, scopes, visits = _outdated_by_each_step(), {}, {}, 0
    rows, numbers = _site(), _numbers()

    def check(step):
        nonlocal numbers, visits
        before, numbers = numbers, _numbers()
        assert _changed(before, numbers) == outdated[visits], step.__name__  # otherwise too little would be asked for
        visits += 1
        coming = outdated[visits] if visits < len(outdated) else set()
        addresses = [path for path in stored_addresses(rows, article()) if scopes.get(path) not in coming]
        seen, were_stored = visited(addresses)
        scopes.update(scopes_of(addresses))
        # What was rendered for this visitor is compared once it comes from the store.
        now = rendered(were_stored)
        if differing := sorted(path for path in were_stored if seen[path] != now[path]):
            wrong[step.__name__] = differing
        return were_stored

    _do_all(rows, check)
    were_stored = check(check)  # also what was rendered for the last visitor

    assert wrong == {}
    assert len(were_stored) > 50
    assert StoredResponse.objects.count() > 50


def _site():
    """Return the rows of the full site in an empty database."""
    template.restore(lambda: call_command("flush", verbosity=0, interactive=False))
    rows = SimpleNamespace(**vars(template.filled(make_everything)), moderator=None)
    rows.moderator = rows.profile.user
    return rows


def _do_all(rows, check):
    rows.check = check
    check(check)
    for run, _ in STEPS:
        run(rows)
        check(run)


def _outdated_by_each_step():
    """Return, for each check of the steps and for one more, the scopes whose responses were outdated since the one before."""
    rows = _site()
    seen = [_numbers()]
    _do_all(rows, lambda step: seen.append(_numbers()))
    return [_changed(*pair) for pair in pairwise(seen)] + [set()]


def _numbers():
    return dict(PublicVersion.objects.values_list("scope", "number"))


def _changed(before, after):
    return {scope for scope, number in after.items() if number != before.get(scope)}
