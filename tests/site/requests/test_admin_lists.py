"""Lists of the admin are filtered only by what they offer, and searched for no more than a query can hold."""

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.test import RequestFactory

from articles.admin.shared.lookups import GuardedLists
from tests.support.clients import logged_in
from tests.support.scenarios.sites.full_site import make_everything


@pytest.fixture(scope="module")
def root(module_rows):
    return make_everything().draft.author


@pytest.fixture(scope="module")
def client(root):
    return logged_in(root)


def address(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def columns(model):
    """Yield a lookup for every column of a model, and for those of the rows that it is related to."""
    for field in model._meta.get_fields():
        for name in {field.name, getattr(field, "attname", field.name)}:  # such as author and author_id
            yield name
            if field.related_model is not None:
                yield from (f"{name}__{inner.name}" for inner in field.related_model._meta.concrete_fields)


@pytest.mark.one_database(reason="it is refused before a query")
@pytest.mark.django_db
@pytest.mark.parametrize("model", list(admin.site._registry), ids=str)
def test_no_list_tells_a_column_letter_by_letter(client, root, model):
    computed = client.get(address(model)).context["cl"].root_queryset.query.annotations
    lookups = [f"{column}__{form}" for column in [*columns(model), *computed] for form in ("startswith", "regex", "gt")]

    assert [lookup for lookup in lookups if not is_refused(model, lookup, root)] == []
    assert client.get(f"{address(model)}?{lookups[0]}=a").status_code == 400
    assert isinstance(admin.site._registry[model], GuardedLists)


def is_refused(model, lookup, user):
    """Ask for the list as its page does, but without all that is around a page, for thousands of lookups."""
    request = RequestFactory().get(address(model), {lookup: "a"})
    request.user = user
    try:
        admin.site._registry[model].get_changelist_instance(request)
    except DisallowedModelAdminLookup:
        return True
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("model", list(admin.site._registry), ids=str)
def test_every_list_is_filtered_by_what_it_offers(client, model):
    page = client.get(address(model))
    offered = [
        choice["query_string"]
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
    ]

    assert {client.get(f"{address(model)}{query}").status_code for query in offered} <= {200}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "revision/?article=1",
        "correctionrequest/?article=1",
        "episode/?show__id__exact=1",
        "article/?topics__id__exact=1",
    ],
)
def test_links_to_lists_are_answered(client, query):
    assert client.get(f"/admin/articles/{query}").status_code == 200


@pytest.mark.django_db
def test_a_parameter_that_is_no_column_leads_to_the_whole_list(client):
    assert client.get("/admin/articles/show/?utm_source=mail").url == "/admin/articles/show/?e=1"


@pytest.mark.one_database(reason="it is refused before a query")
@pytest.mark.django_db
@pytest.mark.parametrize("model", list(admin.site._registry), ids=str)
def test_every_search_for_too_many_words_is_refused(client, model):
    response = client.get(f"{address(model)}?q={'+'.join(['word'] * 2000)}")

    assert response.status_code == 200
    if admin.site._registry[model].search_fields:
        assert "Search for 20 words or fewer." in response.text
