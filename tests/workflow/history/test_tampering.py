"""What somebody with access to the database changes is noticed by verify_history, table by table."""

import io
import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles import workflow
from articles.derived import republish
from articles.derived.pages import related
from articles.models import Article, ChainLink, Episode, LogEntry, Revision
from articles.workflow import integrity
from articles.workflow.content import SectionContent
from articles.workflow.history import audit_log, chain, keys, signed_heads
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_content, make_draft, make_episode, make_user, publish_by_workflow

from .test_chain import problems, sql

pytestmark = pytest.mark.django_db
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

# "sleep" has the public revision 2, an earlier one and a rejected one; "naps" is an imported text; "rest" is unpublished.
MANIPULATIONS = {
    "a word in a published section": "UPDATE articles_section SET body = 'x' WHERE revision_id = {public}",
    "a word in an earlier section": "UPDATE articles_section SET body = 'x' WHERE revision_id = {earlier}",
    "a word in an imported section": "UPDATE articles_section SET body = 'x' WHERE revision_id = {imported}",
    "the lead of an imported text": "UPDATE articles_revision SET lead = 'x' WHERE id = {imported}",
    "the digest of an imported text": "UPDATE articles_revision SET digest = '' WHERE id = {imported}",
    "a title": "UPDATE articles_revision SET title = 'x' WHERE id = {public}",
    "a section that is gone": "DELETE FROM articles_section WHERE revision_id = {public}",
    "the order of sections": "UPDATE articles_section SET position = 9 - position WHERE revision_id = {public}",
    "a source": "UPDATE articles_source SET episode_id = {episode} WHERE revision_id = {public}",
    "the health notice": "UPDATE articles_revision SET notice = 'none' WHERE id = {public}",
    "a text hidden as if erased": (
        "UPDATE articles_revision SET erased_at = submitted_at, lead = 'x' WHERE id = {earlier}"
    ),
    "the text that is public": "UPDATE articles_article SET published_revision_id = {earlier} WHERE slug = 'sleep'",
    "an article unpublished": "UPDATE articles_article SET published_revision_id = NULL WHERE slug = 'sleep'",
    "an article published": ("UPDATE articles_article SET published_revision_id = {unpublished} WHERE slug = 'rest'"),
    "a public slug": "UPDATE articles_article SET slug = 'slumber' WHERE slug = 'sleep'",
    "a rejected text approved": "UPDATE articles_revision SET status = 'approved' WHERE id = {rejected}",
    "what a text replaced": "UPDATE articles_revision SET target_id = NULL WHERE id = {public}",
    "a decision": "UPDATE articles_review SET decision = 'approved' WHERE revision_id = {rejected}",
    "a review that never was": (
        "INSERT INTO articles_review (at, by_name, revision_id, is_override, decision, comment)"
        " SELECT at, 'Someone', {imported}, is_override, 'reviewed', '' FROM articles_review WHERE revision_id = {public}"
    ),
    "a review that is gone": "DELETE FROM articles_review WHERE revision_id = {public}",
    "an entry's note": "UPDATE articles_logentry SET note = 'x' WHERE action = 'rejected'",
    "an entry's note as if redacted": "UPDATE articles_logentry SET note = 'Erased' WHERE action = 'rejected'",
    "an entry's action": "UPDATE articles_logentry SET action = 'approved' WHERE action = 'rejected'",
    "an entry's account": "UPDATE articles_logentry SET by_id = {stranger} WHERE action = 'rejected'",
    "an entry's time": "UPDATE articles_logentry SET at = (SELECT max(at) FROM articles_logentry) WHERE number = 1",
    "an entry that is gone": "DELETE FROM articles_logentry WHERE action = 'rejected'",
    "the last entry": "DELETE FROM articles_logentry WHERE action = 'unpublished'",
    "all entries": "DELETE FROM articles_logentry",
    "the number of entries": "UPDATE articles_article SET log_length = 1 WHERE slug = 'rest'",
    "a contributor who is gone": "DELETE FROM articles_contributor WHERE revision_id = {public}",
    "a contributor who wrote nothing": (
        "INSERT INTO articles_contributor (user_name, account, name_seal, revision_id, user_id)"
        " VALUES ('robot', {stranger}, '', {public}, {stranger})"
    ),
    "a contributor's account": "UPDATE articles_contributor SET account = {stranger} WHERE revision_id = {public}",
    "a contributor's name": "UPDATE articles_contributor SET user_name = 'x' WHERE revision_id = {public}",
    "a public note": "UPDATE articles_revision SET public_note = 'x' WHERE id = {public}",
    "the public note of an imported text": "UPDATE articles_revision SET public_note = '' WHERE id = {imported}",
    "a reviewer's name": "UPDATE articles_review SET by_name = 'Dr. X' WHERE revision_id = {public}",
    "a reviewer": "UPDATE articles_review SET by_id = {stranger} WHERE revision_id = {public}",
    "the time of a review": "UPDATE articles_review SET at = '2020-01-01 00:00:00+00:00' WHERE revision_id = {public}",
    "the reason of a decision": "UPDATE articles_review SET comment = 'Yes.' WHERE revision_id = {rejected}",
    "an author's name": "UPDATE articles_revision SET author_name = 'x' WHERE id = {public}",
    "an author": "UPDATE articles_revision SET author_id = {stranger} WHERE id = {public}",
    "a name in the log": "UPDATE articles_logentry SET by_name = 'x' WHERE action = 'rejected'",
    "a name in the log as if withheld": (
        "UPDATE articles_logentry SET by_name = 'name withheld', name_seal = '' WHERE action = 'rejected'"
    ),
    "a name after it was withheld": (
        "UPDATE articles_logentry SET by_name = 'x', name_seal = '{sealed}' WHERE action = 'rejected'"
    ),
    "the time of publication": "UPDATE articles_article SET published_at = '2020-01-01 00:00:00+00:00'",
    "the protection": "UPDATE articles_article SET is_protected = NOT is_protected WHERE slug = 'sleep'",
    "a second review that nobody asked for": (
        "UPDATE articles_revision SET needs_second_review = NOT needs_second_review WHERE id = {public}"
    ),
    "the time of a submission": "UPDATE articles_revision SET submitted_at = '2020-01-01 00:00:00+00:00' WHERE id = {public}",
    "a redirect that nobody made": (
        "INSERT INTO articles_previousslug (article_id, slug, replaced_at)"
        " SELECT id, 'slumber', created_at FROM articles_article WHERE slug = 'sleep'"
    ),
    "a confirmation that nobody gave": (
        "INSERT INTO articles_confirmation"
        " (article_id, by_name, at, withdrawn_by_name, claim_key, episode_id, start_seconds, claim)"
        " SELECT id, 'Dr. X', created_at, '', 'x', {episode}, 391, 'It helps.' FROM articles_article WHERE slug = 'sleep'"
    ),
    "what the page is made from": "UPDATE articles_rendering SET text_html = 'x' WHERE revision_id = {public}",
    "a signature": "UPDATE articles_chainlink SET signature = '{signature}' WHERE number = 3",
    "a signature that is gone": "UPDATE articles_chainlink SET signature = '' WHERE number = {last}",
    "signatures that aren't any": "UPDATE articles_chainlink SET signature = 'x'",
    "a key": "UPDATE articles_chainlink SET key_id = '0123456789abcdef' WHERE number = 3",
    "a link of the chain": "UPDATE articles_chainlink SET entry_digest = 'x' WHERE number = 3",
    "a link that is gone": "DELETE FROM articles_chainlink WHERE number = 3",
}


