"""What moderators can do besides approving a text unchanged: rebase it, accept part of it, override, protect."""

import pytest

from articles import workflow
from articles.core.revisions.merge import Written
from articles.models import Article, Revision
from articles.workflow.content import changes, content_of
from articles.workflow.history import audit_log, verification
from articles.workflow.transitions import MergeConflicts
from tests.support.factories import make_draft, make_episode, make_moderator, make_user
from tests.support.scenarios.moderation import SECTIONS, bodies, edited, make_pair, submitted

pytestmark = pytest.mark.django_db


# Outdated -----------------------------------------------------------------------------------------


def overtaken(revision, first, moderator):
    """Publish `first` before `revision`, and return that as it is then."""
    workflow.approve(first, by=moderator)
    workflow.publish(first, by=moderator)
    return Revision.objects.get(pk=revision.pk)


def test_an_outdated_draft_is_rebased_in_place():
    article, moderator = make_pair()
    base = article.published_revision
    first = submitted(article, "first", waste="The brain clears waste at night. It takes 7 hours [00:06:31].")
    second = make_user("second")
    draft = workflow.start_draft(
        article, edited(base, memory="Memory settles. It helps learning [00:08:44]."), by=second, base=base
    )
    draft = overtaken(draft, first, moderator)
    assert draft.is_outdated is True

    result = workflow.rebase(draft, by=second)

    assert result.pk == draft.pk
    assert bodies(result) == {
        "Waste": "The brain clears waste at night. It takes 7 hours [00:06:31].",
        "Memory": "Memory settles. It helps learning [00:08:44].",
    }
    assert Revision.objects.get(pk=draft.pk).is_outdated is False


def test_an_outdated_submitted_revision_is_replaced_by_the_merge():
    article, moderator = make_pair()
    first = submitted(article, "first", waste="Other words [00:06:31].")
    second = submitted(article, "second", memory="Other words, too [00:08:44].")
    second = overtaken(second, first, moderator)

    merged = workflow.rebase(second, by=moderator)

    assert Revision.objects.get(pk=second.pk).status == "withdrawn"
    assert bodies(second) == {"Waste": SECTIONS[0].body, "Memory": "Other words, too [00:08:44]."}
    assert (merged.status, merged.author_name, merged.number) == ("submitted", "second", 4)
    assert bodies(merged) == {"Waste": "Other words [00:06:31].", "Memory": "Other words, too [00:08:44]."}
    assert [c.user_name for c in merged.contributor_set.all()] == ["second"]
    workflow.approve(merged, by=moderator)
    workflow.publish(merged, by=moderator)
    assert Article.objects.get().published_revision == merged


def test_a_conflict_is_shown_and_never_resolved_silently():
    article, moderator = make_pair()
    first = submitted(article, "first", waste="It takes 7 hours [00:06:31].")
    second = submitted(article, "second", waste="It takes 9 hours [00:06:31].")
    second = overtaken(second, first, moderator)

    with pytest.raises(MergeConflicts) as caught:
        workflow.rebase(second, by=moderator)

    conflicts = caught.value.merge.conflicts
    assert "It takes 9 hours [00:06:31]." in conflicts[0].ours
    assert "It takes 7 hours [00:06:31]." in conflicts[0].theirs
    assert Revision.objects.get(pk=second.pk).status == "submitted"

    chosen = {conflict.id: Written("It takes 7 to 9 hours [00:06:31].") for conflict in conflicts[:1]}
    chosen |= {conflict.id: "ours" for conflict in conflicts[1:]}
    merged = workflow.rebase(second, by=moderator, choices=chosen)

    assert "It takes 7 to 9 hours [00:06:31]." in bodies(merged)["Waste"]
    with pytest.raises(workflow.NotAllowed):  # who chose has written a part of it
        workflow.approve(merged, by=moderator)


# In part ------------------------------------------------------------------------------------------


