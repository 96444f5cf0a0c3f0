"""The key, the signatures, and the file of signed heads: what operators and readers do with them."""

import base64
import errno
import io
import json
import logging
import re
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from articles.models import ChainLink
from articles.workflow.history import chain, keys, signed_heads, verification
from tests.support.factories import make_draft, make_published, make_user, publish_by_workflow
from tests.support.paths import PROJECT

from .test_chain import problems, sql


@pytest.fixture
def key_file(settings, tmp_path):
    """Where a new site's key will be."""
    settings.SIGNING_KEY_FILE = tmp_path / "of-the-site" / "key.pem"
    chain._warn.cache_clear()
    return settings.SIGNING_KEY_FILE


def warnings():
    return [found for found in run_checks() if found.id.startswith("articles.W")]


def test_a_key_is_made_once_and_only_its_owner_can_read_it(key_file, db, capsys):
    call_command("signing_key", create=True)
    written = key_file.read_text()
    call_command("signing_key", create=True)

    assert key_file.read_text() == written
    assert key_file.stat().st_mode & 0o777 == 0o600
    out = capsys.readouterr().out
    assert out.count("Created ") == 1
    assert out.count(f"Key {keys.load().current_id}\n-----BEGIN PUBLIC KEY-----\n") == 2
    assert "PRIVATE" not in out


def test_a_key_that_could_not_be_written_whole_is_not_left_behind(key_file, db, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(CommandError, match=rf"^{re.escape(str(key_file))}: No space left on device\."):
            call_command("signing_key", create=True)

    assert not key_file.exists()
    call_command("signing_key", create=True)
    assert keys.load()


def test_a_new_key_keeps_the_public_keys_of_earlier_ones(key_file, db):
    call_command("signing_key", create=True, verbosity=0)
    first = keys.load()
    call_command("signing_key", rotate=True, verbosity=0)
    second = keys.load()
    call_command("signing_key", rotate=True, verbosity=0)
    third = keys.load()

    assert list(third.public) == [first.current_id, second.current_id, third.current_id]
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.read_text().count("PRIVATE KEY") == 2  # the beginning and the end of one
    key_id, signature = first.sign("1:a")
    assert third.has_signed("1:a", key_id, signature)
    assert not third.has_signed("2:a", key_id, signature)
    assert not third.has_signed("1:a", third.current_id, signature)
    assert not third.has_signed("1:a", "unknown", signature)
    assert not third.has_signed("1:a", key_id, "no Base64")


@pytest.mark.parametrize(
    "content", [b"", b"x", b"\xff\xfe", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_said(key_file, db, content):
    key_file.parent.mkdir()
    key_file.write_bytes(content)

    with pytest.raises(CommandError, match=r"isn’t a signing key\. It must have one Ed25519 private key as PEM"):
        call_command("signing_key", create=True)
    assert key_file.read_bytes() == content


def test_a_key_of_another_kind_is_refused(key_file):
    key_file.parent.mkdir()
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key_file.write_bytes(other)

    with pytest.raises(keys.KeyProblem, match="isn’t a signing key"):
        keys.load()


@pytest.fixture
def never_signed(key_file, db, without_triggers):
    """A site that never had a key: its groups were recorded without one."""
    with without_triggers():
        ChainLink.objects.update(key_id="", signature="", proof=None)


def test_a_site_without_a_key_works_and_says_that_nothing_is_signed(key_file, never_signed, caplog):
    with caplog.at_level(logging.WARNING):
        publish_by_workflow("sleep")
        make_draft("naps", by=make_user("second"))
        assert chain.head().signature == ""
        make_draft("rest", by=make_user("third"))
        chain.seal()

    said = f"There is no signing key at {key_file}. Create one with `manage.py signing_key --create`, or put it back."
    assert [record.getMessage() for record in caplog.records] == [f"The record of changes isn’t signed. {said}"]
    assert problems() == [f"Signatures are not verified, and nothing is signed. {said}"]
    (warning,) = warnings()
    assert warning.msg == f"The record of changes isn’t signed. {said}"


def test_a_first_key_signs_what_is_there(never_signed, capsys):
    publish_by_workflow("sleep")
    chain.seal()

    call_command("signing_key", create=True)

    assert f"Signed {chain.newest().number} links of the chain.\n" in capsys.readouterr().out
    assert not ChainLink.objects.filter(signature="").exists()
    assert problems() == []
    assert warnings() == []


def test_a_key_that_others_can_read_is_warned_of(key_file, db):
    call_command("signing_key", create=True, verbosity=0)
    key_file.chmod(0o640)

    (warning,) = warnings()

    assert (warning.id, warning.hint) == ("articles.W002", f"Run: chmod 600 {key_file}")


def test_signed_heads_that_cannot_be_kept_are_warned_of(settings, tmp_path, monkeypatch):
    settings.SIGNED_HEADS_FILE = tmp_path / "new" / "heads.txt"
    assert warnings() == []
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)  # root may write everywhere

    (warning,) = warnings()

    assert (warning.id, warning.msg) == (
        "articles.W003",
        f"Signed heads can’t be written to {settings.SIGNED_HEADS_FILE}.",
    )


def test_a_signature_once_set_stays(db):
    publish_by_workflow("sleep")
    chain.seal()

    with pytest.raises(Exception, match="append-only"):
        sql("UPDATE articles_chainlink SET signature = ''")


@pytest.mark.django_db(transaction=True)
def test_every_commit_notes_its_head_outside_the_database(settings):
    publish_by_workflow("sleep")
    make_draft("naps", by=make_user("second"))

    lines = [signed_heads.SignedHead.parse(line) for line in settings.SIGNED_HEADS_FILE.read_text().splitlines()]

    assert lines[-1].head == str(chain.newest())
    assert [line.number for line in lines] == sorted({line.number for line in lines})
    assert all(chain.has(line.head) for line in lines)
    assert settings.SIGNED_HEADS_FILE.stat().st_mode & 0o777 == 0o600
    assert problems() == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("x", "it can’t be read, so somebody has changed it"),
        ("1:aa 2031-01-01 key", "it can’t be read, so somebody has changed it"),
        ("{head} 2031-01-01 {key} AAAA", "no known key has signed it (key {key})"),
        ("{head} 2031-01-01 0123 {signature}", "no known key has signed it (key 0123)"),
    ],
)
def test_a_changed_line_is_reported(db, settings, line, problem):
    publish_by_workflow("sleep")
    head = chain.head()
    values = {"head": head, "key": head.key_id, "signature": head.signature}
    settings.SIGNED_HEADS_FILE.write_text(line.format(**values) + "\n")

    assert problems()[0] == f"site chain: {settings.SIGNED_HEADS_FILE.name}, line 1: {problem.format(**values)}"


