import json
import re

import pytest
from django.contrib.admin.models import LogEntry as AdminEntry
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.models import Article, Contributor, LogEntry, Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_content, make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/articles/article/autosave/"
SECTIONS = (SectionContent("Why we sleep", "The brain clears waste at night."), SectionContent("What helps", "Hours."))


@pytest.fixture
def typing(client, editor):
    """A client logged in as the editor."""
    client.force_login(editor)
    return client


def fields(revision=None, *, sections=None, **changes):
    """The data that the screen submits: the form as loaded from `revision`, with `changes`."""
    values = {"title": "Sleep", "slug": "sleep", "lead": "", "notice": "none", "edit_summary": "", "episode_key": "e1"}
    held = []
    if revision is not None:
        content = content_of(revision)
        values |= {"title": content.title, "slug": content.slug, "lead": content.lead}
        values |= {
            "article": revision.article_id,
            "loaded_revision": revision.pk,
            "loaded_version": revision.version,
            "loaded_as": "draft" if revision.is_draft else "base",
        }
        held = [(section.key, section.heading, section.body) for section in content.sections]
    held = sections if sections is not None else held
    values |= {"sources-TOTAL_FORMS": 0, "sources-INITIAL_FORMS": 0}
    values |= {"sections-TOTAL_FORMS": len(held), "sections-INITIAL_FORMS": 0}
    for index, (key, heading, body) in enumerate(held):
        of_section = {"key": key or "", "heading": heading, "body": body, "level": 1, "ORDER": index + 1}
        values |= {f"sections-{index}-{name}": value for name, value in of_section.items()}
    return values | changes


