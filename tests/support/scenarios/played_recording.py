"""A recording that the browser can play, and waiting for what plays."""

import struct

from tests.support.browser import eventually

AUDIO = "https://audio.example/night.wav"
SECONDS = 120


def silence():
    """Return a silent WAV file of `SECONDS` seconds: 8 kHz, 8 bits, one channel."""
    size = SECONDS * 8000
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", size
    )
    return head + b"\x80" * size


def serve_audio(page):
    """Respond for the audio file's server, with ranges, which browsers need for seeking."""
    data = silence()

    def answer(route):
        first, _, last = route.request.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")
        start, end = int(first), int(last or len(data) - 1)
        headers = {
            "Content-Type": "audio/wav",
            "Accept-Ranges": "bytes",
            "Content-Range": f"bytes {start}-{end}/{len(data)}",
        }
        route.fulfill(status=206, headers=headers, body=data[start : end + 1])

    page.route(AUDIO + "*", answer)


def wait_for(page, expression):
    """Wait until a JavaScript expression is true."""
    eventually(lambda: page.evaluate(expression))


def now(page):
    return page.evaluate("document.querySelector('audio').currentTime")
