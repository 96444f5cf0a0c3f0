"""The API's documentation is valid OpenAPI, and responses match the schemas it documents."""

import pytest

from articles.api import documentation
from articles.api.examples import example
from articles.derived.checks import labels
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Episode
from tests.support.scenarios.sites.api import SITE, ask, change, published

pytestmark = pytest.mark.django_db


def test_document_is_valid_openapi(client):
    from openapi_spec_validator import validate  # takes a second, of each process that collects tests

    value = ask(client, "/api/openapi.json")

    validate(value)
    assert value["openapi"] == "3.1.0"
    assert value["servers"] == [{"url": SITE}]
    assert sorted(value["paths"]) == [
        "/api/articles/",
        "/api/articles/{slug}/",
        "/api/articles/{slug}/citations/",
        "/api/articles/{slug}/revisions/",
        "/api/articles/{slug}/revisions/{number}/",
        "/api/citations/",
        "/api/search/",
        "/api/shows/",
        "/api/shows/{handle}/",
        "/api/shows/{handle}/episodes/",
        "/api/shows/{handle}/episodes/{slug}/",
        "/api/topics/",
        "/api/topics/{slug}/",
    ]
    for methods in value["paths"].values():
        (operation,) = methods.values()
        assert list(methods) == ["get"]
        assert all(parameter["description"] for parameter in operation["parameters"])


def shape_of(value, path):
    """Return the response schema of the endpoint `path`, with the components it refers to."""
    answered = value["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**answered, "components": value["components"]}


def require_valid(value, shape):
    from jsonschema import Draft202012Validator  # takes a second, as above

    Draft202012Validator(shape).validate(value)


def test_responses_match_documented_schema(client, people):
    (article,) = published(people)
    import_transcript(Episode.objects.get(), b"WEBVTT\n\n06:25.000 --> 06:45.000\nOf waste at night.\n", "night.vtt")
    change(article, people, lead="Another lead.")
    value = ask(client, "/api/openapi.json")
    names = {"slug": "sleep-0", "handle": "night-talks", "number": "1"}

    for path in value["paths"]:
        filled = (
            path.format(**names)
            .replace("topics/sleep-0", "topics/nights")
            .replace("episodes/sleep-0", "episodes/on-sleep")
        )
        answered = ask(client, f"{filled}?q=sleep" if "search" in path else filled)
        require_valid(answered, shape_of(value, path))
        assert answered


def test_examples_match_documented_schema(client):
    value = ask(client, "/api/openapi.json")

    for path in value["paths"]:
        shape = shape_of(value, path)
        require_valid(example(shape, value["components"]["schemas"]), shape)


def test_page_documents_every_operation(client):
    page = client.get("/api/").content.decode()
    value = documentation.openapi_document()

    for path, methods in value["paths"].items():
        assert f"<code>GET {path}</code>" in page
        assert f'id="{methods["get"]["operationId"]}"' in page
        for parameter in methods["get"]["parameters"]:
            assert f"<dt><code>{parameter['name']}</code></dt>" in page
    for name in value["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    assert "curl &#x27;http://testserver/api/articles/?topic=sleep&amp;show=night-talks" in page
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


def test_example_urls_are_valid(client):
    """A site needn't have what they name, so 404 is the only error allowed."""
    document = documentation.openapi_document()
    groups = documentation._groups(document, "")

    for _, operations in groups:
        for operation in operations:
            address = operation["curl"].removeprefix("curl '").removesuffix("'")
            assert client.get(address).status_code in (200, 404), address


def test_schema_lists_every_state():
    state = documentation.openapi_document()["components"]["schemas"]["Citation"]["properties"]["state"]

    assert state["enum"] == list(labels.STATES)
