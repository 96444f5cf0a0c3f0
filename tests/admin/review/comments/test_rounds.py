"""A resubmitted revision: the open threads of the rounds before it are on its review page."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Comment
from articles.workflow.collaboration import comments
from articles.workflow.content import Content, SectionContent, content_of
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.scenarios.reviewing import decide, ids_of, make_ropes, page_of, sections_of

pytestmark = pytest.mark.django_db

CLAIM = "A rope of hemp holds 8 t [00:06:31]."


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    return make_ropes(by=editor, moderator=moderator)


@shared
def returned(article, editor, moderator):
    """A returned revision with open threads on its change, on another section and on the whole, and a resolved one."""
    body = f"Ropes are old. {CLAIM} They rot."
    change = make_change(article, by=editor, sections=sections_of(article, Ropes=body))
    [number] = ids_of(change)
    key = change.section_set.get(heading="Ropes").key
    comments.add(change, by=moderator, text="Who says 8 t?", change=number, section_key=key, quote=CLAIM)
    knots = change.section_set.get(heading="Knots").key
    comments.add(change, by=moderator, text="Say which knots.", section_key=knots, quote="Knots")
    comments.add(change, by=moderator, text="Nearly there.")
    settled = comments.add(change, by=moderator, text="A typing error.")
    comments.resolve(settled, by=editor)
    return workflow.request_changes(change, by=moderator, comment="One number is wrong.")


def resubmitted(revision, by, **bodies):
    content = content_of(revision)
    sections = [
        SectionContent(s.heading, bodies.get(s.heading, s.body), s.level, s.key) for s in content.sections
    ]  # fmt: skip
    draft = workflow.start_draft(
        revision.article, Content(**{**vars(content), "sections": tuple(sections)}), by=by, base=revision
    )
    return workflow.submit(draft, by=by)


def places(response):
    """{text of a thread: where the page shows it}."""
    shown = response.context["shown"]
    found = {thread.text: "change" for change in shown.changes for thread in change.threads}
    folded = [section for entry in shown.sections for section in getattr(entry, "sections", [entry])]
    found |= {thread.text: section.name for section in folded for thread in section.threads}
    return found | {thread.text: "apart" for thread in response.context["discussion"].apart}


OPEN = {"Who says 8 t?": "change", "Say which knots.": "Knots", "Nearly there.": "apart"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"Ropes are old. {CLAIM} They rot.", OPEN),
        ("Ropes are old. A rope of hemp holds 6 t [00:06:31]. They rot.", OPEN),
        ("Ropes are ancient. A rope holds 5 t [00:06:31]. They rot.", OPEN | {"Who says 8 t?": "Ropes"}),
    ],
)
def test_open_threads_of_earlier_rounds_are_where_they_belong(returned, editor, moderator, body, expected):
    again = resubmitted(returned, editor, Ropes=body)

    page = logged_in(moderator).get(page_of(again))

    assert places(page) == expected
    assert "3 open comments</a>" in page.text
    assert page.text.count(f">from revision {returned.number}</span>") == 3
    assert f"{page_of(returned)}#comment-" in page.text


def test_they_follow_through_any_number_of_rounds(returned, editor, moderator):
    second = resubmitted(returned, editor, Ropes="Ropes are old. A rope of hemp holds 6 t [00:06:31].")
    comments.add(second, by=moderator, text="And wet ones?")
    workflow.reject(second, by=moderator, comment="Still wrong.")

    third = resubmitted(second, editor, Ropes="Ropes are old. A rope of hemp holds 7 t [00:06:31].")

    assert places(logged_in(moderator).get(page_of(third))) == OPEN | {"And wet ones?": "apart"}


def test_they_are_answered_resolved_and_reopened_on_the_new_page(returned, editor, moderator):
    again = resubmitted(returned, editor, Ropes="Ropes are old. A rope of hemp holds 6 t [00:06:31].")
    thread = Comment.objects.get(text="Nearly there.")
    client = logged_in(moderator)
    page = {"revision": again.pk, "back": page_of(again)}

    client.post(reverse("admin:articles_comment_answer", args=[again.pk, thread.pk]), page | {"text": "Thank you."})
    client.post(reverse("admin:articles_comment_close", args=[again.pk, thread.pk, "resolve"]), page)
    resolved = client.get(page_of(again))
    thread.refresh_from_db()

    assert thread.resolved_by_name == "moderator"
    assert "Thank you." in resolved.text
    assert "Resolved by moderator" in resolved.text
    assert "2 open comments</a>" in resolved.text
    answer = client.post(reverse("admin:articles_comment_close", args=[again.pk, thread.pk, "reopen"]), page)
    thread.refresh_from_db()
    assert answer.url == f"{page_of(again)}#comment-{thread.pk}"
    assert thread.resolved_at is None


def test_a_contributor_to_the_continuation_resolves_threads_in_it_only(returned):
    other, outsider = make_user("other"), make_user("outsider")
    again = resubmitted(returned, other, Ropes="Ropes are old. A rope of hemp holds 6 t [00:06:31].")
    thread = Comment.objects.get(text="Nearly there.")

    def resolve(user, revision):
        return logged_in(user).post(reverse("admin:articles_comment_close", args=[revision.pk, thread.pk, "resolve"]))

    refusal = ["Only moderators and contributors to this revision can open and resolve threads on it."]
    assert messages_of(resolve(other, returned)) == refusal
    assert messages_of(resolve(outsider, again)) == refusal
    assert messages_of(resolve(other, again)) == []
    thread.refresh_from_db()
    assert thread.resolved_by_name == "other"


def test_threads_of_other_texts_stay_there(article, returned, editor, moderator):
    fresh = make_change(article, by=make_user("other"), lead="Other words.")
    thread = Comment.objects.get(text="Nearly there.")

    page = logged_in(moderator).get(page_of(fresh))
    answer = reverse("admin:articles_comment_answer", args=[fresh.pk, thread.pk])

    assert page.context["discussion"].threads == []
    assert logged_in(moderator).post(answer, {"text": "Hm."}).status_code == 404


def test_an_approved_text_ends_the_discussion(article, returned, editor, moderator):
    again = resubmitted(returned, editor, Ropes="Ropes are old. A rope of hemp holds 6 t [00:06:31].")
    workflow.approve(again, by=moderator)
    workflow.publish(again, by=moderator)

    later = make_change(Article.objects.get(pk=article.pk), by=editor, lead="Other words.")

    assert logged_in(moderator).get(page_of(later)).context["discussion"].threads == []


def test_an_earlier_comment_on_what_is_left_out_is_the_reason(returned, editor, moderator):
    bodies = {"Ropes": f"Ropes are old. {CLAIM} They rot.", "Knots": "Knots slip [00:08:44]."}
    again = resubmitted(returned, editor, **bodies)
    left_out = Comment.objects.get(text="Who says 8 t?").change
    accepted = [change for change in ids_of(again) if change != left_out]

    answer = decide(logged_in(moderator), again, "approve_and_publish", comment="", parts="1", accept=accepted)

    assert answer.status_code == 302
    assert again.review_set.get().comment == "Who says 8 t?"


@pytest.mark.parametrize("count", [1, 3])
def test_rounds_cost_two_queries_however_many_there_are(returned, editor, moderator, django_assert_num_queries, count):
    revision = returned
    for number in range(count):
        revision = resubmitted(revision, editor, Ropes=f"Ropes are old. A rope of hemp holds {number} t [00:06:31].")
        comments.add(revision, by=moderator, text=f"Really {number} t?")
        if number < count - 1:
            workflow.request_changes(revision, by=moderator, comment="No.")
    client = logged_in(moderator)

    with django_assert_num_queries(38):
        client.get(page_of(revision))


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_counts_the_open_threads_of_every_round(
    returned, editor, moderator, django_assert_num_queries, count
):
    latest = returned
    for number in range(count):
        latest = resubmitted(latest, editor, Knots="Bowline.")
        comments.add(latest, by=moderator, text="Still.")
        if number < count - 1:
            latest = workflow.request_changes(latest, by=moderator, comment="Again.")

    with django_assert_num_queries(2):
        numbers = comments.unresolved_numbers([latest])
    page = logged_in(moderator).get(reverse("admin:index"))

    assert numbers == {latest.pk: 3 + count}
    assert [row.comments for row in page.context["review_queue"]["queue"].rows] == [f"{3 + count} open comments"]
