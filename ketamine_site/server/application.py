"""The ASGI application that granian serves: it receives a request completely, then has a WSGI application handle it.

So a client that sends or reads slowly costs a connection, but never a Python thread. Django is called as under any
other WSGI server, and may answer with bytes, with a file or with an iterable of bytes.
"""

import asyncio
import io
import logging
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext

from ketamine_site.frames import with_room

from . import limits
from .answers import FileWrapper, collected, refused, whole_file
from .bodies import Budget, Refused, discard, read

logger = logging.getLogger("ketamine_site.server")

# The starts of headers by which a proxy says what it was asked.
FORWARDED = ("forwarded", "x-forwarded", "x-real-ip", "x-script-name", "script-name")


class Application:
    """Serves the WSGI application `wsgi`.

    Paths below `staff_path` take bodies of up to `staff_bytes`, with a budget of their own if `is_staff(environ)`. They
    and what may change something run in threads, apart from readers; one after the other, uploads (`is_upload(path)`)
    and slow public pages (`is_slow(path)`). `stored(environ)` returns status, headers and body of a stored response, or
    None. `behind_proxy`: whether forwarded headers count.
    """

    def __init__(
        self,
        wsgi,
        *,
        staff_path="/admin/",
        staff_bytes=limits.FORM_BYTES,
        is_staff=lambda environ: False,
        is_slow=lambda path: False,
        is_upload=lambda path: False,
        stored=lambda environ: None,
        behind_proxy=False,
    ):
        self.wsgi, self.is_staff, self.is_slow, self.stored = with_room(wsgi), is_staff, is_slow, stored
        self.staff_path, self.staff_bytes, self.is_upload = staff_path, staff_bytes, is_upload
        self.behind_proxy = behind_proxy
        sizes = limits.OPEN_BODIES_BYTES, limits.LONG_BODIES_BYTES, limits.STAFF_BODIES_BYTES
        self.open, self.long, self.staff = map(Budget, sizes)
        self.staff_threads, self.slow_thread = Threads(limits.STAFF_THREADS, "staff"), Threads(1, "slow")
        self.upload_thread = Threads(1, "upload")
        self.temporary = set()  # files that are deleted when they were sent
        self.keys = {}  # the environment's keys for names of headers, None for those that are ignored

    async def __call__(self, scope, receive, send):
        try:
            environ = self.environ(scope)
            if "CONTENT_LENGTH" in environ:
                answer = await self.with_body(environ, receive)
            elif environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not self.is_for_staff(environ):
                answer = outside_the_loop(self.stored_answer, environ)
                if answer is None and self.is_slow(environ["PATH_INFO"]):
                    answer = await self.slow_thread.run(self.answer, environ)
                elif answer is None:
                    answer = outside_the_loop(self.answer, environ)
            else:
                answer = await self.staff_threads.run(self.answer, environ)
        except Refused as refusal:
            await self.send(send, *refused(refusal))
            await discard(receive)
        else:
            await self.send(send, *answer)

    def close(self):
        """Delete the files of answers; what the server has opened is still sent."""
        for path in list(self.temporary):
            self.delete(path)

    def delete(self, path):
        self.temporary.discard(path)
        path.unlink(missing_ok=True)

    def is_for_staff(self, environ):
        return environ["PATH_INFO"].startswith(self.staff_path)

    def hangs(self):
        """Return whether no thread of a kind has got on for too long."""
        return any(threads.hang() for threads in (self.staff_threads, self.slow_thread, self.upload_thread))

    async def with_body(self, environ, receive):
        """Receive the body and return the answer. Refuses a body that is too long before anything of it is read."""
        length = int(environ["CONTENT_LENGTH"])
        most = self.staff_bytes if self.is_for_staff(environ) else limits.FORM_BYTES
        if length > most:
            size = f"{most // limits.MB} MB" if most >= limits.MB else f"{most // limits.KB} KB"
            message = gettext("What you sent is longer than %(size)s, the most that is accepted here. Send less.")
            raise Refused(413, message % {"size": size})
        is_staff = self.is_for_staff(environ) and await self.staff_threads.run(self.is_staff, environ)
        budget = self.staff if is_staff else self.open if length <= limits.FORM_BYTES else self.long
        budget.take(length)
        try:
            environ["wsgi.input"] = await read(receive, length)
            threads = self.upload_thread if self.is_upload(environ["PATH_INFO"]) else self.staff_threads
            return await threads.run(self.answer, environ)
        finally:
            budget.give_back(length)

    def environ(self, scope):
        """Return the WSGI environment of a request.

        Raises Refused for what is too long, and for what servers might understand differently.
        """
        if len(scope["raw_path"]) + len(scope["query_string"]) > limits.ADDRESS_BYTES:
            raise Refused(414, gettext("The address is too long. Shorten it; a search needs only a few words."))
        environ = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
            "QUERY_STRING": scope["query_string"].decode("latin-1"),
            "SERVER_PROTOCOL": "HTTP/1.0" if scope["http_version"] == "1" else f"HTTP/{scope['http_version']}",
            "SERVER_NAME": scope["server"][0],
            "SERVER_PORT": scope["server"][1],
            "REMOTE_ADDR": scope["client"][0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
        }
        keys, length = self.keys, 0
        for name, value in scope["headers"]:
            length += len(name) + len(value)
            key = keys[name] if name in keys else self.key(name)
            if key is None:
                continue
            if key not in environ:
                environ[key] = value.decode("latin-1")
            elif key == "HTTP_HOST":
                raise Refused(400, gettext("The request has more than one Host header."))
            else:
                separator = "; " if key == "HTTP_COOKIE" else ","
                environ[key] += separator + value.decode("latin-1")
        if length > limits.HEADER_BYTES:
            raise Refused(431, gettext("The headers are too long. Delete this site’s cookies, and try again."))
        if "HTTP_TRANSFER_ENCODING" in environ:
            # Browsers never do, and proxies needn't; programs get to know what to do instead.
            raise Refused(411, gettext("Send the request with its length (Content-Length), not in chunks."))
        if environ.get("CONTENT_LENGTH") == "0":
            del environ["CONTENT_LENGTH"]
        return environ

    def key(self, name):
        """Return the environment's key for the header `name` (lower-case bytes), or None if it is to be ignored.

        A name with an underscore would become the same key as the one with a hyphen, which a proxy removes or sets.
        """
        text = name.decode("latin-1")
        if "_" in text or (not self.behind_proxy and text.startswith(FORWARDED)):
            key = None
        elif text in {"content-type", "content-length"}:
            key = text.upper().replace("-", "_")
        else:
            key = f"HTTP_{text.upper().replace('-', '_')}"
        if len(self.keys) < 1000:  # clients choose the names
            self.keys[name] = key
        return key

    def stored_answer(self, environ):
        """Return what `answer` does if it is stored, else None: the short way for readers."""
        found = self.stored(environ)
        if found is None:
            return None
        status, headers, body = found
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return status, headers, collected([body], self.temporary)

    def answer(self, environ):
        """Call the WSGI application; returns status, headers and the content as bytes or the path of a file."""
        started = []

        def start_response(status, headers, exc_info=None):
            started[:] = int(status[:3]), [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

        try:
            result = self.wsgi(environ, start_response)
            try:
                content = whole_file(result, started[1]) or collected(result, self.temporary)
            finally:
                if hasattr(result, "close"):
                    result.close()
        except Exception:
            logger.exception("The request %r %r failed", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            return refused(
                Refused(500, gettext("Something went wrong on our side, and has been logged. Try again in a moment."))
            )
        return (*started, content)

    async def send(self, send, status, headers, content):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if isinstance(content, bytes):
            await send({"type": "http.response.body", "body": content})
            return
        if content in self.temporary:
            asyncio.get_running_loop().call_later(limits.FILE_SECONDS, self.delete, content)
        await send({"type": "http.response.pathsend", "path": str(content)})


class Threads:
    """`number` threads that do what the event loop mustn't wait for."""

    def __init__(self, number, name):
        self.number, self.pool = number, ThreadPoolExecutor(number, name)
        self.begun = {}  # thread -> when it began with its request, in seconds of the monotonic clock

    def run(self, function, *arguments):
        """Return the future of what `function` returns."""
        return asyncio.get_running_loop().run_in_executor(self.pool, self.timed, function, *arguments)

    def timed(self, function, *arguments):
        thread = threading.get_ident()
        self.begun[thread] = time.monotonic()
        try:
            return function(*arguments)
        finally:
            del self.begun[thread]

    def hang(self):
        """Return whether all of them have been busy with the same requests for too long."""
        begun = list(self.begun.values())
        return len(begun) == self.number and time.monotonic() - max(begun) > limits.HUNG_SECONDS


def outside_the_loop(function, *arguments):
    """Call `function` outside the event loop: inside it, Django opens a new database connection for each task.

    It runs to its end before the loop goes on, so nothing is shared between requests.
    """
    loop = asyncio.get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return function(*arguments)
    finally:
        asyncio._set_running_loop(loop)
