"""The API's OpenAPI document, and the documentation page made from it."""

import json
from copy import deepcopy
from functools import cache
from urllib.parse import quote, urlencode

from django.http import HttpResponse

from articles.views.http import origin, public_page, public_view

from .base import PROBLEM, api
from .examples import example, type_label

NOT_CHANGED = "Nothing has changed since the response whose `ETag` the client sent in `If-None-Match`."
MOVED = "The article’s slug has changed: `Location` is the new URL."


@cache
def openapi_document():
    """Return the API as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), without `servers`."""
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/")))
    document["info"]["summary"] = "Published articles, their citations, and the recordings they cite."
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _complete_responses(
                operation["responses"], is_by_slug="{slug}" in path and path.startswith("/api/articles/")
            )
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["description"] = _PATH_PARAMETERS[parameter["name"]][0]
                if "examples" in parameter:  # a list in a schema, but a mapping in a parameter
                    parameter["example"] = parameter.pop("examples")[0]
    return document


_PATH_PARAMETERS = {
    "slug": ("The name used in URLs.", {"articles": "sleep", "shows": "on-sleep", "topics": "sleep"}),
    "handle": ("The short name of the show.", {"shows": "night-talks"}),
    "number": ("The revision number.", {"articles": "2"}),
}


def _complete_responses(responses, *, is_by_slug):
    """Add the responses that `open_to_all` and redirects give in addition to the operation's own."""
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {PROBLEM: response["content"].pop("application/json")}
    if is_by_slug:
        responses["301"] = {"description": MOVED}
    responses["304"] = {"description": NOT_CHANGED}


def openapi(request):
    """`/api/openapi.json`."""
    document = deepcopy(openapi_document())
    document["servers"] = [{"url": origin(request)}]
    return HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/json")


@public_view
def page(request):
    """The documentation: every operation with parameters, sample request and response, then the schemas."""
    document = openapi_document()
    response = public_page(
        "articles/pages/api.html",
        about=document["info"]["description"].split("\n\n"),
        groups=_groups(document, origin(request)),
        shapes=[_shape(name, schema) for name, schema in document["components"]["schemas"].items()],
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _groups(document, root):
    """Return [(tag, operations)] in the order of definition."""
    groups = {}
    for path, methods in document["paths"].items():
        for operation in methods.values():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, operation, document, root))
    return list(groups.items())


def _operation(path, operation, document, root):
    shapes = document["components"]["schemas"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "id": operation["operationId"],
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "parameters": [_parameter(parameter) for parameter in operation["parameters"]],
        "curl": f"curl '{root}{_example_path(path, operation['parameters'])}'",
        "shape": type_label(schema)[1],
        "example": json.dumps(example(schema, shapes), ensure_ascii=False, indent=2),
    }


def _parameter(parameter):
    schema = parameter["schema"]
    given_types = [choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null"]
    return {
        "name": parameter["name"],
        "kind": type_label(given_types[0])[0],
        "is_required": parameter["required"],
        "default": schema.get("default"),
        "description": parameter["description"],
    }


def _example_path(path, parameters):
    """Return `path` with examples for its path parameters and for the query parameters that have one."""
    collection = path.split("/")[2]
    for name, (_, examples) in _PATH_PARAMETERS.items():
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", quote(examples[collection]))
    query = {param["name"]: param["example"] for param in parameters if param["in"] == "query" and "example" in param}
    return f"{path}?{urlencode(query, safe='/')}" if query else path


def _shape(name, schema):
    fields = [
        {
            "name": field,
            "kind": type_label(part)[0],
            "shape": type_label(part)[1],
            "description": part.get("description", ""),
        }
        for field, part in schema["properties"].items()
    ]
    return {"name": name, "description": schema.get("description", ""), "fields": fields}
