"""The settings in a backup have no secret, and every variable is known."""

import os
import re
import subprocess

import pytest

from ketamine_site.environment import ENVIRONMENT
from ketamine_site.operations.backup.environment import without_secrets
from tests.support.paths import PROJECT


def test_every_documented_variable_is_backed_up():
    table = (PROJECT / "docs" / "configuration.md").read_text().partition("## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == ENVIRONMENT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "hidden"),
        ("DATABASE_URL", "postgres://site:hidden@db.example:5432/site"),
        ("DATABASE_URL", "postgres://site@db.example/site?password=hidden"),
        ("DATABASE_URL", "postgres://[hidden"),
        ("EMAIL_URL", "smtp+tls://site:hidden@mail.example:587"),
        ("CELERY_BROKER_URL", "amqp://site:hidden@a.example//;amqp://site:hidden@b.example//"),
        *((name, "redis://:hidden@some.example:6379/0") for name in sorted(ENVIRONMENT) if name.endswith("_URL")),
    ],
)
def test_a_secret_is_left_out_and_named(name, value):
    text = without_secrets({name: value})

    assert "hidden" not in text
    assert re.search(rf"^# .*{name}", text, re.MULTILINE)


def test_the_rest_can_be_read_by_a_shell():
    values = {"SITE_NAME": "It’s said 'at' $HOME \"now\"", "DATABASE_URL": "sqlite:////srv/my site/db.sqlite3"}
    text = without_secrets(values | {"HOME": "/root", "WORKERS": " 4 "})

    done = subprocess.run(  # noqa: S603
        ["sh", "-c", f"set -a; {text}\nprintf '%s|%s|%s' \"$SITE_NAME\" \"$DATABASE_URL\" \"$WORKERS\""],  # noqa: S607
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "|".join([*values.values(), "4"])
    assert "HOME=" not in text