@shared
def rows():
    """The keys of the rows that the manipulations change."""
    by, moderator = make_user(), make_user("moderator", groups=("Moderators",))
    robot = make_user("robot", is_superuser=True)
    sections = (SectionContent("Waste", "It takes five hours."), SectionContent("Dreams", "They are short."))
    article = publish_by_workflow(
        "sleep", by=by, moderator=moderator, notice="health", episode=make_episode(), sections=sections
    )
    change = make_change(article, by=by, lead="Another lead.")
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)
    article = Article.objects.get()
    rejected = make_change(article, by=by, lead="A third lead.")
    workflow.reject(rejected, by=moderator, comment="No.")
    imported = workflow.create_article(make_content("naps"), by=robot, received_digest="a" * 64)
    workflow.publish_received(imported, by=robot)
    related.refresh([imported.article_id])  # as after an import
    unpublished = publish_by_workflow("rest", by=by, moderator=moderator)
    unpublished_revision = unpublished.published_revision_id
    workflow.unpublish(unpublished, by=moderator, reason="A court.")
    chain.seal()
    return {
        "public": change.pk,
        "earlier": article.revision_set.get(number=1).pk,
        "rejected": rejected.pk,
        "imported": imported.pk,
        "unpublished": unpublished_revision,
        "episode": make_episode("another").pk,
        "stranger": robot.pk,
        "sealed": "a" * 64,
        "last": chain.newest().number,
        "signature": ChainLink.objects.get(number=4).signature,
    }


