import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.review.context.issues import issues_of
from articles.core.diff import Run
from articles.importing import import_transcript
from articles.models import Cue, Dismissal, Episode, LogEntry, Review, Revision, Source
from articles.views.diff import runs_to_show
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)
from tests.support.scenarios.reviewing import acts_of, decide, page_of, sections_of

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/revision/"


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    episode = make_episode(chapters=[(0, "Opening"), (600, "The second hour")], youtube_id="abcdefghijk")
    sections = (
        SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]."),
        SectionContent("Two processes", "Pressure grows. A gate opens."),
        SectionContent("What helps", "Regular hours help."),
    )
    return make_published(by=editor, moderator=moderator, episode=episode, sections=sections)


@shared
def change(article, editor):
    """Changes the timestamp of one citation and the text of another section."""
    return make_change(
        article,
        by=editor,
        sections=sections_of(
            article,
            Why_we_sleep="The brain clears waste at night [00:11:31].",
            What_helps="Regular <b>hours</b> & a dark room help.",
        ),
    )


# Content ------------------------------------------------------------------------------------------


def test_review_page_shows_changes_riskiest_first_with_both_timestamps(change, moderator):
    response = logged_in(moderator).get(page_of(change))

    shown = response.context["shown"]
    assert [(entry.tags, entry.where) for entry in shown.changes] == [
        ([("timestamp changed", True)], "Why we sleep"),
        ([("wording", False)], "What helps"),
    ]
    [(before, after)] = shown.changes[0].moments
    assert (before.label, before.chapter, before.href) == (
        "06:31",
        "Opening",
        "https://www.youtube.com/watch?v=abcdefghijk&t=391s",
    )
    assert (after.label, after.chapter, after.href) == (
        "11:31",
        "The second hour",
        "https://www.youtube.com/watch?v=abcdefghijk&t=691s",
    )
    assert shown.tally == [("timestamp changed", 1), ("wording", 1)]
    assert "Said more exactly." in response.text


def test_review_page_marks_additions_and_removals_in_words_and_escapes_them(change, moderator):
    text = logged_in(moderator).get(page_of(change)).text

    assert '<del><span class="visually-hidden">removed: </span>[00:06:31]</del>' in text
    assert '<ins><span class="visually-hidden">added: </span>[00:11:31]</ins>' in text
    assert "&lt;b&gt;" in text
    assert "<b>hours</b>" not in text


def test_review_page_folds_unchanged_sections(change, moderator):
    sections = logged_in(moderator).get(page_of(change)).context["shown"].sections

    assert [type(entry).__name__ for entry in sections] == ["Fold", "ShownSection", "Fold", "ShownSection"]
    assert [entry.heading[0].text for entry in sections[2].sections] == ["Two processes"]


def test_review_page_of_a_new_article_lists_its_claims(editor, moderator):
    episode = make_episode(chapters=[(0, "Opening")])
    draft = workflow.submit(make_draft(by=editor, episode=episode), by=editor)

    response = logged_in(moderator).get(page_of(draft))

    [citation] = response.context["citations"]
    assert (citation.claim, citation.moment.label, citation.moment.chapter) == (
        "The brain clears waste at night.",
        "06:31",
        "Opening",
    )
    assert response.context["shown"] is None
    assert "New article: 1 citation to check" in response.text


UNSAFE = "Take 50 mg daily. ![](/media/uploads/a.webp)"


def test_review_page_lists_all_issues_that_the_editor_lists_worst_first(editor, moderator):
    sections = (SectionContent("Why we sleep", f"At night.\n\nIt clears [00:06:71].\n\n{UNSAFE}"),)
    draft = workflow.submit(make_draft(by=editor, episode=make_episode(), sections=sections), by=editor)
    client = logged_in(moderator)

    page = client.get(page_of(draft))

    dose, mark, alt = page.context["issues"].new
    assert (dose.issue.code, mark.issue.code, alt.issue.code) == ("uncited-dose", "malformed", "missing-alt")
    assert (mark.place, mark.issue.line, mark.issue.column) == ("Why we sleep", 3, 11)
    assert mark.message == "Seconds go from 00 to 59; “00:06:71” has 71."
    assert "Uncited dose or percentage" in page.text
    assert "1 invalid timestamp" in client.get(LIST).text
    editors = logged_in(editor).get(reverse("admin:articles_article_change", args=[draft.article_id]))
    assert "3 issues" in " ".join(editors.text.split())


