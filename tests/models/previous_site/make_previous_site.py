"""Make a site as the version before the squashed migrations left it, with rows of every kind, and what it answers.

This runs on the code of that version, commit 7d5e7f9, and so keeps that version's module names:

    git worktree add ../previous 7d5e7f9
    cd ../previous
    DATABASE_URL=sqlite:////tmp/previous.sqlite3 DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=. \
        python ../ketamine/tests/models/previous_site/make_previous_site.py

`previous_site.sql.gz` is the database as SQL text, `previous_answers.json` maps addresses whose answers are a contract
to what they answered; `tests/models/test_upgrade.py` loads both. Make them again only to add kinds of rows, never to follow a renamed column.
"""

import gzip
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import django

django.setup()

from articles.changes import compare  # noqa: E402
from articles.contents import SectionContent, content_of  # noqa: E402
from articles.transcripts import Cue  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402  (needs the settings)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from articles import presence, tallies, workflow  # noqa: E402
from articles.importing.transcripts import import_transcript  # noqa: E402
from articles.models import Article, Citation, Episode, Flagged, LogEntry, Quotation, Watch  # noqa: E402
from articles.workflow import challenges, claiming, commenting  # noqa: E402
from tests import talk  # noqa: E402
from tests.cited import make_cited  # noqa: E402
from tests.every_page import make_everything  # noqa: E402
from tests.factories import make_change, make_content, make_published, make_user  # noqa: E402

SECRET = "The keeper of the north light told his sister what the harbour owes him [00:06:31]."
PUBLISHED = ["sleep", "ketamine", "tides", "gulls", "lights"]
FAR_AWAY = datetime(2099, 1, 1, 6, tzinfo=UTC)


def fill():
    rows = make_everything()
    root, editor = User.objects.get(username="root"), User.objects.get(username="editor")
    moderator = User.objects.get(username="moderator")
    article, episode = rows.article, rows.episode
    make_cited(episode=episode, by=editor)  # right, wrong and elsewhere in the recording
    decide(article, moderator, root)
    receive(rows.second, root)
    rename(editor, moderator)
    erase(moderator, root)
    judge(article, editor, moderator)

    # A better transcript replaces the first, and the machine checks again.
    import_transcript(episode, talk.as_vtt([*talk.cues(), Cue(6161.0, 6168.0, "Speaker", "Good night.")]), "talk-2.vtt")
    Episode.objects.filter(pk=episode.pk).update(allows_excerpts=True)
    workflow.note_changed_recording(episode, by=root, what="a better transcript")

    open_challenge = rows.challenge
    second = challenges.receive(article.published_revision, "Which night?", sender="b")
    challenges.answer(second, by=moderator, outcome="stands", answer="Every night: he says so at the start.")
    spam = challenges.receive(article.published_revision, "Buy pillows!", sender="c")
    challenges.answer(spam, by=moderator, outcome="spam")
    now_public = Article.objects.get(pk=article.pk).published_revision
    challenges.answer(open_challenge, by=moderator, outcome="corrected", corrected_in=now_public)
    challenges.receive(now_public, "Are you sure about the lead?", sender="d")

    workflow.protect(Article.objects.get(slug="dreams"), by=root, reason="Quarrels.")
    Watch.objects.create(user=editor, article=article)
    presence.tell(rows.draft, root)
    tallies.record(date(2026, 1, 31))
    call_command("check_citations", verbosity=0, stdout=io.StringIO())


def published(slug, **kwargs):
    return make_published(slug, by=User.objects.get(username="editor"), **kwargs)


def decide(article, moderator, root):
    """A revision in each state that a decision or its author leaves it in."""
    workflow.request_changes(make_change(article, by=make_user("sent-back"), lead="Sleep is good."), by=moderator, comment="Says who?")  # fmt: skip
    workflow.reject(make_change(article, by=make_user("rejected"), lead="Sleep is bad."), by=moderator, comment="It isn’t.")  # fmt: skip
    workflow.withdraw(withdrawn := make_change(article, by=make_user("withdrawn"), lead="Sleep."), by=withdrawn.author)
    approved = workflow.approve(make_change(article, by=make_user("approved"), lead="What nights are for."), by=moderator)  # fmt: skip
    commenting.resolve(commenting.answer(commenting.add(approved, by=moderator, text="A lead at last."), by=approved.author, text="Thanks.").parent, by=moderator)  # fmt: skip
    scheduled = workflow.approve(make_change(article, by=make_user("scheduled"), lead="Sleep, at a time."), by=moderator)  # fmt: skip
    workflow.schedule(scheduled, by=moderator, publish_at=FAR_AWAY, take_down_at=FAR_AWAY.replace(year=2100))
    claiming.look(make_change(article, by=make_user("looked-at"), lead="Somebody looks at this."), by=moderator)

    tides = published("tides", title="Tides", sections=(SectionContent("Why", "The moon pulls. It pulls twice a day."),))  # fmt: skip
    change = make_change(tides, by=root, sections=(replace(content_of(tides.published_revision).sections[0], body="The moon pulls. It pulls 2 times a day."),), lead="Of water and moons.")  # fmt: skip
    lead, *_ = compare(change.follows, change).changes
    workflow.accept_in_part(change, [lead.id], by=moderator, comment="“Twice” was right.", public_note="A better lead.")
    alone = make_user("alone", is_superuser=True)
    change = make_change(Article.objects.get(slug="tides"), by=alone, title="Tides and moons")
    workflow.publish(workflow.approve(change, by=alone, override_reason="Nobody else is here at night."), by=alone)
    workflow.confirm(change, by=moderator, comment="Quite right.")
    workflow.unpublish(published("fog", title="Fog"), by=moderator, reason="Nobody can see it.")


