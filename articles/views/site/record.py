"""The record of everything published: the head of its chain, and the keys that verify the head's signatures."""

import json

from articles.views import serializers
from articles.views.http import public_page, public_view, respond
from articles.workflow.history import chain, keys


@public_view
def record(request):
    """The head of the chain over all articles."""
    return public_page("articles/pages/record.html", head=chain.head())


@public_view
def record_json(request):
    """The head of the chain over all articles, for programs."""
    text = json.dumps(serializers.head(chain.head()))
    return respond(f"{text}\n", "application/json")


@public_view(kept_in=None)  # they are in a file
def record_keys(request):
    """The public keys that verify signatures of the chain's heads, as a JSON Web Key Set."""
    text = json.dumps(keys.as_jwks(keys.load_or_none()), indent=1)
    return respond(f"{text}\n", "application/jwk-set+json")
