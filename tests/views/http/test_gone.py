"""What was public and no longer is answers 410 with date and reason; what never was, like an unknown address."""

import json

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Article
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine"
REASON = "The <speaker> withdrew & asked."
PAGES = [
    "",
    "history/",
    "citations/",
    "revisions/1/",
    "revisions/1/citations/",
    "links/",
    "challenge/",
    "cite/",
    "cite/?revision=1",
]
JSON = [".json", ".csl.json", "/revisions/1/citations.json"]
TEXTS = [".md", ".bib", "/share.png", ".bib?revision=1", "/revisions/1/citations.csv"]
API = ["", "citations/", "revisions/", "revisions/1/"]


def addresses(slug):
    """Return {URL: media type of its 410 answer} of everything below an article's slug."""
    forms = {f"/articles/{slug}/{page}": "text/html; charset=utf-8" for page in [*PAGES, "preview/"]}
    forms |= {f"/articles/{slug}{file}": "application/problem+json" for file in JSON}
    forms |= {f"/articles/{slug}{file}": "text/plain; charset=utf-8" for file in TEXTS}
    return forms | {f"/api/articles/{slug}/{part}": "application/problem+json" for part in API}


@pytest.fixture
def gone(people):
    """An article that was public as “rest” and as “sleep”, with a revision 3 that never was, and is unpublished."""
    article = make_published("rest", title=SECRET, lead=f"{SECRET}.", episode=make_episode(), **people)
    change = make_change(article, by=people["by"], slug="sleep")
    workflow.approve(change, by=people["moderator"])
    workflow.publish(change, by=people["moderator"])
    article = Article.objects.get()
    make_change(article, by=people["by"])
    return workflow.unpublish(article, by=people["moderator"], reason=REASON)


@pytest.mark.parametrize("slug", ["sleep", "rest"])
def test_every_address_of_an_unpublished_article_says_when_and_why(client, gone, slug):
    day = f"{timezone.localdate():%d %b %Y}".lstrip("0")
    for address, form in addresses(slug).items():
        response = client.get(address)
        text = response.content.decode()

        assert (response.status_code, response.headers["Content-Type"]) == (410, form), address
        assert response.headers["X-Robots-Tag"] == "noindex", address
        assert "max-age=" in response.headers["Cache-Control"], address
        assert SECRET not in text, address
        if form == "application/problem+json":
            problem = json.loads(text)
            assert (problem["status"], problem["reason"]) == (410, REASON)
            assert problem["gone_at"].startswith(f"{timezone.now():%Y-%m-%d}")
            assert REASON in problem["detail"]
        else:
            shown = REASON if form.startswith("text/plain") else "The &lt;speaker&gt; withdrew &amp; asked."
            assert shown in text, address
            assert day in text, address


def test_its_page_is_not_indexed_and_answers_head(client, gone):
    assert '<meta name="robots" content="noindex">' in client.get("/articles/sleep/").text
    assert client.head("/articles/sleep/").status_code == 410
    assert client.post("/articles/sleep/challenge/", {"text": "He says eight hours."}).status_code == 410


def answer(client, address, slug):
    response = client.get(address)
    headers = {name: value for name, value in response.headers.items() if name not in {"ETag", "X-Request-ID"}}
    return response.status_code, headers, response.content.decode().replace(slug, "")


def test_what_was_never_public_answers_like_an_unknown_address(client, gone):
    make_draft("naps", by=make_user("second"), title=SECRET)

    for known, unknown in zip(addresses("naps"), addresses("nope"), strict=True):
        assert answer(client, known, "naps") == answer(client, unknown, "nope")
        assert client.get(known).status_code == 404
    for number in ("3", "9", "0"):
        assert client.get(f"/articles/sleep/revisions/{number}/").status_code == 404
        assert client.get(f"/articles/sleep/cite/?revision={number}").status_code == 404
        assert client.get(f"/api/articles/sleep/revisions/{number}/").status_code == 404


def test_an_article_published_again_is_back(client, gone, people):
    workflow.publish(gone.revision_set.get(number=2), by=people["moderator"])

    assert client.get("/articles/sleep/").status_code == 200
    assert client.get("/articles/rest/").headers["Location"] == "/articles/sleep/"


