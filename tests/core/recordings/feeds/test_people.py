"""People in feeds: `podcast:person` of channels and items is read, and what we write is read back."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from articles.core.recordings import feeds
from articles.core.recordings.cited_moments import NAMESPACE, Recording, soundbites
from articles.core.recordings.people import Person
from tests.support.samples.feeds import make_feed, make_item

HOST = '<podcast:person href="/ann" img="https://x.example/a.png">Ann  Ames</podcast:person>'
GUEST = (
    '<podcast:person role="Guest" group="Cast">Bob | Bates</podcast:person><podcast:person>bob / bates</podcast:person>'
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


def test_a_channels_people_are_the_shows_and_an_items_the_episodes():
    feed = feeds.read(make_feed(make_item(tags=GUEST), make_item(2), tags=HOST), "https://x.example/feed.xml")

    assert feed.people == (Person("Ann Ames", link="https://x.example/ann", image="https://x.example/a.png"),)
    assert [episode.people for episode in feed.episodes] == [(Person("Bob / Bates", "guest", "cast"),), ()]
    assert feed.problems == ()


def test_what_cannot_be_kept_is_reported():
    broken = "<podcast:person> </podcast:person><podcast:person>role: host</podcast:person>"

    feed = feeds.read(make_feed(make_item(tags=broken)))

    assert feed.episodes[0].people == ()
    assert [(problem.item, problem.part, problem.text) for problem in feed.problems] == [
        (1, "podcast:person", ""),
        (1, "podcast:person", "role: host"),
    ]
    assert "Start it with the person’s name." in feed.problems[0].reason


@given(name=TEXT, role=TEXT)
def test_people_are_exported_and_read_back(name, role):
    people = (Person(name, role, link="https://x.example/?a=1&b=<2>"),)
    recording = Recording("Tides", "https://x.example/t/", "Harbour", "https://x.example/", 60, people, people[:1])

    root = etree.fromstring("".join(soundbites(recording, ())).encode(), etree.XMLParser(resolve_entities=False))

    for path in ("channel", "channel/item"):
        [person] = root.findall(f"{path}/{{{NAMESPACE}}}person")
        assert person.get("href") == "https://x.example/?a=1&b=<2>"
        assert (person.text or "").split() == "".join(c if c.isprintable() else "\ufffd" for c in name).split() or name
