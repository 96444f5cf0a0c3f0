import html
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles import workflow
from articles.admin.recordings.transcripts.pages import import_summary
from articles.admin.shared.helpers import editor_of
from articles.importing import import_transcript
from articles.models import Chapter, Check, Cue, Episode, LogEntry, RecordingChange, Transcript
from articles.views.recordings.transcripts import passages
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

WORDS = """00:00:04 Let us talk about the sea for a while.
00:06:29 At night the brain clears its waste, and that is why we sleep.
00:40:00 Thank you all <for> listening to this.
"""
PAGES = ["articles_episode_transcript", "articles_episode_transcript_remove"]


def address(episode, name="articles_episode_transcript"):
    return reverse(f"admin:{name}", args=[episode.pk])


def body(response):
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


@pytest.fixture
def editor(client):
    user = make_user()
    client.force_login(user)
    return user


# Permissions


@pytest.mark.parametrize("name", PAGES)
def test_nobody_reads_a_transcript_without_the_permission_to_edit(client, name):
    episode = make_episode()
    import_transcript(episode, WORDS.encode())
    anonymous = client.get(address(episode, name))
    client.force_login(make_user("guest", groups=()))
    guest = client.get(address(episode, name))
    client.force_login(make_user("reader", groups=(), is_active=True))
    posted = client.post(address(episode, name), {"text": "00:00:01 Salt.", "loaded_as": episode.transcript_digest})

    assert (anonymous.status_code, "clears" in body(anonymous)) == (302, False)
    assert (guest.status_code, "clears" in body(guest)) == (403, False)
    assert posted.status_code == 403
    assert Cue.objects.count() == 3


@pytest.mark.parametrize("name", PAGES)
def test_unknown_episode_is_404(client, editor, name):
    assert client.get(reverse(f"admin:{name}", args=[10**9])).status_code == 404


def test_an_editor_proposes_to_replace_a_transcript_that_published_articles_cite(client, editor):
    episode = make_episode()
    make_published(by=editor, episode=episode)
    import_transcript(episode, WORDS.encode())

    page = body(client.get(address(episode)))
    values = {"text": "00:00:01 Salt.", "loaded_as": episode.transcript_digest, "reason": "Corrected."}
    posted = client.post(address(episode), values)
    removed = client.post(address(episode, PAGES[1]), {"loaded_as": episode.transcript_digest, "reason": "Gone."})

    assert "At night the brain clears its waste" in page
    assert 'name="reason"' in page
    assert (posted.status_code, removed.status_code) == (302, 302)
    waiting = RecordingChange.objects.waiting().order_by("pk")
    assert [(row.reason, row.after["transcript"] is None) for row in waiting] == [
        ("Corrected.", False),
        ("Gone.", True),
    ]
    assert Cue.objects.count() == 3


def test_episode_page_shows_the_transcript_to_editors(client, editor):
    episode = make_episode()
    change = reverse("admin:articles_episode_change", args=[episode.pk])
    before = body(client.get(change))
    import_transcript(episode, WORDS.encode(), "a.txt", by=editor)

    after = body(client.get(change))

    assert "No transcript, so the episode’s citations can’t be checked." in before
    assert "<b>3 cues</b> (plain), imported" in after
    assert f'action="{address(episode)}"' in after


def test_viewer_of_episodes_sees_nothing_of_the_transcript(client):
    episode = make_episode()
    import_transcript(episode, WORDS.encode(), "a.txt")
    guest = make_user("guest", groups=())
    guest.user_permissions.add(Permission.objects.get(codename="view_episode"))
    client.force_login(guest)

    page = client.get(reverse("admin:articles_episode_change", args=[episode.pk]))

    assert page.status_code == 200
    assert "a.txt" not in body(page)
    assert "3 cues" not in body(page)


# Importing


