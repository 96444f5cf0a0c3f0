"""Background tasks in the admin: who sees which, how far they are, ending and repeating them, and their files."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.admin.report import export, views
from articles.models import BackgroundTask, Episode, TaskFilePart
from articles.workflow import tasks
from articles.workflow.recordings import rechecking
from articles.workflow.tasks import running
from tests.support.clients import logged_in
from tests.support.factories import make_user
from tests.support.samples.cited import make_cited, make_talk
from tests.support.scenarios.sites.access import make_viewer

pytestmark = pytest.mark.django_db
State = BackgroundTask.State
LIST = "/admin/articles/backgroundtask/"


@pytest.fixture
def article(editor, moderator):
    return make_cited(episode=make_talk(), by=editor, moderator=moderator)


def make_task(by, **columns):
    now = timezone.now()
    columns = {"kind": "export", "created_at": now, "due_at": now} | columns
    return BackgroundTask.objects.create(by=by, **columns)


def page_of(task):
    return reverse("admin:articles_backgroundtask_change", args=[task.pk])


def act(client, task, what):
    response = client.post(reverse("admin:articles_backgroundtask_act", args=[task.pk]), {"act": what}, follow=True)
    task.refresh_from_db()
    return response


def text_of(response):
    return " ".join(response.text.split())


def test_people_see_their_own_and_administrators_all(editor, administrator):
    other = make_user("other")
    own, others = make_task(editor), make_task(other)

    listed = logged_in(editor).get(LIST)
    assert [task.pk for task in listed.context["cl"].result_list] == [own.pk]
    assert logged_in(editor).get(page_of(others)).status_code == 404
    assert logged_in(editor).post(f"{LIST}{others.pk}/act/", {"act": "cancel"}).status_code == 404
    assert others.pk in [task.pk for task in logged_in(administrator).get(LIST).context["cl"].result_list]
    assert act(logged_in(administrator), others, "cancel").status_code == 200
    assert others.state == State.CANCELLED


def test_the_list_and_the_page_say_how_far_it_is(editor):
    client = logged_in(editor)
    task = make_task(editor, state="running", done=1200, total=4000)

    for address in (LIST, page_of(task)):
        text = text_of(client.get(address))
        assert "1,200 of 4,000" in text
        assert "running" in text

    BackgroundTask.objects.filter(pk=task.pk).update(state="failed", error="The file <b>can’t</b> be read.")
    for address in (LIST, page_of(task)):
        assert "The file &lt;b&gt;can’t&lt;/b&gt; be read." in client.get(address).text


def test_the_list_needs_as_many_queries_for_many(editor, django_assert_max_num_queries):
    client = logged_in(editor)
    for _ in range(40):
        make_task(editor)

    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_ending_and_repeating(editor):
    client, task = logged_in(editor), make_task(editor, kind="checks")
    assert "Cancel task" in client.get(page_of(task)).text

    assert "cancelled" in act(client, task, "cancel").text
    assert "had ended already" in act(client, task, "cancel").text
    assert "Try again" in client.get(page_of(task)).text
    act(client, task, "retry")
    assert task.state == State.WAITING
    assert "isn’t one that failed" in act(client, task, "retry").text
    other = make_task(editor, kind="checks", state="failed", key="checks")
    make_task(editor, kind="checks", key="checks")
    assert "Another task that waits does the same." in act(client, other, "retry").text
    assert other.state == State.FAILED

    BackgroundTask.objects.filter(pk=task.pk).update(state="running")
    assert "It ends at its next step." in act(client, task, "cancel").text
    assert "Cancel task" not in client.get(page_of(task)).text
    assert act(client, task, "publish").status_code == 404
    assert client.get(reverse("admin:articles_backgroundtask_act", args=[task.pk])).status_code == 405


def test_a_short_report_is_downloaded_and_a_long_one_prepared(
    article, editor, django_capture_on_commit_callbacks, monkeypatch
):
    client = logged_in(editor)
    direct = client.get("/admin/evidence/export.csv?sort=article")
    direct = b"".join(direct.streaming_content)
    assert 'href="export.csv' in client.get("/admin/evidence/").text
    monkeypatch.setattr(views, "EXPORTED_AT_ONCE", 1)
    monkeypatch.setattr("articles.workflow.tasks.progress.PART_BYTES", 100)
    page = client.get("/admin/evidence/?sort=article").text
    assert 'href="export.csv' not in page
    assert '<input type="hidden" name="sort" value="article">' in page

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/admin/evidence/export/", {"sort": "article"})

    task = BackgroundTask.objects.get()
    assert (response.status_code, response.url) == (302, page_of(task))
    assert task.arguments == {"filters": {"sort": "article"}}
    assert (task.state, task.done, task.error) == (State.DONE, task.total, "")
    assert TaskFilePart.objects.filter(task=task).count() > 1
    page = client.get(page_of(task)).text
    assert f"{task.total} citations" in page
    file = client.get(reverse("admin:articles_backgroundtask_file", args=[task.pk]))
    assert file.headers["Content-Disposition"].startswith('attachment; filename="citations-')
    assert b"".join(file.streaming_content) == direct
    assert len(list(csv.reader(io.StringIO(direct.decode("utf-8-sig"))))) == task.total + 1


def test_who_presses_twice_gets_one_file(editor, moderator):
    client = logged_in(editor)
    first, again = (client.post("/admin/evidence/export/", {"sort": "article"}).url for _ in range(2))
    other = client.post("/admin/evidence/export/", {"sort": "risk"}).url
    of_another_person = logged_in(moderator).post("/admin/evidence/export/", {"sort": "article"}).url

    assert again == first
    assert len({first, other, of_another_person}) == 3


def test_the_filters_of_a_prepared_report_are_keys(article, editor, django_capture_on_commit_callbacks):
    episode = Episode.objects.get()
    client, filters = logged_in(editor), {"episode": episode.slug, "article": article.slug, "show": episode.show_id}
    direct = b"".join(client.get("/admin/evidence/export.csv", filters).streaming_content)

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/evidence/export/", filters)

    task = BackgroundTask.objects.get()
    keys = {"episode": episode.pk, "article": article.pk, "show": episode.show_id}
    assert task.arguments == {"filters": keys}
    file = client.get(reverse("admin:articles_backgroundtask_file", args=[task.pk]))
    assert b"".join(file.streaming_content) == direct

    again = tasks.start("export", export.arguments({"sort": "score"}) | {"filters": {"episode": 987654}})
    running.run(again.pk)
    again.refresh_from_db()
    assert (again.state, again.error) == (State.FAILED, "What the list was filtered by has been deleted.")


def test_a_file_is_for_those_who_may_read_the_report(editor, administrator):
    task = make_task(editor, state="done", ended_at=timezone.now())
    address = reverse("admin:articles_backgroundtask_file", args=[task.pk])
    assert logged_in(editor).get(address).status_code == 404  # it has none, or has none left
    TaskFilePart.objects.create(task=task, number=0, data=b"")

    assert logged_in(make_user("other")).get(address).status_code == 404
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.set(_permission("view_backgroundtask"))
    assert logged_in(viewer).get(page_of(task)).status_code == 200
    assert logged_in(viewer).get(address).status_code == 403
    assert act(logged_in(viewer), task, "cancel").status_code == 403


def _permission(codename):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename=codename)


def test_many_citations_of_a_new_transcript_are_checked_in_the_background(
    article, editor, moderator, monkeypatch, django_capture_on_commit_callbacks
):
    episode = Episode.objects.get()
    client = logged_in(moderator)
    address = reverse("admin:articles_episode_transcript", args=[episode.pk])
    monkeypatch.setattr(rechecking, "AT_ONCE", 0)
    checked = dict(episode.citation_set.values_list("pk", "finding__transcript_digest"))
    text = "WEBVTT\n\n00:06:30.000 --> 00:06:40.000\nNothing of the kind is said here.\n"
    form = {"text": text, "file_name": "new.vtt", "loaded_as": episode.transcript_digest, "confirm": "on"}

    with django_capture_on_commit_callbacks() as callbacks:
        page = client.post(address, form | {"reason": "Corrected."}, follow=True)

    task = BackgroundTask.objects.get()
    assert "its citations are being checked (see “Background tasks”)" in page.text
    assert (task.kind, task.arguments, task.by) == ("checks", {"episode": episode.pk}, moderator)
    assert dict(episode.citation_set.values_list("pk", "finding__transcript_digest")) == checked

    for callback in callbacks:
        callback()

    task.refresh_from_db()
    episode.refresh_from_db()
    assert (task.state, task.done) == (State.DONE, len(checked))
    assert set(episode.citation_set.values_list("finding__transcript_digest", flat=True)) == {episode.transcript_digest}
    assert task.result["checks"] > 0
    assert task.result["pages"] == 1
    assert f"Citations examined: {task.result['citations']}." in client.get(page_of(task)).text


def test_old_files_are_deleted(editor):
    task = make_task(editor, state="done", ended_at=timezone.now() - timedelta(days=2))
    TaskFilePart.objects.create(task=task, number=0, data=b"")

    tasks.tidy()

    assert "Download" not in logged_in(editor).get(page_of(task)).text


def test_a_waiting_bulk_action_says_what_it_is_and_what_may_be_wrong(moderator):
    arguments = {"action": "protect", "items": ["1-0"], "values": {"reason": "Edit <war>"}}
    task = make_task(moderator, kind="bulk", arguments=arguments)
    client = logged_in(moderator)

    text = client.get(page_of(task)).text
    assert "<h1>Protect articles (1 article)</h1>" in text
    assert "Reason: Edit &lt;war&gt;" in text
    assert "No worker has begun this." not in client.get(page_of(task)).text
    BackgroundTask.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert "No worker has begun this." in client.get(page_of(task)).text
    BackgroundTask.objects.update(state=State.RUNNING)
    assert "No worker has begun this." not in client.get(page_of(task)).text


@pytest.mark.parametrize(
    ("action", "count", "name"),
    [
        ("publish_approved", 1, "Publish approved texts (1 article)"),
        ("unpublish", 1200, "Unpublish articles (1,200 articles)"),
        ("of an earlier release", 2, "Bulk action {pk}"),
    ],
)
def test_the_list_says_what_a_bulk_action_does_and_to_how_many(moderator, action, count, name):
    task = make_task(moderator, kind="bulk", arguments={"action": action, "items": ["1-0"] * count, "values": {}})

    text = logged_in(moderator).get(LIST).text

    assert f">{name.format(pk=task.pk)}</a>" in text


def test_who_may_not_read_drafts_sees_only_the_numbers_of_a_task(moderator):
    lines = ["Done: 0. Not done: 1.", "hidden-platypus: not done. It is protected."]
    arguments = {"action": "protect", "items": ["1-0"], "values": {"reason": "Their lawyer asked"}}
    bulk = make_task(
        moderator, kind="bulk", arguments=arguments, state="done", done=1, total=1, result={"lines": lines}
    )
    paths = {"command": "import_articles", "paths": {"paths": ["/srv/hidden-platypus.md"]}}
    result = {"lines": ["hidden-platypus.md: unchanged"]}
    imported = make_task(moderator, kind="import", arguments=paths, state="done", result=result)
    failed = make_task(moderator, kind="import", state="failed", error="hidden-platypus.md can’t be read.")
    client = logged_in(make_viewer())

    pages = [client.get(address).text for address in (LIST, *map(page_of, (bulk, imported, failed)))]

    assert [word in page for page in pages for word in ("hidden-platypus", "lawyer")] == [False] * 8
    assert "Done: 0. Not done: 1." in pages[0]
    assert "Protect articles (1 article)" in pages[1]
    assert "Done: 0. Not done: 1." in pages[1]
    assert "Their lawyer asked" in logged_in(moderator).get(page_of(bulk)).text
