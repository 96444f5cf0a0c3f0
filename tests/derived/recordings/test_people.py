"""Names of voices: on the transcript's pages, in its files and in exports, held like other changes, and suppressed."""

import html
import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.core.recordings.people import format_people, parse_people
from articles.importing import FeedDelivery, import_transcript
from articles.models import Episode, RecordingChange, Show
from articles.workflow.history import verification
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.samples.feeds import make_feed, make_item

pytestmark = pytest.mark.django_db

VTT = """WEBVTT

00:04.000 --> 00:06.000
<v SPEAKER_00>Welcome to the show.

06:31.000 --> 06:35.000
<v SPEAKER_01>The brain clears waste at night.

20:00.000 --> 20:04.000
<v SPEAKER_02>Good bye.
"""
ADDRESS = "/shows/night-talks/on-sleep/transcript/"


@pytest.fixture
def episode(people):
    episode = make_episode(allows_transcript=True)
    import_transcript(episode, VTT.encode(), "talk.vtt", language="en")
    make_published(episode=episode, **people)
    return name(episode)


def name(episode, own="", shows=""):
    """Name the people of an episode and of its show, as a command would."""
    episode = Episode.objects.select_related("show").get(pk=episode.pk)
    episode.people, episode.show.people = own, shows
    workflow.save_show(episode.show, ["people"], at_once=True)
    workflow.save_episode(episode, ["people"], at_once=True)
    return Episode.objects.select_related("show").get(pk=episode.pk)


def body(response):
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


OWN = "Ada <Lovelace> | voice: SPEAKER_01 | role: guest | link: https://ada.example/"
SHOWS = "Grace Hopper | voice: SPEAKER_00 | role: host\nNemo | voice: SPEAKER_01"


def test_names_are_on_pages_and_in_files(client, episode):
    before = client.get(ADDRESS).text
    name(episode, OWN, SHOWS)

    page, shown, show = (body(client.get(address)) for address in (ADDRESS, ADDRESS[:-11], "/shows/night-talks/"))
    vtt, srt, json = (client.get(f"{ADDRESS[:-1]}.{form}").text for form in ("vtt", "srt", "json"))

    assert ["SPEAKER_00:</b>" in before, "Grace Hopper:</b>" in page] == [True, True]
    assert "Ada <Lovelace>:</b>" in page
    assert "SPEAKER_02:</b>" in page
    assert "Nemo" not in page
    assert (
        '<a href="https://ada.example/" rel="noopener nofollow"><bdi>Ada <Lovelace></bdi></a> (<bdi>guest</bdi>)'
        in shown
    )
    assert "<bdi>Grace Hopper</bdi> (<bdi>host</bdi>)" in shown
    assert "<bdi>Grace Hopper</bdi> (<bdi>host</bdi>)" in show
    assert "<v Grace Hopper>" in vtt
    assert "Grace Hopper: Welcome to the show." in srt
    assert '"speaker": "Grace Hopper"' in json
    assert "<Lovelace>:" not in client.get(ADDRESS).text


def test_people_are_exported_next_to_the_soundbites(client, episode):
    name(episode, OWN, SHOWS)

    text = client.get("/shows/night-talks/on-sleep/soundbites.xml").text

    assert '<podcast:person role="host">Grace Hopper</podcast:person>\n<podcast:person>Nemo</podcast:person>' in text
    assert (
        '<podcast:person role="guest" href="https://ada.example/">Ada &lt;Lovelace&gt;</podcast:person>\n'
        "<podcast:soundbite"
    ) in text


def test_editors_see_which_voices_have_no_name(client, episode):
    name(episode, shows=SHOWS)
    client.force_login(make_moderator("second"))

    page = body(client.get(reverse("admin:articles_episode_transcript", args=[episode.pk])))

    assert '<b class="passage__speaker">Grace Hopper:</b>' in page
    assert "Voices without a name: <bdi>SPEAKER_02</bdi>." in page


def test_names_wait_like_other_changes_of_a_recording(client, episode):
    client.force_login(make_user("other"))
    address = reverse("admin:articles_episode_change", args=[episode.pk])
    form = client.get(address).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    sets = {
        f"{prefix}-{part}": 0 for prefix in ("chapter_set", "edition_set") for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    wrong = client.post(address, {**data, **sets, "people": "Ada | guest"})
    client.post(address, {**data, **sets, "people": OWN})

    assert "Line 1: write “guest” as voice:" in body(wrong)
    change = RecordingChange.objects.waiting().get()
    assert change.after["people"] == OWN
    assert "SPEAKER_01:</b>" in client.get(ADDRESS).text
    page = body(client.get(reverse("admin:articles_recordingchange_change", args=[change.pk])))
    assert f"<ins>{OWN}</ins>" in page
    workflow.recordings.decisions.accept(change, by=make_moderator("second"))
    assert "Ada &lt;Lovelace&gt;:</b>" in client.get(ADDRESS).text


def test_digests_from_before_hold_until_people_are_named(episode):
    before = episode.recording_digest

    named = [name(episode, OWN).recording_digest, name(episode, "", SHOWS).recording_digest]

    assert before not in named
    assert name(episode).recording_digest == before


def test_a_suppressed_name_goes_from_recordings_and_their_records(client, episode):
    name(episode, "Ada Lovelace | voice: SPEAKER_01", "Ada Lovelace | role: host")

    changed = workflow.suppress_name("Ada Lovelace", by=make_user("root", is_superuser=True))

    assert changed >= 2
    assert [row.people for row in (Episode.objects.get(), Show.objects.get())] == [
        "name withheld | voice: SPEAKER_01",
        "name withheld | role: host",
    ]
    assert "Lovelace" not in str(list(RecordingChange.objects.values("before", "after")))
    assert "name withheld:</b>" in client.get(ADDRESS).text
    assert list(verification.recordings.contradictions()) == []
    assert list(verification.rows.contradictions()) == []


def test_feeds_give_people_once_and_keep_what_was_named(tmp_path):
    person = '<podcast:person role="guest">Bob Bates</podcast:person>'
    host = "<podcast:person>Ann Ames</podcast:person>"
    path = tmp_path / "feed.xml"

    def deliver(tags, **options):
        path.write_bytes(make_feed(make_item(tags=tags), tags=host))
        delivery = FeedDelivery(**options)
        delivery.open(str(path))
        results = [delivery.import_item(item) for item in delivery.feed.episodes]
        return [problem for result in results for problem in result.problems if problem.part == "people"]

    assert deliver(person) == []
    episode = Episode.objects.select_related("show").get()
    assert (episode.people, episode.show.people) == ("Bob Bates | role: guest", "Ann Ames")

    [bob] = parse_people("Bob Bates | voice: SPEAKER_01 | role: guest")
    name(episode, format_people([bob]), "Ann Ames | voice: SPEAKER_00")
    assert deliver(person) == []
    assert deliver(person.replace("Bob", "Rob")) != []
    episode = Episode.objects.select_related("show").get()
    assert (episode.people, episode.show.people) == (bob.line, "Ann Ames | voice: SPEAKER_00")
    deliver(person.replace("guest", "host"), overwrite=True)
    assert Episode.objects.get().people == "Bob Bates | voice: SPEAKER_01 | role: host"