def test_issues_of_the_published_text_come_last_and_dismissed_ones_not_at_all(editor, moderator):
    sections = (SectionContent("Part", f"Said [00:00:10]. {UNSAFE}"),)
    article = make_published(by=editor, moderator=moderator, episode=make_episode(), sections=sections)
    published = article.published_revision
    change = make_change(article, by=editor, sections=sections_of(article, Part=f"Said [00:06:71]. {UNSAFE}"))
    [dose] = published.lintissue_set.filter(code="uncited-dose")

    issues = issues_of(change)
    assert [found.issue.code for found in issues.new] == ["malformed"]
    assert [found.issue.code for found in issues.earlier] == ["uncited-dose", "missing-alt"]
    assert "2 issues that the published text has, too" in logged_in(moderator).get(page_of(change)).text
    assert issues_of(published).earlier == []

    Dismissal.objects.create(article=article, code=dose.code, subject=dose.subject, by=editor, at=timezone.now())
    assert [found.issue.code for found in issues_of(change).earlier] == ["missing-alt"]


def test_review_page_shows_the_log(change, moderator):
    workflow.request_changes(change, by=moderator, comment="Which study says so?")

    text = logged_in(moderator).get(page_of(change)).text

    assert "<b>moderator</b> requested changes: " in text
    assert "Which study says so?" in text


def test_reading_the_review_page_changes_nothing(change, moderator):
    client = logged_in(moderator)
    before = Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()

    client.get(page_of(change))
    client.get(reverse("admin:articles_revision_preview", args=[change.pk]))
    refused = client.get(reverse("admin:articles_revision_decide", args=[change.pk]))

    assert refused.status_code == 405
    assert client.post(page_of(change)).status_code == 405
    assert (Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()) == before


def test_the_page_says_whose_transcripts_publishing_makes_public(editor, moderator):
    """An editor can permit that alone for a recording that nothing relies on yet."""
    known, new, closed = (make_episode(slug, title=f"Talk {slug}") for slug in ("known", "new", "closed"))
    for episode in (known, new, closed):
        import_transcript(episode, b"00:00:04 Let us talk.")
    Episode.objects.filter(pk__in=[known.pk, new.pk]).update(allows_transcript=True)
    make_published("other", by=editor, moderator=moderator, episode=known)
    draft = make_draft("fresh", by=editor, episode=known)
    Source.objects.bulk_create(
        Source(revision=draft, episode=episode, key=key, position=position)
        for position, (key, episode) in enumerate([("e2", new), ("e3", closed)], 1)
    )
    Revision.objects.filter(pk=draft.pk).update(status="submitted", submitted_at=timezone.now())
    client = logged_in(moderator)

    told = re.findall(
        r'Publishing also makes the whole transcript of <a href="(.*?)">(.*?)</a>', client.get(page_of(draft)).text
    )

    assert told == [(reverse("admin:articles_episode_transcript", args=[new.pk]), "Talk new")]
    make_published("third", by=editor, moderator=moderator, episode=new)
    assert "Publishing also makes" not in client.get(page_of(draft)).text


def test_a_draft_opens_in_the_editor(editor):
    draft = make_draft(by=editor)

    response = logged_in(editor).get(page_of(draft))

    assert response.status_code == 302
    assert response.url == f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}"


def test_preview_shows_editors_the_public_page(change, editor):
    response = logged_in(editor).get(reverse("admin:articles_revision_preview", args=[change.pk]))

    assert f'data-article="sleep" data-revision="{change.number}"' in response.text
    assert "Preview of revision 2 (submitted). Readers can’t see it." in response.text
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_preview_names_the_writers_that_the_page_will_have(editor):
    draft = make_draft("naps", by=editor)

    response = logged_in(editor).get(reverse("admin:articles_revision_preview", args=[draft.pk]))

    assert "<dt>Written</dt><dd>by editor</dd>" in response.text
    assert "author not recorded" not in response.text


