"""Commands with --background: a task does what the command does, as often as it takes, and says what came of it."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.models import Article, BackgroundTask, Episode, Show, Transcript
from articles.workflow import tasks
from articles.workflow.recordings import rechecking
from articles.workflow.tasks import progress, running
from tests.support.factories import make_episode, make_user
from tests.support.samples.cited import make_cited, make_talk

pytestmark = pytest.mark.django_db
State = BackgroundTask.State

FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Night talks</title>
<item><title>First night</title><guid>one</guid><enclosure url="https://audio.example/1.mp3" type="audio/mpeg"/></item>
</channel></rss>
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two articles and a file that can't be one; the command is called next to it."""
    received = tmp_path / "received"
    received.mkdir()
    for name in ("naps", "dreams"):
        (received / f"{name}.md").write_text(f"# {name.title()}\n\nThe brain clears waste at night [00:06:31].\n")
    (received / "picture.bin").write_bytes(b"\0")
    monkeypatch.chdir(tmp_path)
    return received


@pytest.fixture
def root(db):
    return make_user("root", is_superuser=True)


def started(command, *arguments, **options):
    call_command(command, *arguments, background=True, **options)
    return BackgroundTask.objects.first()


def done(task):
    running.run(task.pk)
    task.refresh_from_db()
    return task


def test_an_import(folder, root, capsys, monkeypatch):
    task = started("import_articles", "received", offline=True)
    assert capsys.readouterr().out.startswith(f"Background task {task.pk} was started; ")
    assert not Article.objects.exists()
    assert (task.by, task.arguments["paths"]) == (root, {"paths": [str(folder)]})
    monkeypatch.chdir("/")  # where a worker may be

    task = done(task)

    assert (task.state, task.done, task.total, task.error) == (State.FAILED, 3, 3, "1 of 3 files not imported.")
    assert Article.objects.count() == 2
    assert task.result["lines"][0].startswith("3 files in ")
    (problem,) = [line for line in task.result["lines"] if "picture.bin" in line]
    assert problem == f"{folder / 'picture.bin'}: “.bin” files aren’t supported. Use .json, .markdown, .md, .txt."

    (folder / "picture.bin").unlink()
    tasks.retry(task)
    task = done(task)

    assert (task.state, task.done, task.total, task.error) == (State.DONE, 2, 2, "")
    assert "2 unchanged" in task.result["lines"][0]
    assert Article.objects.count() == 2


def test_an_import_is_in_the_name_of_an_account_whatever_it_is_called(folder, root):
    task = started("import_articles", "received/naps.md", offline=True)
    root.username = "renamed"
    root.save()
    make_user("root")

    assert done(task).state == State.DONE
    assert Article.objects.get().revision_set.get().author == root


def test_an_import_in_the_name_of_an_account_that_was_deleted(folder, root):
    task = started("import_articles", "received", username=make_user("other").username)
    assert "other" not in str(task.arguments)
    task.by.delete()

    assert done(task).error == "The account that it was started with has been deleted."
    assert not Article.objects.exists()


@pytest.fixture
def many(folder):
    """A function that returns how to import three things with a command, and how to count what is imported."""
    episodes = [make_episode(f"talk-{number}") for number in range(3)]
    transcripts = folder.parent / "transcripts"
    transcripts.mkdir()
    for episode in episodes:
        (transcripts / f"{episode.slug}.vtt").write_text("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nGood night.\n")
    (folder / "picture.bin").rename(folder / "rest.md").write_text("# Rest\n\nIt rests [00:06:31].\n")
    item = FEED[FEED.index("<item>") : FEED.index("</channel>")]
    items = "".join(item.replace("First", name).replace("one", name).replace("1.mp3", name) for name in "abc")
    (folder.parent / "feed.xml").write_text(FEED.replace(item, items))
    return {
        "import_articles": (["received"], {"publish": True, "offline": True}, Article.objects.count),
        "import_transcript": ([], {"all": [transcripts]}, Transcript.objects.count),
        "import_feed": (["feed.xml"], {}, Episode.objects.count),
    }


WITHDRAWN = {
    "is no longer active": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "now lacks permission": lambda user: user.groups.clear(),
}