def integrity_problems():
    """Return what check_integrity reports, as a list of lines; the last one is its exit message, if it fails."""
    found = io.StringIO()
    try:
        call_command("check_integrity", stdout=found, verbosity=0)
    except CommandError as error:
        return [*found.getvalue().splitlines(), str(error)]
    return found.getvalue().splitlines()


# Who is named, where it isn't the article "sleep" or a text of it.
PLACES = {"imported": "naps: ", "rest": "rest: ", "link": "site chain: link 3: ", "signature": "site chain: link "}
NAMED = {
    "a word in an imported section": "imported",
    "the lead of an imported text": "imported",
    "the digest of an imported text": "imported",
    "a review that never was": "imported",
    "the public note of an imported text": "imported",
    "an article published": "rest",
    "the last entry": "rest",
    "the number of entries": "rest",
    "a link of the chain": "link",
    "a link that is gone": "link",
    "a key": "link",
    "a signature": "link",
    "a signature that is gone": "signature",
    "signatures that aren't any": "signature",
    "a public slug": "slumber: ",
}


def test_every_manipulation_is_noticed(rows, without_triggers):
    assert problems() == integrity_problems() == []
    unnoticed = []
    for what, statement in MANIPULATIONS.items():
        with without_triggers(), transaction.atomic():
            sql(statement.format(**rows))
            place = PLACES.get(NAMED.get(what), NAMED.get(what, "sleep: "))
            found = problems()
            # As check_integrity writes them, up to the one that is looked for.
            also_found = any(str(finding).startswith(place) for finding in integrity.check(Article.objects.all()))
            transaction.set_rollback(True)  # some leave rows that nothing may refer to
        is_named = any(line.startswith(place) for line in found)
        if not (is_named and also_found and "broken" in found[-1]):
            unnoticed.append((what, found, also_found))

    assert unnoticed == []
    assert problems() == integrity_problems() == []


OF_THE_PUBLIC_TEXT = "UPDATE articles_revision SET {column} = (SELECT {column} FROM articles_revision WHERE id = {public}) WHERE id = {draft}"


@pytest.mark.parametrize("columns", [("author_id", "author_name"), ("author_id",), ("author_name",)])
def test_a_text_does_not_become_that_of_the_author_before(columns, rows, without_triggers):
    public = Revision.objects.select_related("article").get(pk=rows["public"])
    draft = make_change(public.article, by=make_user("second"), lead="Theirs.")
    chain.seal()
    before = problems()

    with without_triggers():
        for column in columns:
            sql(OF_THE_PUBLIC_TEXT.format(column=column, draft=draft.pk, public=public.pk))

    assert before == []
    assert any("its author isn’t the one in the log" in line for line in problems())


