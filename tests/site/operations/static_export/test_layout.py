"""Names of files, and that every address has one or a reason."""

from hypothesis import given
from hypothesis import strategies as st

from ketamine_site.operations.static_export import addresses, layout


def test_every_url_pattern_is_exported_or_left_out_for_a_reason():
    groups = (
        *(
            addresses.SINGLE,
            addresses.OF_ARTICLE,
            addresses.OF_REVISION,
            addresses.OF_SHOW,
            addresses.OF_EPISODE,
            addresses.TRANSCRIPT,
        ),
        *(addresses.OF_TOPIC, addresses.OF_PERSON, addresses.WITH_FORM, addresses.LIVE_ONLY, addresses.NOWHERE),
    )
    names = [name for group in groups for name in group]

    assert sorted(names) == sorted({route.name for route in layout.routes()})


@given(st.lists(st.text(st.characters(exclude_characters="/", codec="utf-8"), max_size=300), max_size=4))
def test_names_are_divided_without_losing_any_of_them(parts):
    name = "/".join(part.removeprefix("+") for part in parts).encode()

    divided = layout.split(name)

    assert max(map(len, divided.split(b"/"))) <= layout.LONGEST
    assert divided.replace(b"/+", b"") == name or b"/+" in name


def test_places():
    place = layout.place_of("/?after=sleep&utm=x")
    assert (place.name, place.query, place.variant) == (b"index.html&after=sleep", "after=sleep", "home?after")
    place = layout.place_of("/api/articles/?episode=night-talks/on-sleep")
    assert place.name == b"api/articles/index.json&episode=night-talks%2Fon-sleep"
    assert (place.query, place.variant) == ("episode=night-talks/on-sleep", "api:articles?")
    assert layout.place_of("/articles/%C3%BCber.json").name == "articles/über.json".encode()
    assert layout.place_of("/?after=../../secret") is None
    assert layout.place_of("/api/articles/?unknown=1") is None
    for address in (
        "/search/?q=sleep",
        "/search/",
        "/api/search/",
        "/health/",
        "/articles/sleep/challenge/",
        "/api/nowhere/",
    ):
        assert layout.place_of(address) is None
    assert layout.place_of("/nowhere/") is None


def test_links():
    page = '<a href="?after=a&amp;x=1">n</a> <a href="https://example.org/shows/s/?page=2">p</a> <img src="/media/a%20b.webp">'
    page += '<img src="/media/../secret"> <img src="/media//etc/passwd"> <img src="/media/a/%2e%2e/b">'
    page += '<a href="https://elsewhere.org/?page=2">o</a> <a href="http://[">w</a>'

    found = addresses.links_in(page, "/topics/sleep/", "https://example.org")

    assert found == ["/media/a b.webp", "/topics/sleep/?after=a&x=1", "/shows/s/?page=2"]
    assert addresses.links_in(
        '{"next": "https://example.org/api/shows/?cursor=W10"}', "/api/", "https://example.org"
    ) == ["/api/shows/?cursor=W10"]
