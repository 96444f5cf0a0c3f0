"""Runs workflow jobs at the same time, in threads of several processes, and reports how each ended.

`python -m tests.workflow.races.racing` reads lines of JSON, each a list of jobs, and gives each job a thread. It prints
a line once all have loaded what they need, as a request does before it acts. After another line as the signal to start,
it prints the outcomes. Exceptions other than workflow errors are reported as crashes, with their traceback.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.support.paths import PROJECT


@dataclass(frozen=True)
class Outcome:
    act: str
    by: int | None
    value: object  # what the act returned, if it won
    error: str  # the name of the workflow error, "" if it won
    says: str
    crash: str

    @property
    def has_won(self):
        return not (self.error or self.crash)


class Racers:
    """Worker processes that wait for jobs."""

    def __init__(self, database_url, processes):
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.workflow.races.racing"],
                cwd=PROJECT,
                env=os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.support.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(processes)
        ]
        for process in self.processes:
            process.stdout.readline()

    def run(self, jobs, *, processes):
        """Run `jobs` at once on `processes` of the workers; returns the outcomes in the order of the jobs."""
        used = self.processes[:processes]
        shares = [jobs[number :: len(used)] for number in range(len(used))]
        for process, share in zip(used, shares, strict=True):
            _send(process, share)
        for process in used:
            process.stdout.readline()
        for process in used:
            _send(process, "go")
        answers = [[Outcome(**value) for value in json.loads(process.stdout.readline())] for process in used]
        return [answers[number % len(used)][number // len(used)] for number in range(len(jobs))]

    def stop(self):
        for process in self.processes:
            process.stdin.close()
            process.wait(timeout=30)
            process.stdout.close()


def _send(process, value):
    process.stdin.write(json.dumps(value) + "\n")
    process.stdin.flush()


# In the worker processes --------------------------------------------------------------------------


def main():
    import django

    gc.disable()  # what is imported stays
    django.setup()
    gc.freeze()
    gc.enable()
    print("ready", flush=True)
    for line in sys.stdin:
        jobs = json.loads(line)
        outcomes = [None] * len(jobs)
        loaded, begin = threading.Barrier(len(jobs) + 1, timeout=60), threading.Event()
        threads = [
            threading.Thread(target=_race, args=(job, loaded, begin, outcomes, number))
            for number, job in enumerate(jobs)
        ]
        for thread in threads:
            thread.start()
        loaded.wait()
        print("loaded", flush=True)
        sys.stdin.readline()
        begin.set()
        for thread in threads:
            thread.join()
        print(json.dumps(outcomes, default=str), flush=True)


def _race(job, loaded, begin, outcomes, number):
    from django.contrib.auth.models import User
    from django.db import connection

    from articles import workflow
    from articles.models import Article, Revision

    outcome = {"act": job["act"], "by": job.get("by"), "value": None, "error": "", "says": "", "crash": ""}
    try:
        by = User.objects.get(pk=job["by"]) if "by" in job else None
        revision = article = None
        if "revision" in job:
            revision = Revision.objects.select_related("article", "target").get(pk=job["revision"])
            article = revision.article
        if "article" in job:
            article = Article.objects.select_related("published_revision").get(pk=job["article"])
        connection.close()  # a pool of connections may be smaller than the number of racers
        loaded.wait()
        begin.wait()
        outcome["value"] = ACTS[job["act"]](job, by, revision, article)
    except workflow.WorkflowError as error:
        outcome |= {"error": type(error).__name__, "says": str(error)}
    except Exception:
        outcome["crash"] = traceback.format_exc()
    finally:
        connection.close()
    outcomes[number] = outcome


def _save_again_and_again(job, by, revision, article):
    """Load and save the draft `times` times; returns the acknowledged versions with their texts."""
    from articles import workflow
    from articles.models import Revision
    from articles.workflow.content import content_of

    acknowledged = []
    for number in range(job["times"]):
        loaded = Revision.objects.select_related("article").get(pk=revision.pk)
        text = f"{job['text']} {number}"
        try:
            saved = workflow.save_draft(loaded, replace(content_of(loaded), lead=text), by=by, version=loaded.version)
        except workflow.StaleDraft:
            continue
        except workflow.InvalidTransition:
            break  # it was submitted
        acknowledged.append([saved.version, text])
    return acknowledged


def _rename_recording(job, by, revision, article):
    """Change the episode's slug in the admin `times` times; returns the status codes."""
    from django.contrib.contenttypes.models import ContentType
    from django.test import Client

    from articles.models import Episode

    ContentType.objects.clear_cache()  # the tests empty the table between them
    episode = Episode.objects.get(pk=job["episode"])
    address = f"/admin/articles/episode/{episode.pk}/change/"
    client = Client()
    client.force_login(by)
    tables = {f"{name}-{count}_FORMS": 0 for name in ("chapter_set", "edition_set") for count in ("TOTAL", "INITIAL")}
    statuses = []
    for number in range(job["times"]):
        fields = {"show": episode.show_id, "title": episode.title, "duration_seconds": episode.duration_seconds}
        fields["youtube_id"] = episode.youtube_id
        response = client.post(address, fields | tables | {"slug": f"talk-{number}"})
        statuses.append(response.status_code)
    return statuses


