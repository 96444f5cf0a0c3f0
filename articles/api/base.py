"""Rules for every endpoint of the API: methods, parameters, caching and errors."""

import json
from functools import cache, partial, wraps
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer

from articles.derived.responses.keys import canonical_query
from articles.derived.responses.replica import from_replica
from articles.views.http import CACHE_CONTROL, OtherCase

from .schemas.base import PROBLEMS

METHODS = "GET, HEAD, OPTIONS"
PROBLEM = "application/problem+json"

ABOUT = """\
Everything the site has published, as JSON. The API needs no key, sets no cookies and answers everybody alike. It \
contains what is or was public, and no drafts.

Timestamps are whole seconds from the start of the episode. Dates and times are ISO 8601, and URLs are absolute. \
A health article is information, not advice: if you display it, display its notice as well. A citation’s status is \
its “state”; “stands” is the label readers see, with who or what found it. An automatic match doesn’t mean that the \
claim is true."""


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


def operation(path, schema, summary, *, tag, problems=PROBLEMS):
    """Decorate a view as the operation at `path`; its name is also the operation's id and URL name."""

    def decorate(view):
        name = view.__name__
        responses = {200: schema, **problems}
        register = api.get(path, response=responses, operation_id=name, url_name=name, summary=summary, tags=[tag])
        return register(view)

    return decorate


def problem(status, detail):
    """Return an error response that says what was wrong (RFC 9457)."""
    value = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return HttpResponse(json.dumps(value, ensure_ascii=False), content_type=PROBLEM, status=status)


@api.exception_handler(OtherCase)
def _other_case(request, other):
    return other.redirect(request)


@api.exception_handler(Http404)
def _not_found(request, error):
    return problem(404, str(error) or "Nothing found at this URL.")


@api.exception_handler(HttpError)
def _http_error(request, error):
    return problem(error.status_code, error.message)


@api.exception_handler(ValidationError)
def _invalid(request, error):
    return problem(400, " ".join(_sentence(details) for details in error.errors))


def _sentence(error):
    name, context = error["loc"][-1], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"“{name}” is missing."
        case "less_than_equal":
            return f"“{name}” must be at most {context['le']}."
        case "greater_than_equal":
            return f"“{name}” must be at least {context['ge']}."
        case "int_parsing" | "int_parsing_size" | "int_from_float":
            return f"“{name}” must be a whole number."
        case "literal_error":
            return f"“{name}” must be one of {context['expected'].replace(chr(39), '')}."
        case _:
            return f"“{name}”: {error['msg']}."


def open_to_all(view):
    """Wrap `view`: GET and HEAD only, known parameters only, cacheable, and readable from other sites."""

    reading = from_replica(view)

    @csrf_exempt
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        method = request.method
        if method == "OPTIONS":
            # Browsers send a preflight request before another site's page may send If-None-Match.
            response = HttpResponse(status=204, headers={"Allow": METHODS, "Access-Control-Allow-Methods": METHODS})
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response.headers["Access-Control-Max-Age"] = "86400"
        elif method not in ("GET", "HEAD"):
            response = problem(405, f"This API is read-only: use GET or HEAD, not {method}.")
            response.headers["Allow"] = METHODS
        else:
            request.method = "GET"  # the server drops the body of a response to HEAD
            response = _parameter_problem(request) or reading(request, *args, **kwargs)
            request.method = method
        if response.status_code in (200, 301, 410):
            response.headers["Cache-Control"] = CACHE_CONTROL
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
        return response

    wrapper.stored_query = partial(_query_of, is_search=False)
    wrapper.recent_query = partial(_query_of, is_search=True)
    return wrapper


def _query_of(match, given, *, is_search):
    """Return the query under which a response is kept if it is one `is_search` says; None if it isn't, or is refused."""
    known = known_parameters().get(match.url_name, ())
    is_refused = any(name not in known or len(values) > 1 for name, values in given.lists())
    return None if (match.url_name == "search") is not is_search or is_refused else canonical_query(given, known)


def unknown_endpoint(request, rest):
    return problem(404, "The API has no such endpoint. /api/ lists all of them.")


def _parameter_problem(request):
    """Reject unknown and repeated parameters: nobody would notice a mistake that is ignored."""
    known = known_parameters().get(request.resolver_match.url_name, ())
    for name, values in request.GET.lists():
        if name not in known:
            choices = f"it takes {', '.join(f'“{parameter}”' for parameter in known)}" if known else "it takes none"
            return problem(400, f"This endpoint has no parameter “{name[:60]}”; {choices}.")
        if len(values) > 1:
            return problem(400, f"“{name}” occurs {len(values)} times. Give it once.")
    return None


@cache
def known_parameters():
    """Return {operation: names of its query parameters}, in the order they are declared."""
    return {
        operation["operationId"]: tuple(param["name"] for param in operation["parameters"] if param["in"] == "query")
        for methods in api.get_openapi_schema(path_prefix="api/")["paths"].values()
        for operation in methods.values()
    }
