"""Commands find what is named in another case."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.importing import episode_named
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("export_article", ["DEEP-sleep"]),
        ("rebuild", ["--article", "DEEP-sleep"]),
        ("verify_history", ["--article", "DEEP-sleep"]),
        ("inspect_articles", ["--article", "DEEP-sleep"]),
        ("inspect_articles", ["--show", "NIGHT-talks"]),
        ("check_citations", ["--article", "DEEP-sleep"]),
        ("check_citations", ["--show", "NIGHT-talks"]),
    ],
)
def test_commands_find_a_name_in_another_case(command, arguments):
    make_published("Deep-Sleep", episode=make_episode("On-Sleep", handle="Night-Talks"))
    out, err = StringIO(), StringIO()

    call_command(command, *arguments, stdout=out, stderr=err)

    with pytest.raises(CommandError):
        call_command(command, *arguments[:-1], "deep", stdout=out, stderr=err)


def test_episodes_are_found_by_a_name_in_another_case():
    episode = make_episode("On-Sleep", handle="Night-Talks")

    assert episode_named("night-talks/on-sleep") == episode_named("ON-SLEEP") == episode


def test_a_revision_that_is_not_there_is_named():
    make_published("sleep")

    with pytest.raises(CommandError, match="“sleep” has no revision 0"):
        call_command("export_article", "sleep", revision=0)


@pytest.mark.parametrize("seconds", [0, -1])
def test_publishing_is_repeated_after_at_least_a_second(seconds):
    with pytest.raises(CommandError, match="--every must be at least 1"):
        call_command("publish_due", every=seconds)


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("rebuild", ["--article="], "There is no article with the slug “”."),
        ("verify_history", ["--article="], "There is no article with the slug “”."),
        ("check_integrity", ["--article="], "There is no article with the slug “”."),
        ("inspect_articles", ["--article="], "There is no published article with the slug “”."),
        ("inspect_articles", ["--show="], "No published article is based on a show “”."),
        ("check_citations", ["--article="], "There is no article “”."),
        ("check_citations", ["--show="], "There is no show “”."),
        ("import_feed", ["feed.xml", "--show="], "“” isn’t a valid handle. Use only letters, digits, - and _."),
        ("import_feed", ["feed.xml", "--as="], "There is no active user “”."),
    ],
)
def test_an_empty_name_is_unknown(command, arguments, message):
    make_published("deep-sleep", episode=make_episode("on-sleep", handle="night-talks"))

    with pytest.raises(CommandError) as refused:
        call_command(command, *arguments)

    assert str(refused.value) == message