@pytest.mark.parametrize("reason", WITHDRAWN)
@pytest.mark.parametrize("command", ["import_articles", "import_transcript", "import_feed"])
def test_an_import_ends_when_whoever_imports_may_no_longer(many, command, reason, monkeypatch):
    arguments, options, count = many[command]
    user = make_user("other", groups=("Administrators",))
    task, before = started(command, *arguments, username="other", **options), count()
    step = progress.Progress.step

    def withdraw(run, done, total=None):
        if done == 1:
            WITHDRAWN[reason](user)
        step(run, done, total)

    monkeypatch.setattr(progress.Progress, "step", withdraw)
    task = done(task)

    assert count() == before + 1
    assert (task.state, task.done) == (State.FAILED, 1)
    assert reason in task.error
    assert task.result["lines"]


def test_a_dry_run_and_a_report(folder, root, tmp_path):
    task = done(started("import_articles", "received", offline=True, dry_run=True, report=Path("problems.csv")))

    assert task.result["lines"][-1] == "Nothing was changed: this was a dry run."
    assert "picture.bin" in (tmp_path / "problems.csv").read_text("utf-8-sig")
    assert not Article.objects.exists()


def test_an_import_in_the_name_of_somebody_who_may_not(folder, root):
    make_user("reader", groups=())

    task = done(started("import_articles", "received", username="reader"))

    assert task.by.username == "reader"
    assert (task.state, task.attempts) == (State.FAILED, 1)
    assert "lacks permission" in task.error


@pytest.mark.parametrize(
    ("arguments", "options", "refusal"),
    [
        (["nowhere"], {}, "Not found: nowhere."),
        (["received"], {"username": "nobody"}, "There is no active user “nobody”."),
        (["received/naps.md"], {"title": "Naps"}, "--title can’t be used with --background."),
        (["received", "caf\udce9.md"], {}, "A name that isn’t UTF-8 can’t be used with --background."),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(folder, root, arguments, options, refusal):
    (folder.parent / "caf\udce9.md").touch()

    with pytest.raises(CommandError, match=refusal):
        call_command("import_articles", *arguments, background=True, **options)

    assert not BackgroundTask.objects.exists()


@pytest.mark.parametrize(
    ("command", "arguments", "options", "refusal"),
    [
        ("import_feed", ["feed.xml"], {}, "Not found: feed.xml."),
        ("import_feed", ["https://me:secret@feeds.example/rss"], {}, "contains a user name or password"),
        ("import_feed", ["https://secret@feeds.example"], {}, "contains a user name or password"),
        ("check_citations", [], {"format": "csv"}, "--format and --fail-on can’t be used with --background."),
        ("check_citations", [], {"fail_on": ["not found"]}, "--format and --fail-on can’t be used with --background."),
    ],
)
def test_what_other_commands_refuse_at_once(root, command, arguments, options, refusal):
    with pytest.raises(CommandError, match=refusal):
        call_command(command, *arguments, background=True, **options)

    assert not BackgroundTask.objects.exists()


def test_a_feed(folder, root, monkeypatch):
    (folder.parent / "feed.xml").write_text(FEED)
    task = started("import_feed", "feed.xml")
    monkeypatch.chdir("/")

    task = done(task)

    assert (task.state, task.done, task.total) == (State.DONE, 1, 1)
    assert Show.objects.get().episode_set.get().title == "First night"


def test_a_feed_that_cannot_be_fetched(root):
    task = done(started("import_feed", "http://127.0.0.1:1/feed.xml"))

    assert (task.state, task.result) == (State.FAILED, {})
    assert task.error


def test_a_transcript(folder, root):
    episode = make_talk()
    (folder / "talk.vtt").write_text("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nGood night.\n")

    task = done(started("import_transcript", episode.reference, "received/talk.vtt", confirm=True))

    assert (task.state, task.done) == (State.DONE, 1)
    assert [cue.text for cue in episode.cue_set.all()] == ["Good night."]


def test_checking_citations(editor, moderator, capsys):
    article = make_cited(episode=make_talk(), by=editor, moderator=moderator)
    number = article.published_revision.citation_set.count()
    article.published_revision.citation_set.update(finding=None)

    task = started("check_citations", article=article.slug)
    assert "was started" in capsys.readouterr().out
    assert rechecking.start(article=article.pk) == task  # which waits

    task = done(task)

    assert (task.state, task.arguments) == (State.DONE, {"article": article.pk})
    assert task.result["citations"] == task.total == number
    assert not article.published_revision.citation_set.filter(finding=None).exists()
    assert done(started("check_citations")).result["checks"] == 0


def test_checking_what_has_been_deleted():
    task = done(rechecking.start(episode=987654))

    assert (task.state, task.error) == (State.FAILED, "What was to be checked has been deleted.")