def test_file_is_imported_and_reported(client, editor):
    episode = make_episode()
    draft = make_draft(by=editor, episode=episode)
    file = SimpleUploadedFile("../talks/on-sleep.txt", WORDS.encode())

    response = client.post(address(episode), {"file": file, "language": "en", "loaded_as": ""}, follow=True)

    transcript = Transcript.objects.get()
    assert response.redirect_chain == [(address(episode), 302)]
    page = body(response)
    assert "3 cues imported, 1 citation checked." in page
    assert "<b>3 cues</b>, en (plain), imported" in page
    assert 'by editor from <span dir="auto">on-sleep.txt</span>' in page
    assert f'<code title="{transcript.digest}">{transcript.digest[:12]}</code>' in page
    assert (transcript.imported_by, transcript.cue_count) == (editor, 3)
    assert draft.citation_set.get().finding.verdict == "said here"


def test_pasted_lines_replace_the_transcript_and_problems_are_listed(client, editor):
    episode = make_episode()
    first = import_transcript(episode, WORDS.encode(), "a.txt", by=editor).transcript

    pasted = {"text": "Intro\r\n00:00:04 Salt.\r\n00:75 <i>Sand</i>\r\n", "loaded_as": first.digest}
    page = body(client.post(address(episode), pasted, follow=True))

    assert "1 cue imported, 0 citations checked. 2 issues, listed below." in page
    assert '<td>1</td><td></td><td dir="auto">Intro</td><td>Text before the first time was skipped.</td>' in page
    assert "00:75 isn’t a valid time (minutes and seconds go up to 59) and was skipped." in page
    assert "1 earlier transcript" in page
    assert 'from <span dir="auto">a.txt</span>, not reviewed by anyone else; replaced or removed <time' in page
    assert [cue.text for cue in Cue.objects.all()] == ["Salt."]
    again = body(
        client.post(address(episode), pasted | {"loaded_as": Transcript.objects.current().get().digest}, follow=True)
    )
    assert "The transcript already has these cues. Nothing was changed." in again


def test_a_file_that_looks_wrong_is_imported_once_it_is_confirmed(client, editor):
    episode = make_episode(duration_seconds=60)
    file = SimpleUploadedFile("on-sleep.txt", WORDS.encode())

    asked = client.post(address(episode), {"file": file, "language": "en", "loaded_as": ""})
    page = body(asked)

    assert asked.status_code == 400
    assert "The transcript goes on until 40 min, but the episode is only 1 min long." in page
    assert "Thank you all <for> listening to this." in page  # the file needn't be chosen again
    assert not Cue.objects.exists()
    form = asked.context["form"]
    again = {name: form[name].value() or "" for name in ("text", "file_name", "language", "loaded_as")}
    done = client.post(address(episode), again | {"confirm": "on"}, follow=True)
    assert "3 cues imported" in body(done)
    assert "The transcript goes on until 40 min" in body(done)
    assert Transcript.objects.get().file_name == "on-sleep.txt"


def test_import_by_a_moderator_updates_the_published_page(client):
    episode = make_episode()
    article = make_published(episode=episode)
    moderator = make_moderator("ida")
    client.force_login(moderator)

    page = body(client.post(address(episode), {"text": WORDS, "loaded_as": ""}, follow=True))

    assert "3 cues imported, 1 citation checked. 1 published page updated." in page
    assert "Matches transcript (automatic" in client.get(article.get_absolute_url()).content.decode()
    assert LogEntry.objects.order_by("pk").last().by_name == "ida"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Not imported: Either choose a file or paste the transcript."),
        ({"text": "Salt."}, "No line with a time was found"),
        ({"text": "WEBVTT\n\n"}, "The file has no cues, so nothing was changed."),
        ({"file": SimpleUploadedFile("a.vtt", b"")}, "The submitted file is empty."),
        ({"file": SimpleUploadedFile("a.json", b"{")}, "Line 1: invalid JSON"),
        (
            {"file": SimpleUploadedFile("a.mp3", b"x" * 1_100_000)},
            "The file is larger than 1 MB, too large for a transcript.",
        ),
        ({"text": "00:00:01 Salt.", "loaded_as": "x"}, "Not imported: Someone else imported or removed"),
        ({"text": "00:00:01 Salt.", "language": "x" * 30}, "Ensure this value has at most 20 characters"),
    ],
)
def test_invalid_import_is_reported_and_kept(client, editor, settings, given, message):
    settings.TRANSCRIPT_MAX_BYTES = 1024 * 1024
    episode = make_episode()

    response = client.post(address(episode), {"loaded_as": ""} | given)

    assert response.status_code == 400
    assert message in body(response)
    assert given.get("text", "").strip() in response.content.decode()
    assert not Transcript.objects.exists()