def test_a_part_is_published_and_the_rest_becomes_a_draft():
    article, moderator = make_pair()
    proposed = submitted(
        article,
        "author",
        waste="The brain clears waste at night. It takes 7 hours [00:06:31].",
        memory="Memory settles. It helps learning [00:08:44].",
    )
    found = changes.compare(proposed.target, proposed).changes
    [hours] = [change.id for change in found if "number or unit changed" in change.kinds]

    part, remainder = workflow.accept_in_part(proposed, [hours], by=moderator, comment="“May” was right.")

    assert bodies(part) == {
        "Waste": "The brain clears waste at night. It takes 7 hours [00:06:31].",
        "Memory": SECTIONS[1].body,
    }
    assert Article.objects.get().published_revision == part
    assert (part.author_name, part.review_set.get().by_name) == ("author", "second-moderator")
    remainder = Revision.objects.get(pk=remainder.pk)
    assert (remainder.status, remainder.author_name, remainder.is_outdated) == ("draft", "author", False)
    assert bodies(remainder) == bodies(proposed)
    workflow.save_draft(remainder, content_of(remainder), by=remainder.author, version=remainder.version)
    assert Revision.objects.get(pk=proposed.pk).status == "changes_requested"
    assert proposed.review_set.get().comment == "“May” was right."
    assert audit_log.verify(Article.objects.get()) is None


def test_accepting_an_unknown_change_is_refused():
    article, moderator = make_pair()
    proposed = submitted(article, "author", waste="Other words [00:06:31].")

    with pytest.raises(workflow.InvalidTransition, match="No such change"):
        workflow.accept_in_part(proposed, ["nothing"], by=moderator, comment="Why.")

    assert Revision.objects.get(pk=proposed.pk).status == "submitted"


# Four eyes ----------------------------------------------------------------------------------------


def test_an_override_is_marked_and_awaits_a_later_review():
    draft = make_draft(by=make_user("root", is_superuser=True))
    workflow.submit(draft, by=draft.author)

    workflow.approve(draft, by=draft.author, override_reason="A wrong dose was public.")
    workflow.publish(draft, by=draft.author)

    review = draft.review_set.get()
    assert (review.is_override, review.comment) == (True, "A wrong dose was public.")
    assert list(Revision.objects.awaiting_review()) == [draft]
    with pytest.raises(workflow.NotAllowed):
        workflow.confirm(draft, by=draft.author)
    workflow.confirm(draft, by=make_moderator())
    assert not Revision.objects.awaiting_review().exists()


def test_a_second_override_awaits_a_review_of_its_own():
    root, episode = make_user("root", is_superuser=True), make_episode()
    draft = make_draft(by=root, episode=episode)
    workflow.submit(draft, by=root)
    workflow.publish(workflow.approve(draft, by=root, override_reason="A wrong dose was public."), by=root)
    workflow.confirm(draft, by=make_moderator())
    workflow.unpublish(draft.article, by=root, reason="Wrong title.")
    episode.title = "Another title"
    workflow.save_episode(episode, ["title"], by=root, at_once=True)

    workflow.publish(workflow.approve_again(draft, by=root, override_reason="It is urgent."), by=root)

    assert list(Revision.objects.awaiting_review()) == [draft]
    assert list(verification.verify()) == []
    workflow.confirm(draft, by=make_moderator("other-moderator"))
    assert list(verification.verify()) == []


def test_one_person_can_run_a_site_where_the_rule_is_off(settings):
    settings.FOUR_EYES = False
    owner = make_user("owner", groups=("Editors", "Moderators"))
    draft = make_draft(by=owner)
    workflow.submit(draft, by=owner)

    workflow.approve(draft, by=owner)

    assert Revision.objects.get().status == "approved"


# Protection ---------------------------------------------------------------------------------------


def test_only_moderators_edit_a_protected_article():
    article, moderator = make_pair()
    editor = make_user("third")
    base = article.published_revision
    workflow.protect(article, by=moderator, reason="Too many hands.")
    article.refresh_from_db()

    with pytest.raises(workflow.NotAllowed, match="This article is protected"):
        workflow.start_draft(article, edited(base), by=editor, base=base)
    workflow.release(article, by=moderator)
    article.refresh_from_db()
    assert workflow.start_draft(article, edited(base), by=editor, base=base)