@pytest.mark.parametrize(
    "statement",
    ["UPDATE articles_recordingchange SET decided_by_name = 'Dr. X'", "DELETE FROM articles_recordingchange"],
)
def test_a_change_to_a_recording_stays_on_record(statement, rows, without_triggers):
    episode = Episode.objects.get(source__revision=rows["public"])
    episode.title = "Another title"
    workflow.save_episode(episode, ["title"], by=make_user("second", groups=("Moderators",)))
    assert problems() == []

    with without_triggers(), transaction.atomic():
        sql(statement)
        found = problems()
        transaction.set_rollback(True)  # notices may refer to the change

    assert any("isn’t on record as it was logged" in line for line in found)


def forge(sign=None):
    """Recompute all digests and the chain from the rows as they are, as anyone with the code can; `sign` signs a link."""
    predecessors = {}
    for entry in LogEntry.objects.order_by("article", "number").select_related("revision"):
        writers = entry.revision.contributor_set.all() if entry.revision_id else ()
        if entry.action in audit_log.FREEZING:
            digest = audit_log.revision_digest(entry.revision)
            sql("UPDATE articles_revision SET digest = %s WHERE id = %s", digest, entry.revision_id)
            entry.revision.digest = digest
        digest = audit_log.entry_digest(entry, predecessors.get(entry.article_id, ""), writers)
        predecessors[entry.article_id] = digest
        sql("UPDATE articles_logentry SET digest = %s WHERE id = %s", digest, entry.pk)
        sql(
            "UPDATE articles_chainlink SET entry_digest = %s WHERE article_key = %s AND entry_number = %s",
            digest,
            entry.article_id,
            entry.number,
        )
    for article, digest in predecessors.items():
        sql("UPDATE articles_article SET log_digest = %s WHERE id = %s", digest, article)
    predecessor = ""
    for link in ChainLink.objects.sealed():
        predecessor = chain.link_digest(link.number, link, predecessor)
        key_id, signature = sign(chain.head_text(link.number, predecessor)) if sign else (link.key_id, link.signature)
        sql(
            "UPDATE articles_chainlink SET digest = %s, key_id = %s, signature = %s WHERE id = %s",
            predecessor,
            key_id,
            signature,
            link.pk,
        )
    for article in Article.objects.all():
        republish(article)


@pytest.mark.parametrize("by", ["nobody", "the old signatures", "another key", "the key"])
def test_a_history_written_anew_is_noticed(by, rows, without_triggers):
    noted = str(chain.newest())
    signed_heads.note(keys.load(), noted)
    forger = keys.Keys(Ed25519PrivateKey.generate())
    sign = {
        "nobody": lambda statement: ("", ""),
        "the old signatures": None,
        "another key": forger.sign,
        "the key": keys.load().sign,  # whoever has stolen it, too
    }[by]
    with without_triggers():
        sql("UPDATE articles_revision SET lead = 'It does nothing.' WHERE id = %s", rows["public"])
        forge(sign)

    found, also_found = problems(), integrity_problems()

    assert "The site’s chain is broken." in found[-1]
    missing = f"signed-heads-{WORKER}.txt, line 1: the site’s chain doesn’t contain {noted}"
    for lines in (found, also_found):
        assert any(missing in line for line in lines)
        assert any("link" in line for line in lines) == (by != "the key")
    # What follows isn't signed, so it can't pass for the true history.
    make_draft("late", by=make_user("late"))
    assert chain.head().signature == ""


def test_a_tail_that_is_gone_and_an_older_copy_are_noticed(rows, without_triggers):
    """Everything in the database agrees afterwards, as in a backup; only what is outside the database tells."""
    before = str(chain.newest())
    signed_heads.note(keys.load(), before)
    with transaction.atomic():
        make_draft("late", by=make_user("late"))
        signed_heads.note(keys.load(), noted := str(chain.head()))
        transaction.set_rollback(True)

    assert f"doesn’t contain {noted}" in problems()[0]
    assert f"doesn’t contain {noted}" in integrity_problems()[0]
    with pytest.raises(CommandError, match="doesn’t contain"):
        call_command("verify_history", head=noted, stderr=io.StringIO())
    make_draft("later", by=make_user("later"))
    assert chain.head().signature == ""

    call_command("signing_key", restored=True, verbosity=0)

    assert problems() == integrity_problems() == []
    assert chain.head().signature != ""


