"""The share image: drawn for any title, identical for the same article, stored until something on it changes."""

import io

import pytest
from django.http import SimpleCookie
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from articles import workflow
from articles.core.recordings import share_image, timeline
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user

STRIP = timeline.lay_out(600, [(0, "Opening", False), (100, "Sponsor", True), (200, "Night", False)], [("c-391", 391)])
INK, ACCENT, USED = (28, 29, 31), (11, 92, 90), (185, 201, 198)


def opened(data):
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image.convert("RGB")


def is_near(found, wanted):
    """Return whether two colours are equal, apart from palette reduction."""
    return all(abs(one - other) <= 6 for one, other in zip(found, wanted, strict=True))


def has_ink(image, box):
    return any(is_near(colour, INK) for _, colour in image.crop(box).getcolors(1_000_000))


def test_picture_shows_title_and_strip():
    image = opened(share_image.draw("Sleep", "Said at", "1 citation", STRIP))

    assert has_ink(image, (72, 122, 400, 220))
    assert is_near(image.getpixel((600, 3)), ACCENT)
    # 391 of 600 seconds on a timeline from x = 72 to 1128: its dot, and the cited chapter next to it.
    assert is_near(image.getpixel((760, 460)), ACCENT)
    assert is_near(image.getpixel((700, 495)), USED)


@pytest.mark.parametrize("title", ["x" * 200, "A long word " * 16, "睡" * 200, "لماذا " * 33])
def test_long_titles_stay_above_the_strip(title):
    image = opened(share_image.draw(title, "Said at", "", None))

    assert not has_ink(image, (0, 440, 1200, 630))
    assert not has_ink(image, (1140, 0, 1200, 630))


def test_a_title_without_a_font_is_replaced_by_the_site_name():
    unknown = "\U00012000\U00012001"  # cuneiform

    assert share_image.draw(unknown, "Said at", "", STRIP) == share_image.draw("", "Said at", "", STRIP)
    assert has_ink(opened(share_image.draw(unknown, "Said at", "", STRIP)), (72, 122, 400, 220))


def test_a_right_to_left_title_is_right_aligned():
    image = opened(share_image.draw("نوم", "", "", None))

    # Without a font or library for the script, no text is drawn.
    assert not has_ink(image, (0, 122, 600, 240))


@settings(max_examples=30)
@given(title=st.text(max_size=200), kicker=st.text(max_size=40))
def test_any_title_can_be_drawn(title, kicker):
    assert share_image.draw(title, kicker, title, None).startswith(b"\x89PNG")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_picture_is_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    chapters = [(number * 100, f"Part {number}") for number in range(count)]
    make_published("sleep", episode=make_episode(chapters=chapters), **people)

    with django_assert_num_queries(5):
        first = client.get("/articles/sleep/share.png")
    second = client.get("/articles/sleep/share.png")

    opened(first.content)
    assert first.content == second.content
    assert first["Content-Type"] == "image/png"
    assert len(first.content) < 60_000


@pytest.mark.django_db
def test_picture_changes_with_the_article_and_moves_with_it(client, people):
    article = make_published("sleep", episode=make_episode(), **people)
    before = client.get("/articles/sleep/share.png")
    revision = make_change(article, by=people["by"], title="Slumber", slug="slumber")
    hidden = client.get("/articles/sleep/share.png", headers={"If-None-Match": before["ETag"]})

    workflow.approve(revision, by=people["moderator"])
    workflow.publish(revision, by=people["moderator"])

    moved = client.get("/articles/sleep/share.png")
    after = client.get("/articles/slumber/share.png", headers={"If-None-Match": before["ETag"]})
    assert hidden.status_code == 304
    assert (moved.status_code, moved["Location"]) == (301, "/articles/slumber/share.png")
    assert after.status_code == 200


@pytest.mark.django_db
def test_unpublished_articles_have_no_picture(client, people):
    article = make_published("sleep", **people)
    make_draft("unseen", by=make_user("second"))
    workflow.unpublish(article, by=people["moderator"], reason="Wrong")

    assert client.get("/articles/unseen/share.png").status_code == 404
    assert client.get("/articles/sleep/share.png").status_code == 410


@pytest.mark.django_db
def test_picture_is_public(client, people):
    make_published("sleep", **people)

    response = client.get("/articles/sleep/share.png")

    assert response.cookies == SimpleCookie()
    assert not response.has_header("Vary")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    opened(response.content)
