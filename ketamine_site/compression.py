"""Compression and conditional responses for public pages.

The size of a compressed response reveals something about its content, so an attacker who can make many requests can
guess a secret in it (the BREACH attack). Therefore only responses that are the same for everybody are compressed:
`Cache-Control: public`, no cookie set, and none read. `django-http-compression` and `django-compression-middleware`
compress every response, every time. Articles are requested again and again, so their compressed form is cached here.
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict

import brotli
from django.utils.cache import cc_delim_re, get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

SMALLEST = 1024  # bytes; anything shorter fits into one packet anyway
CACHE_BYTES = 24 * 1024 * 1024  # of compressed responses per process
_TEXT = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|image/svg\+xml\b|application/javascript\b")
# One accepted coding with its weight (RFC 9110, section 12.5.3).
_CODING = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)

# Quality 5 takes a millisecond per page; 11 saves another sixth but takes ten to forty.
CODINGS = {
    "br": lambda content: brotli.compress(content, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda content: gzip.compress(content, compresslevel=6, mtime=0),
}


class PublicCompressionMiddleware:
    """Give public responses a weak ETag and compress text; belongs below WhiteNoise and above sessions."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.compressed = LRUCache(CACHE_BYTES)

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
            conditional = get_conditional_response(
                request, response.headers["ETag"], modified and parse_http_date_safe(modified), response
            )
            if conditional is not response:
                return conditional
        coding = best_coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if coding and len(content) >= SMALLEST:
            response.content = self.compressed.get((digest, coding), lambda: CODINGS[coding](content))
            response.headers["Content-Encoding"] = coding
            response.headers["Content-Length"] = str(len(response.content))
            if response.headers["ETag"].startswith('"'):  # a strong ETag names the uncompressed bytes
                response.headers["ETag"] = f"W/{response.headers['ETag']}"
        return response


def is_for_everybody(response):
    """Return whether `response` is complete and the same for everybody, so that it contains nobody's secrets."""
    if response.streaming or response.cookies or response.has_header("Content-Encoding"):
        return False
    if "public" not in cc_delim_re.split(response.headers.get("Cache-Control", "").lower()):
        return False
    return "cookie" not in cc_delim_re.split(response.headers.get("Vary", "").lower())


def best_coding(accepted):
    """Return the key of `CODINGS` that an Accept-Encoding header prefers, the first of equals, or None.

    Parts of the header that don't conform to RFC 9110 are ignored.
    """
    weights = {}
    for part in accepted.split(","):
        if match := _CODING.fullmatch(part):
            weights[match[1].lower()] = float(match[2] or 1)
    default = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, default))
    return best if weights.get(best, default) else None


class LRUCache:
    """A thread-safe cache of the most recently used values, up to `capacity` bytes."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.size = 0
        self._values = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._values)

    def get(self, key, make):
        """Return the value of `key`, calling `make()` if it isn't cached."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        # Outside the lock, so that nobody waits for it; making the same value twice does no harm.
        value = make()
        with self._lock:
            if key not in self._values and len(value) <= self.capacity:
                self._values[key] = value
                self.size += len(value)
                while self.size > self.capacity:
                    self.size -= len(self._values.popitem(last=False)[1])
        return value