def test_no_link_of_a_preview_leads_to_a_page_that_is_missing(change, editor):
    draft = make_draft(
        "naps", by=editor, sections=(SectionContent("Why", "Rest [00:06:31]."),), episode=make_episode("naps")
    )
    client = logged_in(editor)

    for revision, links in ((draft, 0), (change, 3)):
        text = client.get(reverse("admin:articles_revision_preview", args=[revision.pk])).text
        assert "Suggest a correction" in text
        own = {unescape(link) for link in re.findall(rf'href="(/articles/{revision.article.slug}/[^"#]*)', text)}
        assert len(own) >= links, own
        assert {link: client.get(link).status_code for link in own if client.get(link).status_code != 200} == {}


def test_the_preview_of_the_published_text_is_its_page(article, editor):
    response = logged_in(editor).get(reverse("admin:articles_revision_preview", args=[article.published_revision_id]))

    assert "This is revision 1, the published text." in response.text
    assert "Not reviewed" not in response.text


# Permissions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["change", "preview"])
def test_unpublished_revisions_need_the_permission_to_edit(change, client, name):
    address = reverse(f"admin:articles_revision_{name}", args=[change.pk])
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.set(Permission.objects.filter(codename="view_revision"))

    assert client.get(address).url == f"/admin/login/?next={address}"
    assert logged_in(make_user("nobody", groups=())).get(address).status_code == 403
    assert logged_in(viewer).get(address).status_code == 404


def test_a_viewer_compares_a_published_text_only_with_published_ones(article, change, moderator):
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.set(Permission.objects.filter(codename="view_revision"))
    published = page_of(article.published_revision)

    assert logged_in(viewer).get(published).status_code == 200
    hidden = logged_in(viewer).get(f"{published}?against={change.number}")
    missing = logged_in(viewer).get(f"{published}?against=99")
    assert [hidden.status_code, missing.status_code] == [404, 404]
    said = "This article has no revision {}. These are the citations of the whole text instead. Choose any two texts in the"
    for response, number in ((hidden, change.number), (missing, 99)):
        assert [str(message).split(" <a ")[0] for message in response.context["messages"]] == [said.format(number)]
        assert response.context["other"] is None
    assert logged_in(moderator).get(f"{published}?against={change.number}").status_code == 200


def test_a_revision_that_is_not_there_leads_to_the_usual_comparison_and_keeps_what_was_typed(change, moderator):
    address = f"{page_of(change)}?against=99"
    client = logged_in(moderator)

    shown = client.get(address)
    refused = decide(client, change, "reject", comment="  ", back=address, public_note="Half written")

    for response, status in ((shown, 404), (refused, 409)):
        assert (response.status_code, response.context["other"]) == (status, change.target)
        assert (
            "This article has no revision 99. This is the comparison with revision 1 instead. Choose any two texts in the "
            f'<a href="/admin/articles/article/{change.article_id}/history/">history</a>.'
        ) in response.text
    assert 'value="Half written"' in refused.text


@pytest.mark.parametrize("against", ["", "1", "2", "3", "4"])
def test_a_restored_text_can_be_compared_with_any_revision(article, change, editor, moderator, against):
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    client = logged_in(editor)
    client.post(reverse("admin:articles_article_restore", args=[article.pk]), {"number": 1})
    restored = Revision.objects.get(number=3)
    workflow.submit(restored, by=editor)

    response = logged_in(moderator).get(f"{page_of(restored)}?against={against}")

    assert response.status_code == (404 if against == "4" else 200)


def test_the_page_says_what_the_revision_replaces(article, change, editor, moderator):
    """Also of one that was overtaken, and once it has replaced it."""
    client = logged_in(moderator)
    overtaking = make_change(article, by=make_user("second"), title="Sleep at night")

    assert "Compared with revision 1, the published text, which it would replace." in client.get(page_of(change)).text
    decide(client, overtaking, "approve_and_publish")
    assert "Compared with revision 1, which it was to replace." in client.get(page_of(change)).text
    assert "Compared with revision 1, which it replaced." in client.get(page_of(overtaking)).text