def without_tokens(html):
    """HTML without the tokens against forged requests, which differ in each response."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", html)


def autosave(client, values):
    response = client.post(ADDRESS, values)
    answer = json.loads(response.content)
    if "trail" in answer:
        answer["trail"] = without_tokens(answer["trail"])
    return response.status_code, answer


def sources_of(revision):
    return [(source.key, source.episode.slug) for source in content_of(revision).sources]


def test_text_is_saved_over_the_version_it_was_loaded_from(typing, editor):
    draft = make_draft(by=editor, sections=SECTIONS)
    saves = []
    for number in range(3):
        draft.refresh_from_db()
        saves.append(autosave(typing, fields(draft, lead=f"Typed {number}.")))

    draft.refresh_from_db()
    keys = [str(section.key) for section in draft.section_set.all()]
    assert saves[2] == (
        200,
        {
            "article": draft.article_id,
            "revision": draft.pk,
            "number": 1,
            "version": 4,
            "address": f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}",
            "title": "Sleep",
            "heading": "Edit “Sleep”",
            "saved_at": draft.saved_at.strftime("%H:%M"),
            "keys": {"sections-0": keys[0], "sections-1": keys[1]},
            "notes": {},
            "slug_note": "",
            "texts": {},
            "reopened": 0,
        },
    )
    assert (draft.lead, draft.version) == ("Typed 2.", 4)


def test_first_save_of_a_draft_says_where_the_text_is_now(typing):
    status, answer = autosave(typing, fields(title="Naps & rest", slug="naps"))

    draft = Revision.objects.get()
    address = f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}"
    assert (status, answer["title"], answer["heading"]) == (200, "Naps & rest", "Edit “Naps & rest”")
    assert "<span data-title>Naps &amp; rest</span> ›\n  draft" in answer["trail"]
    assert f'name="back" value="{address}"' in answer["trail"]
    page = typing.get(address).text
    assert answer["trail"].strip() in without_tokens(page)


def test_saving_often_fills_neither_the_log_nor_the_list_of_writers(typing, editor):
    draft = make_draft(by=editor)
    before = LogEntry.objects.count(), Contributor.objects.count(), AdminEntry.objects.count()

    for number in range(4):
        draft.refresh_from_db()
        autosave(typing, fields(draft, lead=f"Typed {number}."))

    assert (LogEntry.objects.count(), Contributor.objects.count(), AdminEntry.objects.count()) == before
    assert Revision.objects.count() == 1


def test_first_save_of_a_published_text_starts_the_draft(typing, editor):
    published = make_published(by=editor).published_revision

    status, answer = autosave(typing, fields(published, lead="Typed."))

    draft = Revision.objects.get(status="draft")
    assert (status, answer["revision"], answer["number"], answer["version"]) == (200, draft.pk, 2, 1)
    assert (draft.base, draft.lead, draft.author) == (published, "Typed.", editor)
    assert Article.objects.get().published_revision == published


def test_first_save_of_a_new_article_makes_it(typing, editor):
    status, answer = autosave(typing, fields(title="Naps", slug="", sections=[(None, "", "Short ones help.")]))

    draft = Revision.objects.get()
    assert (status, answer["article"], draft.article.slug) == (200, draft.article_id, "naps")
    assert answer["keys"] == {"sections-0": str(draft.section_set.get().key)}


def test_new_article_without_a_title_is_not_saved_and_says_why(typing):
    status, answer = autosave(typing, fields(title="", slug="", lead="Something."))

    reason = "The article needs an address. Enter a title or a slug."
    assert (status, answer) == (422, {"error": reason})
    assert not Article.objects.exists()


def test_taken_slug_is_not_saved_and_says_why(typing, editor):
    make_draft("naps", by=editor)
    draft = make_draft(by=editor)

    status, answer = autosave(typing, fields(draft, slug="naps"))

    assert (status, answer) == (
        422,
        {"error": "Another article, “Sleep”, already uses the slug “naps”. Choose a different one."},
    )
    draft.refresh_from_db()
    assert (draft.slug, draft.version) == ("sleep", 1)


def test_episode_that_is_not_found_is_noted_and_everything_else_saved(typing, editor):
    draft = make_draft(by=editor, episode=make_episode(), sections=SECTIONS)
    rows = {"sources-TOTAL_FORMS": 2, "sources-0-key": "", "sources-0-episode": "On light"}
    rows |= {"sources-1-key": "", "sources-1-episode": "No talk"}
    make_episode("on-light")

    status, answer = autosave(typing, fields(draft, lead="Typed.", episode="Nobody", **rows))

    missing = "There is no episode “{}”. Choose one from the list, or enter show/episode."
    draft.refresh_from_db()
    assert status == 200
    assert answer["notes"] == {"episode": missing.format("Nobody"), "sources-1-episode": missing.format("No talk")}
    assert (answer["keys"]["sources-0"], "sources-1" in answer["keys"]) == ("e2", False)
    assert (draft.lead, draft.version) == ("Typed.", 2)
    assert sources_of(draft) == [("e1", "on-sleep"), ("e2", "on-light")]


def test_error_elsewhere_is_still_refused_with_every_reason(typing, editor):
    draft = make_draft(by=editor)

    status, answer = autosave(typing, fields(draft, episode="Nobody", language="not a language"))

    assert status == 422
    assert "There is no episode “Nobody”." in answer["error"]
    assert Revision.objects.get().version == 1


def test_new_article_with_an_unknown_episode_is_made_without_a_source(typing):
    values = fields(title="Naps", slug="naps", episode="Nobody")

    answers = [autosave(typing, values), autosave(typing, values)]  # the second: the first answer was lost

    assert answers[0] == answers[1]
    assert answers[0][0] == 200
    assert list(answers[0][1]["notes"]) == ["episode"]
    assert sources_of(Revision.objects.get()) == []


def test_save_by_someone_else_is_not_overwritten(typing, editor):
    draft = make_draft(by=editor)
    values = fields(draft, lead="Mine.")
    other = make_user("second")
    draft = workflow.save_draft(draft, make_content(lead="Theirs."), by=other, version=1)

    status, answer = autosave(typing, values)

    saved_at = draft.saved_at.strftime("%H:%M on %-d %b %Y")
    assert (status, answer) == (
        409,
        {
            "error": f"second saved this draft at {saved_at}, after you opened it. Your changes weren’t saved.",
            "address": f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}",
        },
    )
    draft.refresh_from_db()
    assert (draft.lead, draft.version) == ("Theirs.", 2)


def test_draft_that_was_submitted_is_not_saved(typing, editor):
    draft = make_draft(by=editor)
    values = fields(draft, lead="Too late.")
    workflow.submit(draft, by=editor)

    status, answer = autosave(typing, values)

    assert (status, answer["error"].split(" (")[0]) == (409, "Revision 1 was submitted for review")
    assert Revision.objects.get().lead == "What a night of sleep does."


def test_save_whose_answer_was_lost_is_answered_again(typing, editor):
    draft = make_draft(by=editor, sections=SECTIONS)
    values = fields(draft, lead="Sent twice.")
    new = fields(title="Naps", slug="naps", sections=[(None, "", "Short ones help.")])

    answers = [autosave(typing, values), autosave(typing, values), autosave(typing, new), autosave(typing, new)]

    assert answers[0] == answers[1]
    assert answers[0][1]["version"] == 2
    assert answers[2] == answers[3]
    assert Revision.objects.count() == 2


def test_new_article_with_the_title_of_another_is_saved_once(typing, editor):
    make_draft("naps", by=editor)
    new = fields(title="Naps", slug="", sections=[(None, "", "Short ones help.")])

    answers = [autosave(typing, new), autosave(typing, new)]

    assert answers[0] == answers[1]
    assert answers[0][1]["slug_note"] == "Another article uses the slug “naps”, so this one gets “naps-2”."
    assert Revision.objects.count() == 2


def test_own_other_draft_is_not_overwritten(typing, editor):
    article = make_published(by=editor)
    base = article.published_revision
    mine = workflow.start_draft(article, make_content(lead="Begun before."), by=editor, base=base)

    status, answer = autosave(typing, fields(base, lead="Begun again."))

    assert status == 409
    assert answer["address"] == f"/admin/articles/article/{article.pk}/change/?revision={mine.pk}"
    mine.refresh_from_db()
    assert mine.lead == "Begun before."


def test_protected_article_is_not_saved(typing, editor):
    draft = make_draft(by=editor)
    workflow.protect(draft.article, by=make_user("moderator", groups=("Moderators",)), reason="Disputed.")

    status, answer = autosave(typing, fields(draft, lead="Mine."))

    reason = "This article is protected. Only moderators can edit it."
    assert (status, answer) == (403, {"error": reason})


def test_strangers_and_readers_are_refused_with_a_reason(client, editor):
    draft = make_draft(by=editor)
    answers = [autosave(client, fields(draft, lead="x"))]
    client.force_login(make_user("viewer", groups=()))
    answers.append(autosave(client, fields(draft, lead="x")))

    assert answers == [
        (403, {"error": "You are no longer logged in. Log in again in another tab; your changes here are kept."}),
        (403, {"error": "You don’t have permission to edit articles."}),
    ]
    assert Revision.objects.get().version == 1


def test_looking_changes_nothing(typing, editor):
    draft = make_draft(by=editor)

    assert typing.get(ADDRESS, fields(draft, lead="x")).status_code == 405
    assert Revision.objects.get().version == 1


def test_form_without_its_revision_is_refused(typing, editor):
    draft = make_draft(by=editor)

    answers = [
        autosave(typing, fields(draft, loaded_revision="")),
        autosave(typing, fields(draft, loaded_revision="99999")),
        autosave(typing, fields(draft, article="99999x")),
    ]

    assert answers == [
        (404, {"error": "The form doesn’t say which revision it was loaded from. Reload the page."}),
        (404, {"error": "Revision not found."}),
        (404, {"error": "Article not found."}),
    ]


def test_kept_text_is_restored_into_the_form_without_being_saved(typing, editor):
    draft = make_draft(by=editor)
    address = reverse("admin:articles_article_change", args=[draft.article_id])

    response = typing.post(address, fields(draft, lead="Kept <b>here</b>.", _restore="1"))

    page = response.content.decode()
    assert response.status_code == 200
    assert "Restored, but not saved yet." in page
    assert "Kept &lt;b&gt;here&lt;/b&gt;." in page
    assert Revision.objects.get().version == 1


# Forms that are not accepted ----------------------------------------------------------------------


def test_form_of_an_ended_session_is_returned_complete(client, editor):
    draft = make_draft(by=editor, sections=SECTIONS)
    address = reverse("admin:articles_article_change", args=[draft.article_id])
    values = fields(draft, lead="Written for <hours>.\nAnd more.", _submit="")

    response = client.post(address, values)

    page = response.content.decode()
    assert response.status_code == 403
    assert "You are no longer logged in. Your text is still here." in page
    assert 'name="lead" hidden aria-label="lead">\nWritten for &lt;hours&gt;.\nAnd more.</textarea>' in page
    assert f'name="sections-1-key" hidden aria-label="sections-1-key">\n{content_of(draft).sections[1].key}<' in page
    assert 'type="submit" name="_submit"' in page
    assert Revision.objects.get().version == 1


def test_returned_form_is_accepted_after_logging_in(editor):
    draft = make_draft(by=editor)
    address = reverse("admin:articles_article_change", args=[draft.article_id])
    browser = Client(enforce_csrf_checks=True)
    browser.get("/admin/login/")
    values = fields(draft, lead="Mine.", _save="", csrfmiddlewaretoken=browser.cookies["csrftoken"].value)
    own = {"Origin": "http://testserver"}

    statuses = [browser.post(address, values, headers=own).status_code]
    browser.force_login(editor)
    forged = browser.post(address, values | {"csrfmiddlewaretoken": "x" * 32}, headers=own)
    values["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
    statuses.append(browser.post(address, values, headers=own).status_code)

    assert statuses == [403, 302]
    assert "You have logged in again since this page was opened." in forged.content.decode()
    assert Revision.objects.get().lead == "Mine."


def test_form_from_another_site_is_not_returned(editor):
    draft = make_draft(by=editor)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    address = reverse("admin:articles_article_change", args=[draft.article_id])

    for headers in ({}, {"Origin": "http://elsewhere.example"}):
        response = browser.post(address, fields(draft, lead="Planted words."), headers=headers)

        assert response.status_code == 403
        assert "Planted words." not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("preview/", "text/plain; charset=utf-8"),
        ("check/", "text/plain; charset=utf-8"),
        ("autosave/", "application/json"),
        ("present/", "application/json"),
        ("upload/", "application/json"),
    ],
)
def test_scripts_get_a_missing_token_error_in_their_own_format(editor, path, kind):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)

    response = browser.post(f"/admin/articles/article/{path}", {})

    assert (response.status_code, response["Content-Type"]) == (403, kind)