def test_a_restore_of_nothing_can_be_noted(db):
    signed_heads.note(keys.load(), f"7:{'a' * 64}")
    assert problems()

    call_command("signing_key", restored=True, verbosity=0)

    assert problems() == []
    assert list(verification.verify()) == []


def test_heads_after_a_restore_count_again(db):
    make_published("sleep")
    kept = chain.head()
    signed_heads.note(keys.load(), f"{kept.number + 2}:{'a' * 64}")
    call_command("signing_key", restored=True, verbosity=0)
    assert problems() == []

    signed_heads.note(keys.load(), f"{kept.number + 1}:{'b' * 64}")

    assert len(problems()) == 2


# What readers see -----------------------------------------------------------------------------------


def test_head_and_keys_are_public(client, db):
    make_published("sleep")
    head = chain.head()

    stated = client.get("/record.json").json()
    response = client.get("/record/keys.json")
    page = client.get("/record/").content.decode()

    assert stated == {
        "number": chain.newest().number,
        "digest": head.digest,
        "at": head.at.isoformat(timespec="seconds"),
        "key": head.key_id,
        "signature": head.signature,
    }
    assert response["Content-Type"] == "application/jwk-set+json"
    (key,) = response.json()["keys"]
    assert {name: key[name] for name in ("kty", "crv", "kid", "alg")} == {
        "kty": "OKP",
        "crv": "Ed25519",
        "kid": head.key_id,
        "alg": "EdDSA",
    }
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    public.verify(base64.b64decode(head.signature), str(head).encode())  # raises InvalidSignature
    assert head.signature in page
    assert 'href="/record/keys.json"' in page


def test_without_a_key_there_is_a_head_but_no_signature(client, key_file, db):
    make_published("sleep")

    stated = client.get("/record.json").json()

    assert (stated["number"], stated["key"], stated["signature"]) == (chain.newest().number, None, None)
    assert client.get("/record/keys.json").json() == {"keys": []}
    assert "This head isn’t signed." in client.get("/record/").content.decode()


@pytest.mark.parametrize("is_forged", [False, True])
def test_the_documented_script_verifies_a_downloaded_export(client, db, tmp_path, is_forged):
    make_published("sleep")
    article = client.get("/articles/sleep.json").json()
    if is_forged:
        article["record"]["number"] += 1
    (tmp_path / "sleep.json").write_text(json.dumps(article))
    (tmp_path / "keys.json").write_bytes(client.get("/record/keys.json").content)
    (_, script) = (PROJECT / "docs" / "history.md").read_text().split("```python\n")
    script = script.partition("```")[0]

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script, "sleep.json", "keys.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    head = article["record"]
    if is_forged:
        assert done.returncode == 1
        assert "InvalidSignature" in done.stderr
    else:
        assert done.stdout == f"{head['number']}:{head['digest']} was signed with key {head['key']}\n"


def test_the_command_that_restores_says_where(db, settings):
    make_published("sleep")
    chain.seal()
    written = io.StringIO()

    call_command("signing_key", restored=True, stdout=written)

    said = f"Noted in {settings.SIGNED_HEADS_FILE} that the database was restored up to {chain.newest()}.\n"
    assert written.getvalue().startswith(said)
