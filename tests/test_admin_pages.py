"""The admin's pages: who may open them, how many queries the lists take, shows and episodes with their chapters."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles import workflow
from articles.admin.fields import TimeField, YouTubeField
from articles.models import Article, Chapter, Citation, Episode, LogEntry, Review, Revision, Show

from .factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

OURS = [Article, Episode, LogEntry, Review, Revision, Show]
LINES = "00:00:00 Welcome\n00:05:13 Sponsor: a mattress\n00:09:00 Naps"


@pytest.fixture
def administrator(client):
    user = User.objects.create_superuser("administrator", "administrator@example.org", "a long test password")
    client.force_login(user)
    return user


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def episode_form(episode=None, **changes):
    """What a browser sends from an episode's page; `rows` are the changed rows of the chapters' table."""
    rows = changes.pop("rows", {})
    chapters = list(episode.chapter_set.order_by("start_seconds")) if episode else []
    saved = "\n".join(
        f"0{c.start_seconds // 3600}:{c.start_seconds % 3600 // 60:02}:{c.start_seconds % 60:02} {c.title}"
        for c in chapters
    )
    data = {
        "show": episode.show_id if episode else "",
        "title": episode.title if episode else "On naps",
        "slug": episode.slug if episode else "on-naps",
        "published_on": "",
        "duration_seconds": "1:00:00",
        "youtube_id": "",
        "audio_url": "",
        "page_url": "",
        "chapter_lines": saved,
        "initial-chapter_lines": saved,
        "chapter_set-INITIAL_FORMS": len(chapters),
        "chapter_set-TOTAL_FORMS": len(chapters),
    }
    for index, chapter in enumerate(chapters):
        data |= {
            f"chapter_set-{index}-id": chapter.pk,
            f"chapter_set-{index}-episode": episode.pk,
            f"chapter_set-{index}-start_seconds": f"{chapter.start_seconds}",
            f"chapter_set-{index}-title": chapter.title,
            f"initial-chapter_set-{index}-start_seconds": f"{chapter.start_seconds}",
            f"initial-chapter_set-{index}-title": chapter.title,
            f"initial-chapter_set-{index}-is_sponsor": str(chapter.is_sponsor),
        }
        if chapter.is_sponsor:
            data[f"chapter_set-{index}-is_sponsor"] = "on"
    return data | rows | changes


def errors_of(response, field):
    return list(response.context["adminform"].form.errors.get(field, []))


def chapters_of(episode):
    return list(episode.chapter_set.values_list("start_seconds", "title", "is_sponsor"))


# Every page ---------------------------------------------------------------------------------------


@pytest.fixture
def rows():
    """One row of everything that has pages; {model: pk}."""
    article = make_published(episode=make_episode(chapters=[(0, "Welcome")]))
    made = [article, article.published_revision, Episode.objects.get(), Show.objects.get()]
    made += [Review.objects.get(), LogEntry.objects.first(), User.objects.first(), Group.objects.first()]
    return {type(row): row.pk for row in made}


def test_every_registered_page_opens_for_an_administrator(client, administrator, rows):
    assert set(rows) == set(admin.site._registry)
    for model, model_admin in admin.site._registry.items():
        may_add = model_admin.has_add_permission(request_of(administrator))
        may_delete = model_admin.has_delete_permission(request_of(administrator))
        pk = rows[model]

        statuses = [client.get(page(model, "changelist")).status_code]
        statuses += [client.get(page(model, "add")).status_code]
        statuses += [client.get(page(model, "change", pk)).status_code]
        statuses += [client.get(page(model, "history", pk)).status_code]
        statuses += [client.get(page(model, "delete", pk)).status_code]

        assert statuses == [200, 200 if may_add else 403, 200, 200, 200 if may_delete else 403], model


def request_of(user):
    class Request:
        pass

    request = Request()
    request.user = user
    request.GET = {}
    return request


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Article, [200, 200, 200, 403]),
        (Episode, [200, 200, 200, 403]),
        (Show, [200, 200, 200, 403]),
        (Revision, [200, 403, 200, 403]),
        (Review, [403, 403, 403, 403]),
        (LogEntry, [403, 403, 403, 403]),
        (User, [403, 403, 403, 403]),
        (Group, [403, 403, 403, 403]),
    ],
)
def test_editors_open_what_they_may_and_nothing_else(client, rows, model, expected):
    client.force_login(make_user("second"))

    addresses = [page(model, "changelist"), page(model, "add"), page(model, "change", rows[model])]
    addresses += [page(model, "delete", rows[model])]

    assert [client.get(address).status_code for address in addresses] == expected


def test_records_are_read_by_moderators_and_changed_by_nobody(client, rows):
    client.force_login(make_moderator("second"))
    for model in (Review, LogEntry):
        address = page(model, "change", rows[model])

        assert client.get(address).status_code == 200
        assert client.post(address, {"comment": "Changed"}).status_code == 403
        assert client.post(page(model, "delete", rows[model]), {"post": "yes"}).status_code == 403


def test_nobody_gets_in_without_logging_in(client, rows):
    for model in admin.site._registry:
        for name, args in (("changelist", []), ("add", []), ("change", [rows[model]]), ("delete", [rows[model]])):
            address = page(model, name, *args)
            assert client.get(address).headers["Location"] == f"/admin/login/?next={address}"
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"


def test_a_refused_page_says_why_in_the_sites_look(client, rows):
    client.force_login(make_user("second"))

    response = client.get(page(User, "changelist"))

    assert response.status_code == 403
    assert "You are logged in as second." in response.text
    assert '<a class="bar__brand" href="/">Said at <span class="bar__time">06:31</span></a>' in response.text


def test_the_log_in_page_names_the_site(client):
    response = client.get("/admin/login/")

    assert '<a class="bar__brand" href="/">Said at <span class="bar__time">06:31</span></a>' in response.text
    assert "<title>Log in | Said at</title>" in response.text


def test_the_bar_holds_what_the_person_may_open(client):
    client.force_login(make_user())
    editors = client.get("/admin/").text
    client.force_login(make_moderator())
    moderators = client.get("/admin/").text

    assert '<a href="/admin/" aria-current="page">My work</a>' in " ".join(editors.split())
    assert "/admin/articles/logentry/" not in editors
    assert '<a href="/admin/" aria-current="page">Desk</a>' in " ".join(moderators.split())
    assert '<a href="/admin/articles/logentry/">Log</a>' in moderators


# Lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [(Show, 4), (Episode, 5), (LogEntry, 3), (Review, 3)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_lists_take_a_constant_number_of_queries(
    client, administrator, django_assert_num_queries, model, count, queries
):
    author, moderator = make_user(), make_moderator()
    for number in range(count):
        episode = make_episode(f"talk-{number}", handle=f"show-{number}", chapters=[(0, "Welcome")])
        make_published(f"text-{number}", by=author, moderator=moderator, episode=episode)

    with django_assert_num_queries(queries):
        response = client.get(page(model, "changelist"))

    assert response.context["cl"].result_count >= count


def test_the_list_of_episodes_says_what_is_known(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (313, "Naps")], published_on="2024-05-13", duration_seconds=6161)
    make_published(episode=episode)
    make_draft("second", by=make_user("second"), episode=episode)

    shown = client.get(page(Episode, "changelist")).text

    assert '<td class="field-date nowrap">13 May 2024</td>' in shown
    assert '<td class="field-length">1:42:41</td>' in shown
    assert '<td class="field-chapter_number">2 chapters</td>' in shown
    assert '<td class="field-cited">1 in 1 article</td>' in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=sleep", ["On sleep"]),
        ("q=night-talks", ["On naps", "On sleep"]),
        ("lacks=length", ["On naps"]),
        ("lacks=chapters", ["On naps"]),
        ("lacks=recording", ["On naps", "On sleep"]),
        ("cited=yes", ["On sleep"]),
        ("cited=no", ["On naps"]),
    ],
)
def test_episodes_are_found(client, administrator, query, expected):
    make_published(episode=make_episode(chapters=[(0, "Welcome"), (60, "More")]))
    make_episode("on-naps", duration_seconds=None)

    response = client.get(f"{page(Episode, 'changelist')}?{query}")

    assert sorted(episode.title for episode in response.context["cl"].result_list) == expected


@pytest.mark.parametrize(("model", "field"), [("episode", "show"), ("source", "episode")])
def test_shows_and_episodes_can_be_searched_from_a_field(client, administrator, model, field):
    make_episode()
    address = f"/admin/autocomplete/?app_label=articles&model_name={model}&field_name={field}&term=night"

    response = client.get(address)

    if model == "episode":
        assert [result["text"] for result in response.json()["results"]] == ["Night Talks"]
    else:
        assert admin.site._registry[Episode].search_fields[0] == "title"


# My work ------------------------------------------------------------------------------------------


def make_work(author, moderator, number):
    """One text of `author` in each state."""
    make_draft(f"draft-{number}", by=author, title=f"Draft {number}")
    waiting = make_draft(f"waiting-{number}", by=author, title=f"Waiting {number}", episode=Episode.objects.first())
    workflow.submit(waiting, by=author)
    back = make_draft(f"back-{number}", by=author, title=f"Back {number}", episode=Episode.objects.first())
    workflow.submit(back, by=author)
    workflow.request_changes(back, by=moderator, comment=f"Give the moment of claim {number}.")
    make_published(
        f"public-{number}", by=author, moderator=moderator, title=f"Public {number}", episode=Episode.objects.first()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_my_work_takes_a_constant_number_of_queries(client, django_assert_num_queries, count):
    author, moderator = make_user(), make_moderator()
    make_episode()
    for number in range(count):
        make_work(author, moderator, number)

    client.force_login(author)
    with django_assert_num_queries(5):
        client.get("/admin/")
    client.force_login(moderator)
    with django_assert_num_queries(6):
        client.get("/admin/")


def test_my_work_shows_an_editor_her_own_texts(client):
    author, moderator = make_user(), make_moderator()
    make_episode()
    make_work(author, moderator, 1)
    make_draft("foreign", by=make_user("second"), title="Foreign")
    client.force_login(author)

    shown = client.get("/admin/").text

    for title in ("Draft 1", "Waiting 1", "Back 1", "Public 1"):
        assert shown.count(f">{title}</a>") == 1
    assert "Give the moment of claim 1." in shown
    assert "Foreign" not in shown
    assert "Waits for review" not in shown


def test_what_was_sent_back_goes_when_it_is_taken_up(client):
    author, moderator = make_user(), make_moderator()
    make_episode()
    make_work(author, moderator, 1)
    back = Revision.objects.get(status=Revision.Status.CHANGES_REQUESTED)
    workflow.start_draft(back.article, by=author, base=back)
    client.force_login(author)

    shown = client.get("/admin/").text

    assert "Sent back to you" not in shown
    assert shown.count(">Back 1</a>") == 1


def test_a_moderator_sees_what_waits_the_oldest_first(client):
    author, moderator = make_user(), make_moderator()
    make_episode()
    for number in (1, 2):
        make_work(author, moderator, number)
    client.force_login(moderator)

    shown = client.get("/admin/").text

    assert "Waits for review" in shown
    assert shown.index(">Waiting 1</a>") < shown.index(">Waiting 2</a>")
    assert "Draft 1" not in shown


def test_an_empty_desk_says_what_to_do(client):
    client.force_login(make_user())

    shown = client.get("/admin/").text

    assert '<a href="/admin/articles/article/">Choose an article</a> to change it, or' in shown
    assert '<a href="/admin/articles/article/add/">write a new one</a>' in shown


def test_what_people_wrote_is_escaped(client):
    author = make_user()
    make_draft(by=author, title="<b>Sleep</b>", edit_summary="<script>1</script>")
    client.force_login(author)

    shown = client.get("/admin/").text

    assert "&lt;b&gt;Sleep&lt;/b&gt;" in shown
    assert "&lt;script&gt;1&lt;/script&gt;" in shown
    assert "<script>1" not in shown


# Episodes -----------------------------------------------------------------------------------------


def test_an_episode_is_made_with_its_chapters(client, administrator):
    show = Show.objects.create(handle="night-talks", title="Night Talks")
    address = "https://youtu.be/abcdefghijk?t=3"

    client.post(
        page(Episode, "add"),
        episode_form(show=show.pk, duration_seconds="1:42:41", youtube_id=address, chapter_lines=LINES),
    )

    episode = Episode.objects.get()
    assert (episode.duration_seconds, episode.youtube_id) == (6161, "abcdefghijk")
    assert chapters_of(episode) == [(0, "Welcome", False), (313, "Sponsor: a mattress", True), (540, "Naps", False)]


def test_changed_lines_replace_the_chapters_and_keep_marks(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (313, "A word from us"), (540, "Naps")])
    Chapter.objects.filter(title="A word from us").update(is_sponsor=True)
    kept = Chapter.objects.get(title="Welcome").pk
    lines = "00:00:00 Welcome\n00:05:20 A word from us\n00:09:00 Long naps"

    client.post(page(Episode, "change", episode.pk), episode_form(episode, chapter_lines=lines))

    assert chapters_of(episode) == [(0, "Welcome", False), (320, "A word from us", True), (540, "Long naps", False)]
    assert Chapter.objects.get(title="Welcome").pk == kept


def test_chapters_are_changed_one_by_one(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (313, "Naps")])
    new = {
        "chapter_set-TOTAL_FORMS": 3,
        "chapter_set-1-is_sponsor": "on",
        "chapter_set-2-episode": episode.pk,
        "chapter_set-2-start_seconds": "0:09:00",
        "chapter_set-2-title": "Sponsors",
    }

    client.post(page(Episode, "change", episode.pk), episode_form(episode, rows=new))

    assert chapters_of(episode) == [(0, "Welcome", False), (313, "Naps", True), (540, "Sponsors", True)]


def test_chapters_changed_twice_are_not_saved_and_not_lost(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    data = episode_form(episode, chapter_lines="00:00:00 Hello", rows={"chapter_set-0-title": "Good evening"})

    response = client.post(page(Episode, "change", episode.pk), data)

    assert "The chapters were changed twice: in the lines above and in this table." in response.text
    assert "00:00:00 Hello</textarea>" in response.text
    assert 'value="Good evening"' in response.text
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_wrong_lines_are_named_and_kept(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    typed = "00:00:00 Welcome\nNaps\n01:00:00 Too late"

    response = client.post(page(Episode, "change", episode.pk), episode_form(episode, chapter_lines=typed))

    assert errors_of(response, "chapter_lines") == [
        "Line 2: “Naps” does not begin with a time: write it like 00:05:13 Title.",
        "Line 3: 01:00:00 lies at or past the episode’s end (01:00:00). Mend the time, or the episode’s length.",
    ]
    assert f"\n{typed}</textarea>" in response.text
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_a_shorter_length_is_refused_while_chapters_lie_past_it(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (1800, "Naps")])
    address = page(Episode, "change", episode.pk)

    refused = client.post(address, episode_form(episode, duration_seconds="20:00"))
    client.post(address, episode_form(episode, duration_seconds="20:00", chapter_lines="00:00:00 Welcome"))

    assert errors_of(refused, "chapter_lines") == [
        "Line 2: 00:30:00 lies at or past the episode’s end (00:20:00). Mend the time, or the episode’s length."
    ]
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_two_chapters_at_the_same_second_are_refused(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    new = {"chapter_set-TOTAL_FORMS": 2, "chapter_set-1-episode": episode.pk}
    new |= {"chapter_set-1-start_seconds": "0:00:00", "chapter_set-1-title": "Again"}

    response = client.post(page(Episode, "change", episode.pk), episode_form(episode, rows=new))

    assert response.status_code == 200
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_who_saves_chapters_second_is_told_and_may_go_on(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    mine = episode_form(episode, chapter_lines="00:00:00 Mine")
    Chapter.objects.update(title="Theirs")

    told = client.post(page(Episode, "change", episode.pk), mine)
    loaded = told.context["adminform"].form["chapter_lines"].as_hidden(only_initial=True)
    client.post(page(Episode, "change", episode.pk), mine | {"initial-chapter_lines": "00:00:00 Theirs"})

    assert errors_of(told, "chapter_lines")[1:] == ["00:00:00 Theirs"]
    assert 'value="00:00:00 Theirs"' in loaded
    assert chapters_of(episode) == [(0, "Mine", False)]


def test_saving_an_episode_derives_the_texts_that_cite_it(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    revision = make_published(episode=episode).published_revision
    assert "Why we sleep, told" not in revision.rendering.tape_html

    client.post(
        page(Episode, "change", episode.pk),
        episode_form(episode, chapter_lines="00:00:00 Welcome\n00:06:00 Why we sleep, told"),
    )
    revision.rendering.refresh_from_db()
    assert "Why we sleep, told" in revision.rendering.sources_html

    client.post(page(Episode, "change", episode.pk), episode_form(episode, duration_seconds="0:06:10"))
    revision.refresh_from_db()
    assert revision.problem_count == 1
    assert Citation.objects.filter(revision=revision).count() == 0


def test_a_renamed_show_is_renamed_in_the_texts(client, administrator):
    revision = make_published(episode=make_episode()).published_revision
    show = Show.objects.get()

    client.post(page(Show, "change", show.pk), {"handle": show.handle, "title": "Talks at Night", "url": ""})

    revision.rendering.refresh_from_db()
    assert "Talks at Night" in revision.rendering.recording_html


def test_a_cited_episode_and_its_show_are_not_deleted(client, administrator):
    article = make_published(episode=make_episode())
    episode = Episode.objects.get()

    of_episode = client.post(page(Episode, "delete", episode.pk), {"post": "yes"})
    of_show = client.post(page(Show, "delete", episode.show_id), {"post": "yes"})

    revision = article.published_revision
    text = f'the text <a href="/admin/articles/revision/{revision.pk}/change/">Sleep (revision 1)</a>, approved'
    assert text in of_episode.text
    assert f'the episode <a href="/admin/articles/episode/{episode.pk}/change/">On sleep</a>' in of_show.text
    assert Episode.objects.count() == Show.objects.count() == 1


def test_an_episode_that_nobody_cites_can_be_deleted(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])

    client.post(page(Episode, "delete", episode.pk), {"post": "yes"})

    assert Episode.objects.count() == Chapter.objects.count() == 0


# Fields -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "seconds"), [("1:42:41", 6161), ("42:41", 2561), (" 6161 ", 6161), ("0:06:31", 391), ("", None)]
)
def test_time_field_reads(typed, seconds):
    assert TimeField(required=False).clean(typed) == seconds


@pytest.mark.parametrize(("seconds", "shown"), [(6161, "1:42:41"), (391, "0:06:31"), (36000, "10:00:00"), (None, None)])
def test_time_field_shows(seconds, shown):
    assert TimeField().prepare_value(seconds) == shown


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1:2:3", "Minutes and seconds have two digits; “1:2:3” does not: write it like 1:42:41."),
        ("an hour", "“an hour” needs digits 0-9 with colons between: write it like 1:42:41."),
        ("9" * 30, "“999999999999999999999999999999” is longer than any recording: write it like 1:42:41."),
    ],
)
def test_time_field_says_what_is_wrong(typed, message):
    with pytest.raises(ValidationError) as refusal:
        TimeField().clean(typed)
    assert refusal.value.messages == [message]


@pytest.mark.parametrize(
    "typed",
    [
        "abc-efg_ijk",
        "https://www.youtube.com/watch?v=abc-efg_ijk&t=391s",
        "https://m.youtube.com/watch?app=desktop&v=abc-efg_ijk",
        "youtube.com/watch?v=abc-efg_ijk",
        "https://youtu.be/abc-efg_ijk?si=1",
        "https://www.youtube-nocookie.com/embed/abc-efg_ijk",
        "https://www.youtube.com/shorts/abc-efg_ijk",
        "https://www.youtube.com/live/abc-efg_ijk?feature=share",
    ],
)
def test_youtube_field_takes_the_id_out_of_an_address(typed):
    assert YouTubeField().clean(typed) == "abc-efg_ijk"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("abc", "“abc” is no YouTube id: it has 11 letters, digits, - or _. Paste the video’s address instead."),
        ("example.org/watch?v=abcdefghijk", "“example.org/watch?v=abcdefghijk” is no address of a YouTube video."),
        ("https://youtube.com/@talks", "“https://youtube.com/@talks” leads to YouTube, but not to one video."),
        ("https://youtu.be/abc", "The address has the id “abc”; an id has 11 letters, digits, - or _."),
    ],
)
def test_youtube_field_says_what_is_wrong(typed, message):
    with pytest.raises(ValidationError) as refusal:
        YouTubeField().clean(typed)
    assert refusal.value.messages[0].startswith(message)
