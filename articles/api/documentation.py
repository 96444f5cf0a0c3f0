"""The OpenAPI value of the API, and the page that shows it to people."""

import json
from copy import deepcopy
from functools import cache
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles.views.base import public_page, public_view
from articles.views.http import conditional, origin

from .base import MAX_AGE, PROBLEM, api
from .examples import example, type_label

NOT_CHANGED = "Nothing has changed: the client sent the `ETag` of the answer it has in `If-None-Match`."
MOVED = "The article has another slug now: `Location` leads there."


@cache
def value():
    """The API as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), without the server."""
    made = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/")))
    made["info"]["summary"] = "Published articles, what they cite, and the recordings in which it was said."
    for path, methods in made["paths"].items():
        for operation in methods.values():
            _complete(operation["responses"], is_by_slug="{slug}" in path and path.startswith("/api/articles/"))
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["description"] = _IN_PATH[parameter["name"]][0]
                if "examples" in parameter:  # of a schema it is a list, of a parameter a mapping
                    parameter["example"] = parameter.pop("examples")[0]
    return made


_IN_PATH = {
    "slug": ("The name in addresses.", {"articles": "sleep", "shows": "on-sleep", "topics": "sleep"}),
    "handle": ("The short name of the show.", {"shows": "night-talks"}),
    "number": ("The number of the revision.", {"articles": "2"}),
}


def _complete(responses, *, is_by_slug):
    """What every address answers beside what its operation says."""
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {PROBLEM: response["content"].pop("application/json")}
    if is_by_slug:
        responses["301"] = {"description": MOVED}
    responses["304"] = {"description": NOT_CHANGED}


def openapi(request):
    """`/api/openapi.json`."""
    made = deepcopy(value())
    made["servers"] = [{"url": origin(request)}]
    return HttpResponse(json.dumps(made, ensure_ascii=False), content_type="application/json")


@require_safe
@public_view
def page(request):
    """The documentation: each operation with its parameters, how to ask and what comes, then the shapes."""
    root = origin(request)
    made = value()
    response = public_page(
        "articles/pages/api.html",
        root=root,
        about=made["info"]["description"].split("\n\n"),
        groups=_groups(made, root),
        shapes=[_shape(name, schema) for name, schema in made["components"]["schemas"].items()],
    )
    patch_cache_control(response, max_age=MAX_AGE)
    return conditional(request, response)


def _groups(made, root):
    """[(tag, operations)] in the order in which they are defined."""
    groups = {}
    for path, methods in made["paths"].items():
        for operation in methods.values():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, operation, made, root))
    return list(groups.items())


def _operation(path, operation, made, root):
    shapes = made["components"]["schemas"]
    answered = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "id": operation["operationId"],
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "parameters": [_parameter(one) for one in operation["parameters"]],
        "curl": f"curl '{root}{_example_path(path, operation['parameters'])}'",
        "shape": type_label(answered)[1],
        "example": json.dumps(example(answered, shapes), ensure_ascii=False, indent=2),
    }


def _parameter(parameter):
    schema = parameter["schema"]
    given = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    return {
        "name": parameter["name"],
        "kind": type_label(given[0])[0],
        "is_required": parameter["required"],
        "default": schema.get("default"),
        "description": parameter["description"],
    }


def _example_path(path, parameters):
    """The path with examples in the places of its parameters, and those that have to be there."""
    collection = path.split("/")[2]
    for name, (_, examples) in _IN_PATH.items():
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", quote(examples[collection]))
    asked = {one["name"]: one["example"] for one in parameters if one["in"] == "query" and "example" in one}
    return f"{path}?{urlencode(asked, safe='/')}" if asked else path


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
