"""The people of a recording: lines are read as they are written, and voices get the names that people gave them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.people import (
    KEYS,
    PeopleError,
    Person,
    format_people,
    merged,
    name_of,
    names_of_voices,
    parse_people,
    read_people,
    with_voices,
)

WORD = st.text("abcdefgÄß0123_-,.;:()", min_size=1, max_size=12).filter(lambda text: not text.lower().startswith(KEYS))
PEOPLE = st.lists(
    st.builds(
        Person,
        name=WORD,
        role=st.just("") | WORD,
        group=st.just("") | WORD,
        link=st.sampled_from(["", "https://ada.example/?a=b"]),
        image=st.sampled_from(["", "http://ada.example/a.png"]),
        voices=st.lists(WORD, max_size=3, unique_by=str.casefold).map(tuple),
    ),
    max_size=4,
)
ADA = Person("Ada Lovelace", "guest", voices=("SPEAKER_00", "S1"))


@given(people=PEOPLE)
def test_what_is_written_is_read_back(people):
    try:
        read = parse_people(format_people(people))
    except PeopleError as error:
        assert "two names" in str(error)  # noqa: PT017  (drawn people may share a voice)
        return
    assert read == tuple(people)
    assert parse_people(format_people(read)) == read


@given(text=st.text(max_size=80) | st.text("|:voicerolelink \n", max_size=60))
def test_any_text_is_read_or_refused_and_a_stored_one_never_fails(text):
    try:
        read = parse_people(text)
    except PeopleError as error:
        assert str(error)  # noqa: PT017
    else:
        assert read_people(text) == read
    assert len(read_people(text)) <= len(text.splitlines())


def test_people_write_it_in_other_ways():
    text = "  Ada   Lovelace|VOICE = SPEAKER_00 | voice:S1|Role: guest \n\n"

    assert parse_people(text) == (ADA,)
    assert format_people([ADA]) == "Ada Lovelace | voice: SPEAKER_00 | voice: S1 | role: guest"


NO_ADDRESS = "isn’t an address that starts with https:// or http://, without a user name."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("| role: host", "Line 1 has no name. Start it with the person’s name."),
        ("Ann\nrole: host", "Line 2 has no name. Start it with the person’s name."),
        ("Ann | host", "Line 1: write “host” as voice:, role:, group:, link: or image: and a value."),
        ("Ann | role:", "Line 1: write “role:” as voice:, role:, group:, link: or image: and a value."),
        ("Ann | role: a | role: b", "Line 1: “role” is given twice."),
        ("Ann | link: javascript:x", f"Line 1: “javascript:x” {NO_ADDRESS}"),
        ("Ann | link: https://ann:pw@b.example/", f"Line 1: “https://ann:pw@b.example/” {NO_ADDRESS}"),
        ("Ann | link: https://" + "a" * 600, f"Line 1: “https://{'a' * 71}…” {NO_ADDRESS}"),
        ("Ann | voice: S1\nBob | voice: s1", "Line 2: the voice “s1” has two names."),
        ("A" * 129, "Line 1: a name can have at most 128 characters."),
        ("Ann\n" * 201, "A recording can have at most 200 people."),
    ],
)
def test_the_message_says_which_line_and_what_to_do(text, message):
    with pytest.raises(PeopleError) as refused:
        parse_people(text)
    assert str(refused.value) == message


def test_an_episodes_own_names_come_before_its_shows():
    show = (Person("Grace Hopper", "host", voices=("SPEAKER_00", "SPEAKER_01")),)

    names = names_of_voices((ADA,), show)

    assert [name_of(names, voice) for voice in ("speaker_00", "SPEAKER_01", "SPEAKER_02", "")] == [
        "Ada Lovelace",
        "Grace Hopper",
        "SPEAKER_02",
        "",
    ]
    assert merged((ADA,), (*show, Person("ada  lovelace"))) == (ADA, *show)


def test_a_feeds_people_keep_their_voices():
    assert with_voices([Person("ada lovelace", "Host")], [ADA]) == (
        Person("ada lovelace", "Host", voices=("SPEAKER_00", "S1")),
    )


def test_nothing_invisible_gets_into_a_line():
    [person] = parse_people("Ada\x01 \u202eLovelace\u2067 | voice: \ufeffSPEAKER_00 | role: gu\u200best")

    assert person == Person("Ada Lovelace", role="guest", voices=("SPEAKER_00",))
