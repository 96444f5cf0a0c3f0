"""Sends public pages compressed, and only that nothing has changed to who has them already.

What is compressed says something of its length, and so of a secret in it that somebody can guess at again and again
(the BREACH attack). So this is for answers that are the same for everybody, and for no others: `Cache-Control: public`,
no cookie set, none looked at. `django-http-compression` and `django-compression-middleware`, which are well kept,
compress whatever a site answers, and anew each time; an article is asked for again and again, so its compressed form
is remembered here.
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict

import brotli
from django.utils.cache import cc_delim_re, get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

SMALLEST = 1024  # bytes: what is shorter fits into one packet as it is
REMEMBERED = 24 * 1024 * 1024  # bytes of compressed answers that one process keeps
_TEXT = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|image/svg\+xml\b|application/javascript\b")
# One accepted coding and its weight, as RFC 9110, section 12.5.3, writes them.
_CODING = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)

# Quality 5 costs a millisecond a page; 11, a sixth shorter, costs ten to forty.
CODINGS = {
    "br": lambda content: brotli.compress(content, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda content: gzip.compress(content, compresslevel=6, mtime=0),
}


class PublicCompressionMiddleware:
    """Gives public answers a weak ETag, and compresses those that are text; belongs below WhiteNoise, above sessions."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.remembered = Remembered(REMEMBERED)

    def __call__(self, request):
        response = self.get_response(request)
        if not is_for_everybody(response):
            return response
        if response.status_code == 304:
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        if response.status_code != 200 or not _TEXT.match(response.headers.get("Content-Type", "")):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        content = response.content
        digest = hashlib.sha256(content).hexdigest()[:32]
        if not response.has_header("ETag"):
            response.headers["ETag"] = f'W/"{digest}"'
            modified = response.headers.get("Last-Modified")
            answer = get_conditional_response(
                request, response.headers["ETag"], modified and parse_http_date_safe(modified), response
            )
            if answer is not response:
                return answer
        coding = chosen(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if coding and len(content) >= SMALLEST:
            response.content = self.remembered.get((digest, coding), lambda: CODINGS[coding](content))
            response.headers["Content-Encoding"] = coding
            response.headers["Content-Length"] = str(len(response.content))
            if response.headers["ETag"].startswith('"'):  # a strong one is of these very bytes alone
                response.headers["ETag"] = f"W/{response.headers['ETag']}"
        return response


def is_for_everybody(response):
    """Whether `response` is the same for all and whole: nothing in it can be somebody's secret."""
    if response.streaming or response.cookies or response.has_header("Content-Encoding"):
        return False
    if "public" not in cc_delim_re.split(response.headers.get("Cache-Control", "").lower()):
        return False
    return "cookie" not in cc_delim_re.split(response.headers.get("Vary", "").lower())


def chosen(accepted):
    """The coding of `CODINGS` that an Accept-Encoding header likes best, the first of equals; None for none of them.

    What the header does not spell as RFC 9110 asks is not accepted.
    """
    weights = {}
    for part in accepted.split(","):
        if match := _CODING.fullmatch(part):
            weights[match[1].lower()] = float(match[2] or 1)
    others = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, others))
    return best if weights.get(best, others) else None


class Remembered:
    """The values that were asked for last, by key, up to `capacity` bytes of them; threads may share it."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.size = 0
        self._values = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._values)

    def get(self, key, make):
        """The value of `key`; `make()` gives it where it is not remembered."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        # Not while others wait: two that make the same value at once do no harm.
        value = make()
        with self._lock:
            if key not in self._values and len(value) <= self.capacity:
                self._values[key] = value
                self.size += len(value)
                while self.size > self.capacity:
                    self.size -= len(self._values.popitem(last=False)[1])
        return value