def receive(episode, root):
    """Published as it came, then delivered once more in other words that wait as a draft."""
    content = make_content("gulls", title="Gulls", episode=episode, language="en-GB")
    draft = workflow.create_article(content, by=root, received_as="night-talks/gulls.md", received_digest="a" * 64)
    workflow.publish_received(draft, by=root)
    article = Article.objects.get(slug="gulls")
    again = replace(content_of(article.published_revision), lead="Loud birds.", edit_summary="Received again.")
    workflow.start_draft(article, again, by=root, base=article.published_revision, received_digest="b" * 64)


def rename(editor, moderator):
    change = make_change(Article.objects.get(slug="naps"), by=editor, slug="short-naps")
    workflow.publish(workflow.approve(change, by=moderator), by=moderator, public_note="Another address.")


def erase(moderator, root):
    """A rejected text with a secret that was quoted in many places, some of which have been redacted."""
    article = published("lights", title="Lights", episode=Episode.objects.first())
    sections = content_of(article.published_revision).sections
    changed = (replace(sections[0], body=f"{sections[0].body} {SECRET}"),)
    secret = make_change(article, by=make_user("indiscreet"), sections=changed, edit_summary=f"Adds this: {SECRET}")
    commenting.add(secret, by=moderator, text=f"Is this right? {SECRET}", quote=SECRET)
    challenges.receive(secret, "This is nobody’s business.", sender="e", claim=SECRET)
    workflow.reject(secret, by=moderator, comment=f"No: {SECRET}")
    workflow.erase(secret, by=root, reason="A court says so.")
    kinds = {quotation.kind: quotation for quotation in secret.quotation_set.all()}
    for kind in ("log", "review", "challenge"):
        workflow.redact(kinds[kind], by=root)


def judge(article, editor, moderator):
    """What people said of citations, flags and parts without citations, and what they took back."""
    marks = Citation.objects.filter(revision=article.published_revision).order_by("position")
    for number, mark in enumerate(marks[:2]):
        place = {"episode": mark.episode, "start_seconds": mark.start_seconds, "end_seconds": mark.end_seconds}
        heard = workflow.confirm_citation(article, by=moderator, claim=mark.claim, **place)
        if number:
            workflow.withdraw_confirmation(heard, by=editor)
    mark = marks[2]
    workflow.dismiss(
        article, by=editor, code=mark.verdict, subject=mark.claim_key, text=mark.claim, reason="paraphrase"
    )
    flag = Flagged.objects.filter(revision=article.published_revision).first()
    raised = workflow.dismiss(article, by=editor, code=flag.code, subject=flag.subject, text=flag.text, reason="other", note="A name.")  # fmt: skip
    workflow.withdraw_dismissal(raised, by=moderator)
    workflow.exempt(article, by=moderator, section_key=None, reason="The lead sums up.")
    section = article.published_revision.section_set.last()
    workflow.withdraw_exemption(workflow.exempt(article, by=moderator, section_key=section.key, reason="Known."), by=moderator)  # fmt: skip


def dump():
    """The database as SQL text. Search triggers come before the rows and fill the full-text tables; the triggers that
    freeze records come after the rows, which they would refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        schema = cursor.fetchall()
        virtual = [name for _, name, sql in schema if sql.startswith("CREATE VIRTUAL")]
        tables = [
            name
            for type_, name, _ in schema
            if type_ == "table" and not any(name == index or name.startswith(f"{index}_") for index in virtual)
        ]
        yield from (sql for type_, name, sql in schema if name in tables or name in virtual)
        yield from (sql for type_, name, sql in schema if type_ == "trigger" and name.startswith("articles_search_"))
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            columns = ", ".join(f'"{column[0]}"' for column in cursor.description)
            quoted = " || ', ' || ".join(f'quote("{column[0]}")' for column in cursor.description)
            cursor.execute(f'SELECT {quoted} FROM "{table}"')  # noqa: S608
            yield from (f'INSERT INTO "{table}" ({columns}) VALUES ({row[0]})' for row in cursor.fetchall())  # noqa: S608
        yield from (sql for type_, name, sql in schema if type_ == "index")
        yield from (sql for type_, name, sql in schema if type_ == "trigger" and name.startswith("freeze_"))


def answers():
    """{address: answer} for the exports of articles and recordings."""
    client = Client()
    addresses = [f"/articles/{slug}.md" for slug in PUBLISHED] + [f"/articles/{slug}.json" for slug in PUBLISHED]
    addresses += [f"/shows/night-talks/on-sleep/{name}" for name in ("chapters.json", "citations.vtt")]
    return {address: client.get(address).content.decode() for address in addresses}


call_command("migrate", verbosity=0)
fill()
assert LogEntry.objects.exists()
assert Quotation.objects.filter(redacted_at=None).exists()
folder = Path(__file__).parent
text = "".join(f"{statement};\n" for statement in dump())
(folder / "previous_site.sql.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
(folder / "previous_answers.json").write_text(json.dumps(answers(), indent=1, ensure_ascii=False) + "\n")
