"""What holds for every address of the API: which methods, which parameters, who may keep the answer, how it refuses."""

import json
from functools import cache, wraps
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer

from articles.views.http import conditional

MAX_AGE = 60  # seconds: a correction is out soon
METHODS = "GET, HEAD, OPTIONS"
PROBLEM = "application/problem+json"

ABOUT = """\
Everything that the site has published, to be read by programs. No key is needed, nothing sets a cookie, and every \
answer is the same for everybody. What is here is public or was; drafts are not.

Moments are whole seconds from the start of the episode. Times of the calendar are ISO 8601, addresses absolute. \
An article about health is information and not advice: who shows it shows that notice, too. How a citation stands is \
told by its “state” and, with who or what found it, by “stands”: a machine’s finding is not that a claim is true."""


class _Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request, data, *, response_status):
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


api = NinjaAPI(
    title="Read API",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    openapi_url=None,
    renderer=_Renderer(),
)


def problem(status, detail):
    """An answer that says what was wrong (RFC 9457)."""
    value = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return HttpResponse(json.dumps(value, ensure_ascii=False), content_type=PROBLEM, status=status)


@api.exception_handler(Http404)
def _not_found(request, error):
    return problem(404, str(error) or "There is nothing here.")


@api.exception_handler(HttpError)
def _refused(request, error):
    return problem(error.status_code, error.message)


@api.exception_handler(ValidationError)
def _not_valid(request, error):
    return problem(400, " ".join(_sentence(one) for one in error.errors))


def _sentence(error):
    name, limits = error["loc"][-1], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"“{name}” is missing."
        case "less_than_equal":
            return f"“{name}” has to be {limits['le']} at most."
        case "greater_than_equal":
            return f"“{name}” has to be {limits['ge']} at least."
        case "int_parsing" | "int_parsing_size" | "int_from_float":
            return f"“{name}” has to be a whole number."
        case "literal_error":
            return f"“{name}” has to be one of {limits['expected'].replace(chr(39), '')}."
        case _:
            return f"“{name}”: {error['msg']}."


def open_to_all(view):
    """`view` for GET and HEAD, with parameters that it knows; cached, conditional, and read by pages of other sites."""

    @csrf_exempt
    @wraps(view)
    def door(request, *args, **kwargs):
        asked = request.method
        if asked == "OPTIONS":
            # A page of another site asks first when it wants to send If-None-Match.
            response = HttpResponse(status=204, headers={"Allow": METHODS, "Access-Control-Allow-Methods": METHODS})
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response.headers["Access-Control-Max-Age"] = "86400"
        elif asked not in ("GET", "HEAD"):
            response = problem(405, f"This API is only read: ask with GET or HEAD, not with {asked}.")
            response.headers["Allow"] = METHODS
        else:
            request.method = "GET"  # the server leaves the text of an answer to HEAD out
            response = _refusal(request) or view(request, *args, **kwargs)
            request.method = asked
        if response.status_code in (200, 301):
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        if response.status_code == 200:
            response = conditional(request, response)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
        return response

    return door


def nothing(request, rest):
    return problem(404, "There is no such address in this API: /api/ lists all that there are.")


def _refusal(request):
    """What is wrong with the parameters as such: one that would be ignored is a mistake that nobody notices."""
    known = known_parameters().get(request.resolver_match.url_name, ())
    for name, given in request.GET.lists():
        if name not in known:
            take = f"it takes {', '.join(f'“{one}”' for one in known)}" if known else "it takes none"
            return problem(400, f"There is no parameter “{name[:60]}” here: {take}.")
        if len(given) > 1:
            return problem(400, f"“{name}” is given {len(given)} times: give it once.")
        if "\0" in given[0]:
            return problem(400, f"“{name}” has a NUL in it, which no text has.")
    return None


@cache
def known_parameters():
    """{operation: names of its parameters in the query}, in their order."""
    return {
        operation["operationId"]: tuple(one["name"] for one in operation["parameters"] if one["in"] == "query")
        for methods in api.get_openapi_schema(path_prefix="api/")["paths"].values()
        for operation in methods.values()
    }