def test_a_retired_key_verifies_but_no_longer_signs(rows, without_triggers, settings, tmp_path):
    old = keys.load()
    settings.SIGNING_KEY_FILE = tmp_path / "key.pem"
    keys._write(settings.SIGNING_KEY_FILE, old)
    call_command("signing_key", rotate=True, verbosity=0)
    assert problems() == integrity_problems() == []
    make_draft("late", by=make_user("late"))
    head = chain.head()
    assert head.key_id == keys.load().current_id != old.current_id
    assert problems() == []

    with without_triggers():
        sql(
            "UPDATE articles_chainlink SET key_id = %s, signature = %s WHERE number = %s",
            *old.sign(str(head)),
            head.number,
        )

    assert problems()[0] == f"site chain: link {head.number}: a retired key has signed it (key {old.current_id})"
    assert integrity_problems()[0].startswith(problems()[0])


def test_without_its_key_signatures_cannot_be_verified(rows, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "missing.pem"

    found = problems()

    assert found[0].startswith("Signatures are not verified, and nothing is signed. There is no signing key at ")
    assert "signatures can’t be verified" in found[1]
    assert any("signatures can’t be verified" in line for line in integrity_problems())
    make_draft("late", by=make_user("late"))
    assert chain.head().signature == ""


def test_a_revision_that_the_log_does_not_know_is_noticed(rows, without_triggers):
    columns = [field.column for field in Revision._meta.concrete_fields if field.column not in {"id", "number"}]
    names = ", ".join(map(connection.ops.quote_name, columns))
    copy = f"SELECT 9, {names} FROM articles_revision WHERE id = {rows['rejected']}"  # noqa: S608
    sql(f"INSERT INTO articles_revision (number, {names}) {copy}")

    assert problems()[-1].startswith("The history of 1 of 3 articles is broken.")


def test_a_text_based_on_a_draft_that_is_submitted_later_stays_intact():
    first = make_draft()
    second = workflow.start_draft(
        first.article, make_content("sleep", edit_summary="Better."), by=make_user("second"), base=first
    )
    workflow.submit(second, by=second.author)

    workflow.submit(first, by=first.author)

    assert audit_log.verify(first.article) is None


def test_an_imported_text_published_by_an_earlier_version_has_no_digest_and_is_intact(without_triggers):
    robot = make_user("robot", is_superuser=True)
    imported = workflow.create_article(make_content("naps"), by=robot, received_digest="a" * 64)
    workflow.publish_received(imported, by=robot)
    chain.seal()
    with without_triggers():
        sql("UPDATE articles_revision SET digest = ''")
        sql("UPDATE articles_logentry SET name_seal = '', proof = NULL")
        predecessor = ""
        for entry in LogEntry.objects.order_by("number").select_related("revision"):
            predecessor = audit_log.entry_digest(entry, predecessor)
            sql("UPDATE articles_logentry SET digest = %s WHERE id = %s", predecessor, entry.pk)
            sql(
                "UPDATE articles_chainlink SET entry_digest = %s WHERE article_key = %s AND entry_number = %s",
                predecessor,
                entry.article_id,
                entry.number,
            )
        sql("UPDATE articles_article SET log_digest = %s", predecessor)
        sql("UPDATE articles_chainlink SET number = NULL, digest = '', key_id = '', signature = '', proof = NULL")
    signed_heads.settings.SIGNED_HEADS_FILE.unlink(missing_ok=True)
    call_command("signing_key", verbosity=0)

    assert problems() == []