def test_an_erased_revision_of_a_public_article_is_gone(client, gone, people):
    workflow.publish(gone.revision_set.get(number=2), by=people["moderator"])
    workflow.erase(gone.revision_set.get(number=1), by=make_user("root", is_superuser=True), reason=REASON)

    page = client.get("/articles/sleep/revisions/1/")
    files = [client.get(f"/articles/sleep{file}?revision=1") for file in ("/cite/", ".bib", ".csl.json")]

    assert [response.status_code for response in (page, *files)] == [410] * 4
    assert all(response.headers["X-Robots-Tag"] == "noindex" for response in (page, *files))
    assert "The &lt;speaker&gt; withdrew &amp; asked." in page.text
    assert [REASON in response.text for response in files[1:]] == [True, True]
    assert client.get("/articles/sleep/revisions/2/").status_code == 200


def test_an_erased_revision_of_an_unpublished_article_gives_the_reason_of_the_erasure(client, gone):
    workflow.erase(gone.revision_set.get(number=1), by=make_user("root", is_superuser=True), reason="A court said so.")

    assert "A court said so." in client.get("/articles/sleep/revisions/1/").text
    assert "A court said so." not in client.get("/articles/sleep/").text


def test_a_reason_that_was_redacted_is_left_out(client, people):
    article = make_published("sleep", lead="One two three four five six seven eight nine.", **people)
    workflow.unpublish(article, by=people["moderator"], reason="One two three four five six seven eight nine.")
    revision = article.revision_set.get()
    root = make_user("root", is_superuser=True)
    workflow.erase(revision, by=root, reason="A court said so.")
    for quotation in revision.quotation_set.all():
        workflow.redact(quotation, by=root)

    page = client.get("/articles/sleep/")

    assert page.status_code == 410
    assert "Reason" not in page.text
    assert "One two three" not in page.text


# Attacks ------------------------------------------------------------------------------------------

CASES = ["/articles/Sleep/", "/articles/REST/", "/articles/SLEEP.md", "/articles/Rest.json", "/api/articles/Sleep/"]
CASES += ["/articles/Sleep/share.png", "/articles/SLEEP/revisions/1/", "/articles/Rest/history/?x=1", "/articles/sleep"]


def test_another_case_or_spelling_leads_to_the_same_answer(client, gone):
    for address in CASES:
        response = client.get(address, follow=True)

        assert response.status_code == 410, address
        assert SECRET not in response.text, address
        assert "withdrew" in response.text, address


LISTS = ["/", "/search/?q=Zephyrine", "/search/suggest/?q=Zephy", "/sitemap.xml", "/sitemap-articles.xml", "/llms.txt"]
LISTS += ["/feeds/articles.rss", "/feeds/articles.atom", "/feeds/corrections.rss", "/feeds/shows/night-talks.rss"]
LISTS += [
    "/shows/night-talks/",
    "/shows/night-talks/on-sleep/",
    "/shows/night-talks/on-sleep/citations.vtt",
    "/topics/",
]
LISTS += ["/api/articles/", "/api/search/?q=Zephyrine", "/api/shows/night-talks/on-sleep/", "/people/", "/record.json"]


def test_nothing_of_an_unpublished_text_is_left_in_lists(client, gone):
    for address in LISTS:
        response = client.get(address)

        assert response.status_code in {200, 404}, address
        text = response.text
        for echo in ("q=Zephyrine", 'value="Zephyrine"', "“Zephyrine”", '"query":"Zephyrine"'):  # what was searched for
            text = text.replace(echo, "")
        assert SECRET not in text, address


@pytest.mark.parametrize("language", ["de", "en;q=0.5", "fr"])
def test_the_language_of_the_browser_changes_nothing(client, gone, language):
    response = client.get("/articles/sleep/", headers={"Accept-Language": language})

    assert response.status_code == 410
    assert SECRET not in response.text


def test_a_conditional_request_gets_the_answer_and_not_304(client, people):
    article = make_published("sleep", lead=f"{SECRET}.", **people)
    before = {address: client.get(address) for address in ("/articles/sleep/", "/articles/sleep.json")}
    workflow.unpublish(article, by=people["moderator"], reason=REASON)

    for address, response in before.items():
        tag = response.headers.get("ETag", '"x"')
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, SECRET in again.text) == (410, False), address