def test_a_post_needs_the_form_s_token(client, editor):
    client.handler.enforce_csrf_checks = True
    episode = make_episode()

    assert client.post(address(episode), {"text": WORDS}).status_code == 403
    assert not Transcript.objects.exists()


# Reading and searching


def test_times_lead_to_the_recording_and_text_is_escaped(client, editor):
    episode = make_episode(youtube_id="abcdefghijk", chapters=[(0, "The sea"), (300, "Sleep & <b>rest</b>")])
    import_transcript(episode, WORDS.encode())

    page = client.get(address(episode)).content.decode()

    assert 'href="https://www.youtube.com/watch?v=abcdefghijk&amp;t=389s"' in page
    assert ">Thank you all &lt;for&gt; listening to this.</span>" in page
    assert re.findall(r'<h3 class="transcript__chapter"[^>]*>(.*?)</h3>', page) == [
        "<bdi>The sea</bdi>",
        "<bdi>Sleep &amp; &lt;b&gt;rest&lt;/b&gt;</bdi>",
    ]
    assert page.count("<h3") == 2


def test_no_time_leads_to_a_recording_that_does_not_exist(client, editor):
    episode = make_episode(chapters=[(300, "Sleep")])
    import_transcript(episode, WORDS.encode())
    make_published(episode=episode, by=editor)
    minute = reverse("admin:articles_episode_moment", args=[episode.pk], query={"t": 391})
    spoken = reverse("admin:search_transcripts", query={"q": "brain clears"})
    around = reverse("admin:articles_passages", query={"source": f"e1:{episode.reference}", "at": 391})
    addresses = [address(episode), address(episode) + "?q=brain", minute, spoken, around]

    pages = [client.get(page).text for page in [*addresses, episode.get_absolute_url()]]

    assert "The episode has no video, audio file or page to listen to." in pages[0]
    assert ["06:29" in page for page in pages[:5]] == [True] * 5
    cues = [re.findall(rf'href="{episode.get_absolute_url()}"[^>]*>', page) for page in pages[:2] + pages[3:5]]
    assert cues == [[]] * 4
    assert f'href="{episode.get_absolute_url()}" rel="noopener">06:29' not in pages[2]
    assert "Listen at" not in pages[5]


def test_long_transcript_is_paginated_and_a_moment_opens_its_page(client, editor, monkeypatch):
    monkeypatch.setattr(passages, "PER_PAGE", 200)
    episode = make_episode()
    lines = "\n".join(f"{second // 60:02}:{second % 60:02} Wave {second}." for second in range(450))
    import_transcript(episode, lines.encode())

    first = body(client.get(address(episode)))
    last = body(client.get(address(episode), {"page": 9}))
    there = body(client.get(address(episode), {"at": "250"}))
    odd = client.get(address(episode), {"at": "²", "page": "x"})

    assert ("Wave 199." in first, "Wave 200." in first, "Part 1 of 3" in first) == (True, False, True)
    assert ("Wave 449." in last, "Part 3 of 3" in last) == (True, True)
    assert re.findall(r'<span class="cue cue--there"[^>]*>Wave (\d+)', there) == ["250"]
    assert there.count(' id="there" aria-current="true"') == 1
    assert "Part 2 of 3" in there
    assert odd.status_code == 200


