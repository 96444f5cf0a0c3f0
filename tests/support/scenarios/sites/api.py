"""A published site for the API tests, and helpers that request its endpoints."""

from articles import workflow
from articles.models import Topic
from articles.workflow.content import SectionContent
from tests.support.factories import make_change, make_episode, make_published

SITE = "http://testserver"
SECRET = "Zephyrine"
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It rests [00:20:00-00:21:00]."),
    SectionContent("How", "Nobody knows [00:30:00]."),
)
LISTS = [
    "/api/articles/",
    "/api/articles/sleep-0/citations/",
    "/api/articles/sleep-0/revisions/",
    "/api/citations/",
    "/api/shows/",
    "/api/shows/night-talks/episodes/",
    "/api/topics/",
    "/api/search/?q=sleep",
]
ONES = [
    "/api/articles/sleep-0/",
    "/api/articles/sleep-0/revisions/1/",
    "/api/shows/night-talks/",
    "/api/shows/night-talks/episodes/on-sleep/",
    "/api/topics/nights/",
]
DOCUMENTS = ["/api/", "/api/openapi.json"]


def published(people, count=1, *, episode=None, **kwargs):
    episode = episode or make_episode(
        chapters=[(0, "Opening"), (300, "The night shift")], youtube_id="abcdefghijk", published_on="2026-01-31"
    )
    topic = Topic(slug="nights", title="Nights", description="What happens at night.")
    workflow.save_topic(topic)
    kwargs = {"sections": SECTIONS, "episode": episode} | people | kwargs
    articles = [make_published(f"sleep-{n}", **({"title": f"Sleep {n}"} | kwargs)) for n in range(count)]
    for article in articles:
        article.topics.add(topic)
    return articles


def change(article, people, **changes):
    revision = make_change(article, by=people["by"], **changes)
    workflow.approve(revision, by=people["moderator"])
    workflow.publish(revision, by=people["moderator"])
    article.refresh_from_db()
    return revision


def ask(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, response.content
    return response.json()


def walk(client, address):
    """Return the results of all pages of a list, and the number of pages."""
    results, count = [], 0
    while address:
        value = ask(client, address)
        results += value["results"]
        address, count = value["next"], count + 1
    return results, count
