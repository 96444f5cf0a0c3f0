"""The words for statuses never let a program's finding pass for somebody's."""

import re

from django.urls import reverse

from articles.derived.checks import labels


def test_every_automatic_state_is_called_so_where_citations_are_counted():
    called_so = {state for state, _, name in labels.tally_of(dict.fromkeys(labels.STATES, 1)) if "(automatic)" in name}

    assert called_so == labels.AUTOMATIC


def test_every_automatic_state_is_called_so_where_the_statuses_are_explained(client):
    html = client.get(reverse("how_we_check")).text

    names = dict(re.findall(r'<dt><span class="[^"]* status--([a-z-]+)">([^<]+)</span></dt>', html))
    assert set(names) == set(labels.STATES)
    assert {state for state, name in names.items() if name.endswith("(automatic)")} == labels.AUTOMATIC