def test_search_finds_words_and_leads_into_the_transcript(client, editor):
    episode = make_episode()
    import_transcript(episode, WORDS.encode())

    found = body(client.get(address(episode), {"q": "brain waste"}))
    nothing = body(client.get(address(episode), {"q": '<script>"'}))

    assert "1 result for “brain waste”." in found
    assert f"{address(episode)}?at=389#there" in found
    assert 'No results for “<script>"”.' in nothing
    assert "&lt;script&gt;" in client.get(address(episode), {"q": "<script>"}).content.decode()


def test_every_result_is_on_a_page(client, editor):
    episode = make_episode()
    import_transcript(episode, "\n".join(f"00:{minute:02}:00 Tides." for minute in range(60)).encode())

    first, last = (client.get(address(episode), {"q": "tides", "page": page}) for page in (1, 2))

    assert "60 results for “tides”." in body(first)
    assert 'href="?q=tides&amp;page=2#transcript-said" rel="next"' in first.text
    assert [row.start_seconds for row in last.context["results"]] == [60 * minute for minute in range(50, 60)]


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_constant_number_of_queries(client, editor, count, django_assert_num_queries):
    episode = make_episode()
    Chapter.objects.bulk_create(Chapter(episode=episode, start_seconds=at, title=str(at)) for at in range(count))
    for number in range(count):
        lines = "\n".join(f"00:0{at} Wave {at} of {number}." for at in range(count))
        import_transcript(episode, lines.encode())

    with django_assert_num_queries(17):
        client.get(address(episode))


# What cites it


@pytest.fixture
def cited(people):
    """An episode that a published text, a draft of a change to it, and a submitted revision of another article cite."""
    episode = make_episode(chapters=[(0, "The sea"), (300, "Sleep")])
    import_transcript(episode, WORDS.encode())
    said = "At night the brain clears its waste [00:06:31]."
    sections = (SectionContent("Why", f"First. {said}"), SectionContent("How", "It is cleared [00:00:05-00:00:20]."))
    article = make_published("sleep", title="Sleep", episode=episode, sections=sections, **people)
    content = replace(
        content_of(article.published_revision),
        sections=(SectionContent("Why", f"{said} Nobody <b> knows [00:07:00]."),),
    )
    draft = workflow.start_draft(article, content, by=people["by"], base=article.published_revision)
    other = make_published("rest", title="Rest", episode=episode, sections=(), **people)
    submitted = make_change(other, by=people["by"], sections=(SectionContent("Why", "It rests [00:06:32]."),))
    withdrawn = make_change(other, by=people["by"], sections=(SectionContent("Why", "It is idle [00:06:33]."),))
    workflow.withdraw(withdrawn, by=people["by"])
    return SimpleNamespace(episode=episode, article=article, draft=draft, submitted=submitted)


NOTE = re.compile(
    r'<li><a class="passage__cited" href="#([^"]*)">.*?<a href="([^"]*)"[^>]*>(.*?)</a>.*?'
    r'passage__source"><span dir="auto">(.*?)</span> · (.*?) · <span class="status',
    re.DOTALL,
)


def test_citations_of_published_and_open_texts_are_next_to_their_words(client, editor, cited):
    page = client.get(address(cited.episode)).text

    published, draft, submitted = cited.article.published_revision, cited.draft, cited.submitted
    by_claim = {claim: (anchor, href, title, details) for anchor, href, claim, title, details in NOTE.findall(page)}
    assert by_claim == {
        "It is cleared.": ("t-4", f"{editor_of(published)}#c-id_sections-1-body-14-0", "Sleep", "published"),
        "At night the brain clears its waste.": (
            "t-389",
            f"{editor_of(published)}#c-id_sections-0-body-43-0",
            "Sleep",
            f"published, revision {draft.number} (draft, editor)",
        ),
        "It rests.": (
            "t-389",
            f"{submitted.get_absolute_url()}#claim-{submitted.citation_set.get().pk}",
            "Rest",
            f"revision {submitted.number} (submitted, editor)",
        ),
        "Nobody &lt;b&gt; knows.": (
            "t-389",
            f"{editor_of(draft)}#c-id_sections-0-body-65-0",
            "Sleep",
            f"revision {draft.number} (draft, editor)",
        ),
    }