def test_guessed_ids_are_not_found(moderator):
    client = logged_in(moderator)

    assert client.get("/admin/articles/revision/999/change/").status_code == 404
    assert client.get("/admin/articles/revision/x/change/").status_code == 404
    assert client.post("/admin/articles/revision/999/decide/", {"act": "approve"}).status_code == 404


def test_moderator_is_offered_the_decision(change, moderator):
    assert acts_of(logged_in(moderator).get(page_of(change))) == [
        "approve_and_publish",
        "approve",
        "request_changes",
        "reject",
    ]


def test_author_can_only_withdraw(change, editor):
    response = logged_in(editor).get(page_of(change))

    assert acts_of(response) == ["withdraw"]
    assert response.context["available"].notes == ["In review. It can’t be edited until a moderator decides."]


def test_another_editor_is_offered_nothing(change):
    assert acts_of(logged_in(make_user("other")).get(page_of(change))) == []


def test_moderator_who_contributed_sees_why_approval_is_unavailable(article, moderator):
    own = make_change(article, by=moderator, title="Sleep at night")

    response = logged_in(moderator).get(page_of(own))

    assert acts_of(response) == ["request_changes", "reject", "withdraw"]
    assert "You contributed to this revision, so someone else has to approve it." in response.text


@pytest.mark.parametrize("act", ["approve_and_publish", "approve", "request_changes", "reject", "publish"])
def test_editor_cannot_decide(change, act):
    other = make_user("other")

    response = decide(logged_in(other), change, act, comment="I say so.")

    change.refresh_from_db()
    assert response.status_code == 403
    assert change.status == "submitted"
    assert change.article.published_revision.number == 1


def test_editor_cannot_unpublish(article):
    response = decide(logged_in(make_user("other")), article.published_revision, "unpublish", comment="I say so.")

    article.refresh_from_db()
    assert response.status_code == 403
    assert article.published_revision.number == 1


def test_moderator_who_contributed_cannot_approve(article, moderator):
    own = make_change(article, by=moderator, title="Sleep at night")

    response = decide(logged_in(moderator), own, "approve", comment="Fine.")

    assert response.status_code == 403
    assert response.context["form"].non_field_errors() == [
        "You contributed to this revision, so someone else has to approve it."
    ]
    assert not Review.objects.filter(revision=own).exists()


# Deciding -----------------------------------------------------------------------------------------


def test_approve_and_publish_makes_the_revision_public(change, moderator, client):
    response = decide(
        logged_in(moderator), change, "approve_and_publish", comment="Heard it.", public_note="Citation re-timed."
    )

    change.refresh_from_db()
    assert (response.status_code, response.url) == (302, "/admin/")
    assert messages_of(response) == ['Published: “Sleep”, revision 2. <a href="/articles/sleep/">View page</a>']
    assert change.article.published_revision == change
    assert change.public_note == "Citation re-timed."
    assert [(review.decision, review.comment) for review in change.review_set.all()] == [("approved", "Heard it.")]
    assert 'data-revision="2"' in client.get("/articles/sleep/").text


def test_approved_is_published_later(change, moderator):
    client = logged_in(moderator)

    decide(client, change, "approve")
    available = acts_of(client.get(page_of(change)))
    decide(client, change, "publish", public_note="Later.")

    change.refresh_from_db()
    assert available == ["publish"]
    assert change.article.published_revision == change
    assert change.public_note == "Later."


@pytest.mark.parametrize(("act", "status"), [("request_changes", "changes_requested"), ("reject", "rejected")])
def test_requesting_changes_and_rejecting_record_the_reason(change, moderator, act, status):
    response = decide(logged_in(moderator), change, act, comment="Which study?")

    change.refresh_from_db()
    assert response.status_code == 302
    assert (change.status, change.review_set.get().comment) == (status, "Which study?")
    assert change.article.published_revision.number == 1


