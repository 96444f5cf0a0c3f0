"""A recording that the browser can play, and waiting for what plays."""

import re
import struct

from playwright.sync_api import expect

from tests.support.browser import eventually

AUDIO = "https://audio.example/night.wav"
SECONDS = 120
VIDEO = "https://www.youtube-nocookie.com/embed/**"
# What YouTube’s frame says to the page that embeds it while it plays.
PLAYING = """<script>
let time = Number(new URLSearchParams(location.search).get("start"));
const say = (info) => parent.postMessage(JSON.stringify({ event: "infoDelivery", info }), "*");
addEventListener("message", ({ data }) => {
  const { event, func, args } = JSON.parse(data);
  if (func === "seekTo") time = args[0];
  if (event === "listening") setInterval(() => say({ duration: 9000, playerState: 1, currentTime: (time += 0.1) }), 100);
});
</script>"""


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


def play_video(page):
    """Respond for YouTube with a video that plays, as somebody who has agreed to videos sees it."""
    page.route(VIDEO, lambda route: route.fulfill(content_type="text/html", body=PLAYING))
    page.evaluate("localStorage.setItem('plays-video', 'yes')")


def listen(page, by_key=True):
    """Play the chosen citation by its key, or wait for the one that was just clicked, until some of it was heard."""
    if by_key:
        page.keyboard.press("p")
    time = page.locator(".player [data-time]")
    expect(time).to_have_text(re.compile("[0-9]"))
    expect(time).not_to_have_text(time.text_content())