def test_a_claim_opens_in_the_editor_where_it_is(client, editor, cited):
    page = client.get(address(cited.episode)).text
    href = next(href for _, href, claim, *_ in NOTE.findall(page) if claim.startswith("Nobody"))

    opened, _, anchor = href.partition("#")

    assert f'id="{anchor}"' in client.get(opened).text


def test_readers_of_the_public_page_see_no_unpublished_text(client, cited):
    type(cited.episode).objects.update(allows_transcript=True)

    page = client.get(reverse("transcript", args=[cited.episode.show.handle, cited.episode.slug])).text

    assert "It is cleared." in page
    assert not any(words in page for words in ("knows", "It rests", "(draft"))


@pytest.mark.parametrize("count", [1, 30])
def test_citations_take_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    episode = make_episode()
    import_transcript(episode, WORDS.encode())
    for number in range(count):
        claims = f"At night it clears {number} [00:06:31]. It clears [00:06:32]."
        make_published(
            f"sleep-{number}", title="Sleep", episode=episode, sections=(SectionContent("Why", claims),), **people
        )
    client.force_login(people["by"])

    with django_assert_num_queries(19):
        page = client.get(address(episode)).text

    assert page.count('class="passage__cited"') == 2 * count


# Removing


def test_removing_asks_first_and_keeps_the_record(client):
    episode = make_episode()
    article = make_published(episode=episode)
    import_transcript(episode, WORDS.encode())
    client.force_login(make_moderator("ida"))

    asked = body(client.get(address(episode, PAGES[1])))
    refused = body(client.post(address(episode, PAGES[1]), {"loaded_as": "x"}, follow=True))
    kept = Cue.objects.count()
    done = body(client.post(address(episode, PAGES[1]), {"loaded_as": episode.transcript_digest}, follow=True))

    assert "1 published citation will become “not checked”." in asked
    assert "Someone else imported or removed a transcript" in refused
    assert kept == 3
    assert "Transcript removed. It is still listed in the transcript history." in done
    assert "1 earlier transcript" in done
    assert (Cue.objects.count(), Check.objects.count()) == (0, 0)
    assert "(automatic" not in client.get(article.get_absolute_url()).content.decode()
    gone = body(client.get(address(episode, PAGES[1]), follow=True))
    assert "The transcript was already removed." in gone


def test_large_numbers_are_written_as_the_language_writes_them(german):
    lines = "\n".join(f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02} Cue number {n}." for n in range(1234))

    result = import_transcript(
        make_episode(duration_seconds=1235), lines.encode(), "talk.txt", language="en", is_confirmed=True
    )

    assert import_summary(result).startswith("1.234 ")


def test_the_page_says_whether_readers_can_open_the_transcript(client, editor, people):
    episode = make_episode()
    import_transcript(episode, WORDS.encode())
    public = f'<a href="/shows/night-talks/{episode.slug}/transcript/">Public page</a>'
    assert "Third-party text, not public." in body(client.get(address(episode)))

    Episode.objects.update(allows_transcript=True)
    allowed = body(client.get(address(episode)))
    assert "it will be public as soon as a published article cites the episode" in allowed
    assert public not in allowed

    make_published(episode=episode, **people)
    assert f"Third-party text, public with its publisher’s permission. {public}." in body(client.get(address(episode)))
    assert client.get(f"/shows/night-talks/{episode.slug}/transcript/").status_code == 200