@pytest.mark.parametrize(
    ("act", "message"),
    [
        ("request_changes", "Tell the author what to change."),
        ("reject", "Give the author a reason."),
    ],
)
def test_a_missing_reason_is_refused_and_input_kept(change, moderator, act, message):
    response = decide(logged_in(moderator), change, act, comment="  ", public_note="Half written")

    change.refresh_from_db()
    assert (response.status_code, change.status) == (409, "submitted")
    assert response.context["form"].non_field_errors() == [message]
    assert 'value="Half written"' in response.text


def test_the_second_moderator_sees_who_decided_first(change, moderator):
    workflow.reject(change, by=moderator, comment="Not cited.")
    at = timezone.localtime(LogEntry.objects.last().at).strftime("%H:%M on %d %b %Y")

    response = decide(logged_in(make_moderator("second")), change, "approve_and_publish", comment="Heard all of it.")

    assert response.status_code == 409
    assert response.context["form"].non_field_errors() == [
        f"Revision 2 was rejected (moderator, {at}): this is no longer possible."
    ]
    assert "Heard all of it.</textarea>" in response.text


def test_a_decision_sent_twice_happens_once(change, moderator):
    client = logged_in(moderator)

    first = decide(client, change, "approve_and_publish")
    second = decide(client, change, "approve_and_publish")

    assert (first.status_code, second.status_code) == (302, 409)
    assert Review.objects.filter(revision=change).count() == 1


def test_outdated_revisions_cannot_be_approved(article, change, moderator):
    faster = make_change(article, by=make_user("faster"), title="Sleep at night")
    workflow.publish(workflow.approve(faster, by=moderator), by=moderator)
    client = logged_in(moderator)

    available = client.get(page_of(change)).context["available"]
    response = decide(client, change, "approve_and_publish")

    change.refresh_from_db()
    assert [act.name for act in available.buttons] == ["request_changes", "reject"]
    [note] = available.notes
    assert note == "Outdated: revision 3 has been published since. Update this revision before publishing it."
    assert (response.status_code, change.status, change.review_set.count()) == (409, "submitted", 0)


def test_author_withdraws_and_continues_in_the_editor(change, editor):
    response = decide(logged_in(editor), change, "withdraw")

    change.refresh_from_db()
    assert change.status == "withdrawn"
    assert response.url == f"/admin/articles/article/{change.article_id}/change/?revision={change.pk}"


def test_unpublishing_records_a_reason(article, moderator, client):
    published = article.published_revision
    reviewer = logged_in(moderator)

    refused = decide(reviewer, published, "unpublish", comment="")
    done = decide(reviewer, published, "unpublish", comment="The recording was withdrawn.")

    article.refresh_from_db()
    assert (refused.status_code, done.status_code) == (409, 302)
    assert article.published_revision is None
    assert LogEntry.objects.last().note == "The recording was withdrawn."
    assert client.get("/articles/sleep/").status_code == 410


def test_unpublishing_applies_only_to_the_revision_that_the_page_showed(article, change, moderator):
    seen = article.published_revision
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)

    response = decide(logged_in(moderator), seen, "unpublish", comment="Wrong.")

    article.refresh_from_db()
    assert response.status_code == 409
    assert article.published_revision == change


def test_unknown_actions_and_too_long_comments_are_refused(change, moderator):
    client = logged_in(moderator)

    long = decide(client, change, "reject", comment="x" * 5001)

    assert decide(client, change, "delete").status_code == 404
    assert long.status_code == 400
    assert "x" * 5001 in long.text


# Lists and query counts ---------------------------------------------------------------------------


def test_list_shows_moderators_the_oldest_submissions_first(article, moderator):
    first = make_change(article, by=make_user("ada"), title="Sleep, first")
    second = make_change(article, by=make_user("ben"), title="Sleep, second")

    listed = list(logged_in(moderator).get(LIST).context["cl"].result_list)

    assert listed == [first, second]


def test_editors_see_all_revisions_newest_first(change, article, editor):
    listed = list(logged_in(editor).get(LIST).context["cl"].result_list)

    assert listed == [change, article.published_revision]