def _import_feed(job, by, revision, article):
    """Import a feed item with a new title for the episode `times` times; returns the outcomes."""
    from articles.importing import FeedDelivery
    from articles.models import Episode

    episode = Episode.objects.select_related("show").get(pk=job["episode"])
    outcomes = []
    for number in range(job["times"]):
        item = f"<title>Talk {number}</title><yt:videoId>{episode.youtube_id}</yt:videoId>"
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(
                f"<rss xmlns:yt='http://www.youtube.com/xml/schemas/2015'><channel><title>{episode.show.title}</title><item>{item}</item></channel></rss>"
            )
            file.flush()
            delivery = FeedDelivery(by=by, handle=episode.show.handle, overwrite=True)
            delivery.open(file.name)
        result = delivery.import_item(*delivery.feed.episodes)
        outcomes.append([str(result.outcome), *(problem.reason for problem in result.lost)])
    return outcomes


def _receive_episodes(job, by, revision, article):
    """Import new titles for the episodes `times` times, each time in one transaction."""
    from django.db import transaction

    from articles.importing.recordings.episodes import save_episode
    from articles.importing.recordings.episodes_file import KnownEpisode
    from articles.models import Episode

    episodes = [Episode.objects.select_related("show").get(pk=pk) for pk in job["episodes"]]
    for number in range(job["times"]):
        with transaction.atomic():
            for episode in episodes:
                title = f"{job['title']} {number}"
                save_episode(KnownEpisode(episode.show.handle, title=title, youtube_id=episode.youtube_id))
    return job["times"]


def _receive_transcripts(job, by, revision, article):
    """Replace the episode's transcript `times` times."""
    from articles.importing.transcripts.transcript import import_transcript
    from articles.models import Episode

    episode = Episode.objects.select_related("show").get(pk=job["episode"])
    spoken = "0:00:0{number} Owls hunt at night.\n0:01:00 The brain clears waste at night, and it settles memory."
    for number in range(job["times"]):
        import_transcript(episode, spoken.format(number=number).encode(), by=by, is_confirmed=True)
    return job["times"]


def _retitle(job, by, revision, article):
    """Change the title of the episode that the revision cites; returns whether the change is held."""
    from articles import workflow

    episode = revision.source_set.select_related("episode__show").get().episode
    episode.title = job["title"]
    return workflow.save_episode(episode, ["title"], by=by).is_waiting


def _acts():
    from django.utils import timezone

    from articles import workflow
    from articles.workflow.content import Content, content_of
    from articles.workflow.content.changes import compare

    def content(job, revision):
        changes = {name: job[name] for name in ("lead", "slug") if name in job}
        return replace(content_of(revision), edit_summary="Said better.", **changes)

    def publish_due(job, by, revision, article):
        published, taken_down, refused = workflow.publish_due()
        return [[r.pk for r in published], [a.pk for a in taken_down], [r.pk for r, _ in refused]]

    def create(job, by, revision, article):
        return workflow.create_article(Content(title="Naps", slug=job["slug"], lead="Short."), by=by).pk

    def accept_in_part(job, by, revision, article):
        first = compare(revision.target, revision).changes[0].id
        return workflow.accept_in_part(revision, [first], by=by, comment="The rest is not said there.")[0].pk

    def schedule(job, by, revision, article):
        at = timezone.now() + timedelta(seconds=job.get("seconds", 3600))
        return workflow.schedule(revision, by=by, publish_at=at).pk

    def save(job, by, revision, article):
        return workflow.save_draft(revision, content(job, revision), by=by, version=revision.version).version

    def start(job, by, revision, article):
        return workflow.start_draft(article, content(job, revision), by=by, base=revision).pk

    def derive(job, by, revision, article):
        from articles.derived import refresh
        from articles.models import Revision

        return refresh(Revision.objects.filter(article=article))

    return {
        "approve": lambda j, by, r, a: workflow.approve(r, by=by).pk,
        "override": lambda j, by, r, a: workflow.approve(r, by=by, override_reason="Nobody else is awake.").pk,
        "confirm": lambda j, by, r, a: workflow.confirm(r, by=by).pk,
        "reject": lambda j, by, r, a: workflow.reject(r, by=by, comment="Not said there.").pk,
        "request changes": lambda j, by, r, a: workflow.request_changes(r, by=by, comment="Cite it.").pk,
        "withdraw": lambda j, by, r, a: workflow.withdraw(r, by=by).pk,
        "submit": lambda j, by, r, a: workflow.submit(r, by=by).pk,
        "publish": lambda j, by, r, a: workflow.publish(r, by=by, public_note=j.get("note")).pk,
        "unschedule": lambda j, by, r, a: workflow.unschedule(r, by=by).pk,
        "unpublish": lambda j, by, r, a: workflow.unpublish(a, by=by, reason="Wrong.").pk,
        "protect": lambda j, by, r, a: workflow.protect(a, by=by, reason="Too many hands.").pk,
        "release": lambda j, by, r, a: workflow.release(a, by=by).pk,
        "erase": lambda j, by, r, a: workflow.erase(r, by=by, reason="A court says so.").pk,
        "bring up to date": lambda j, by, r, a: workflow.rebase(r, by=by).pk,
        "accept in part": accept_in_part,
        "schedule": schedule,
        "publish due": publish_due,
        "create": create,
        "save": save,
        "save again and again": _save_again_and_again,
        "start": start,
        "derive": derive,
        "rename recording": _rename_recording,
        "import feed": _import_feed,
        "retitle": _retitle,
        "receive episodes": _receive_episodes,
        "receive transcripts": _receive_transcripts,
    }


class _Acts(dict):
    """Filled on first use, because Django must be set up before."""

    def __missing__(self, act):
        self.update(_acts())
        return self[act]


ACTS = _Acts()

if __name__ == "__main__":
    main()