@pytest.mark.parametrize(("status", "numbers"), [("all", [2, 1]), ("public", [1]), ("approved", [1]), ("x", [2, 1])])
def test_status_filter(change, moderator, status, numbers):
    listed = logged_in(moderator).get(LIST, {"status": status}).context["cl"].result_list

    assert [revision.number for revision in listed] == numbers


@pytest.mark.parametrize("count", [1, 3])
def test_queue_queries(article, moderator, django_assert_num_queries, count):
    for number in range(count):
        make_change(article, by=make_user(f"editor-{number}"), title=f"Sleep {number}")
    client = logged_in(moderator)

    with django_assert_num_queries(8):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_review_page_queries(editor, moderator, django_assert_num_queries, count):
    episode = make_episode(chapters=[(60 * number, f"Part {number}") for number in range(count)])
    sections = tuple(SectionContent(f"Part {n}", f"Said [00:0{n}:10].") for n in range(count))
    article = make_published(by=editor, moderator=moderator, episode=episode, sections=sections)
    bodies = {f"Part_{n}": f"Said [00:0{n}:40] and [00:0{n}:71]." for n in range(count)}
    change = make_change(article, by=editor, sections=sections_of(article, **bodies))
    client = logged_in(moderator)

    # Seven load the citation statuses: the rows, and three for the confirmations and dismissals of each text. Four look
    # for an issue of all citations of a recording, because a mark of the text is invalid.
    with django_assert_num_queries(41):
        client.get(page_of(change))


@pytest.mark.parametrize("count", [1, 3])
def test_review_page_of_a_new_article_queries(editor, moderator, django_assert_num_queries, count):
    sections = tuple(SectionContent(f"Part {n}", f"Said [00:0{n}:10].") for n in range(count))
    draft = workflow.submit(make_draft(by=editor, episode=make_episode(), sections=sections), by=editor)
    client = logged_in(moderator)

    # Three of them load confirmations and dismissals.
    with django_assert_num_queries(33):
        client.get(page_of(draft))


# Runs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        (
            [Run("equal", "a "), Run("insert", " b ")],
            [("equal", "a "), ("equal", " "), ("insert", "b"), ("equal", " ")],
        ),
        ([Run("insert", "\n\n")], [("insert", "¶"), ("equal", "\n\n")]),
        ([Run("delete", "\n\n")], [("delete", "¶")]),
        ([Run("delete", " ")], [("delete", " ")]),
        ([Run("delete", "x"), Run("insert", "y")], [("delete", "x"), ("insert", "y")]),
    ],
)
def test_runs_to_show_keep_white_space_outside_the_marks(runs, shown):
    assert [(run.op, run.text) for run in runs_to_show(runs)] == shown


def test_the_page_of_a_revision_without_sections_or_sources_opens(editor, moderator):
    draft = workflow.create_article(make_content(sections=(), lead="Only a lead."), by=editor)
    workflow.submit(draft, by=editor)

    assert logged_in(moderator).get(page_of(draft)).status_code == 200


def test_the_page_shows_what_a_writer_corrected_in_the_transcript_before_submitting(editor, moderator):
    episode = make_episode("corrected")
    said = "At night the train leaves its place."
    import_transcript(episode, f"00:06:31 {said}\n00:06:40 Yes.\n00:50:00 Good bye.".encode(), "words.txt")
    episode.refresh_from_db()
    for second, text in ((391, "At night the brain cleans."), (3000, "Bye.")):
        cue = Cue.objects.get(episode=episode, start_seconds=second)
        workflow.correct_cue(episode, cue.pk, speaker="", text=text, expected=("", cue.text), by=editor)
    draft = make_draft("corrected-text", by=editor, episode=episode, lead="The brain cleans at night [00:06:31].")
    workflow.submit(draft, by=editor)

    response = logged_in(moderator).get(page_of(draft))

    shown = [change.before["cue"]["text"] for change, _ in response.context["recording_changes"]]
    assert shown == [said]  # not the one at a moment that the text doesn't cite
    assert said in response.content.decode()
