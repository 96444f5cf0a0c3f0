"""Measures how long a reader and an editor wait while clients hinder the server, with and without a proxy.

Both read while the server is quiet, and then while each kind of client hinders alone, for longer than every limit of the
server; first the server alone, then behind nginx as `deploy/nginx.conf` has it (needs nginx and openssl). Fails if the
95th percentile of either grows by more than its bound, if a worker's memory does, or if clients don't get the answers
that they should. `slow_clients.py 0.1` measures with a tenth of the clients.
"""

import asyncio
import io
import json
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from PIL import Image

from tests.support.servers import hindering, nginx
from tests.support.servers.hindering import Address
from tests.support.servers.production import children_of, environment_in, manage, memory_of, running

SHARE = float(sys.argv[1]) if sys.argv[1:] else 1
QUIET_SECONDS = 10
LEAST_SECONDS = 3  # so that reader and editor ask more than once
FACTOR, EXTRA_SECONDS = 5, 0.1  # how many times as long as from a quiet server, and this much longer
WORKER_MB = 300  # that a worker's memory may grow
LARGE = "/media/large.png"
ARTICLE = "/articles/ketamine/"
STALLED_SECONDS = 45 if SHARE == 1 else 5  # longer than the server lets a connection stall
IDLE_SECONDS = 15  # longer than the server lets one be idle
# nginx counts requests of each address, so readers and editors have their own, and a household has a hundred readers.
READER, EDITOR = "127.0.0.2", "127.0.0.3"
STAFF = """
import json
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from articles.models import Article
cookies = []
for number in range({number}):
    user = User.objects.create_user(f"bench-{{number}}", password=None, is_staff=True)
    user.groups.set(Group.objects.filter(name="Editors"))
    client = Client()
    client.force_login(user)
    cookies.append(f"{{settings.SESSION_COOKIE_NAME}}={{client.cookies[settings.SESSION_COOKIE_NAME].value}}")
article = Article.objects.get(slug="ketamine")
print(json.dumps([cookies, reverse("admin:articles_upload"), reverse("admin:articles_article_change", args=[article.pk])]))
"""


def noise(pixels, mode):
    """Return an image of `pixels` × `pixels` that can't be compressed, as PNG: three bytes for each pixel."""
    out = io.BytesIO()
    Image.frombytes(mode, (pixels, pixels), random.randbytes(pixels * pixels * len(mode))).save(
        out, "PNG", compress_level=1
    )
    return out.getvalue()


def many(number, client):
    """Return a function that makes so many of `client(address, site)`, and the number."""
    number = max(1, round(number * SHARE))
    return number, lambda address, site: [client(address, site, n) for n in range(number)]


# What hinders, and what the clients are answered if there's only one right answer: the start of it.
KINDS = {
    "drip headers": (many(50, lambda address, site, n: hindering.drips_header(address)), None),
    "drip bodies": (many(50, lambda address, site, n: hindering.drips_body(address)), None),
    "stop halfway": (many(50, lambda address, site, n: hindering.stops_halfway(address)), None),
    "send chunks without end": (many(20, lambda address, site, n: hindering.sends_chunks_without_end(address)), None),
    "send 120 MB": (many(10, lambda address, site, n: hindering.sends_too_much(address)), "HTTP/1.1 413"),
    "reset": (many(500, lambda address, site, n: hindering.resets(address)), None),
    "don't read 30 MB": (
        many(50, lambda address, site, n: hindering.does_not_read(address, LARGE, STALLED_SECONDS)),
        None,
    ),
    "are idle": (many(10_000, lambda address, site, n: hindering.stays_idle(address, IDLE_SECONDS)), None),
    "keep reading on a connection": (
        many(500, lambda address, site, n: hindering.keeps_alive(from_household(address, n), ARTICLE, 5, 4)),
        " ".join(["200"] * 5),
    ),
    "upload an image of 5 MB": (many(20, lambda address, site, n: site.upload(address, n, 1300)), "HTTP/1.1 200"),
    "upload an image of 10 MB": (many(20, lambda address, site, n: site.upload(address, n, 1850)), "HTTP/1.1 413"),
}


def from_household(address, number):
    """Return `address` as seen from one of a hundred addresses."""
    return address._replace(source=f"127.0.1.{number % 100 + 1}")


class Site:
    """What is needed to act as staff: sessions, and the paths of the upload and of an editor's page."""

    def __init__(self, environment):
        printed = manage(environment, "shell", "--no-imports", "-c", STAFF.format(number=21))
        self.cookies, self.upload_path, self.editor_path = json.loads(printed.splitlines()[-1])

    def upload(self, address, number, pixels):
        image = noise(pixels, "RGB")
        return hindering.uploads(address, self.upload_path, self.cookies[number], f"{number}.png", image)


async def read(address, path, cookie, until):
    """Ask for `path` until `until` is set; returns the seconds that each request took."""
    took, headers = [], [f"Cookie: {cookie}"] if cookie else []
    while not until.is_set():
        start = time.monotonic()
        async with hindering.Raw(address) as raw:
            await raw.send(hindering.head("GET", path, *headers, "Connection: close") + b"\r\n")
            received = await raw.rest(120)
        if b" 200 OK" not in received[:20]:
            raise RuntimeError(f"{path} was answered with {received[:200]}")
        took.append(time.monotonic() - start)
        await asyncio.sleep(0.03)
    return took


def hinder(kind, address, site):
    """Run the clients of a kind, for `LEAST_SECONDS` again and again; returns what each was sent, its beginning.

    In a process of its own: it has work to do.
    """
    (_, clients), _ = KINDS[kind]
    outcomes, until = [], time.monotonic() + LEAST_SECONDS
    while time.monotonic() < until:
        outcomes += asyncio.run(hindering.all_at_once(*clients(address, site)))
    return [received[:1000].decode("latin-1") for received, _ in outcomes]


def observed(address, site, pids, action):
    """Return the latencies of reader and editor while `action` runs, the largest memory of a worker, and its result."""
    over, took, most = threading.Event(), {READER: [], EDITOR: []}, [0]

    def ask(source, path, cookie):
        took[source] = asyncio.run(read(address._replace(source=source), path, cookie, over))

    def watch():
        while not over.wait(0.2):
            most[0] = max(most[0], *(memory_of([pid]) for pid in pids))

    # A reader who isn't answered ends with a traceback and has no latencies, which fails.
    threads = [
        threading.Thread(target=ask, args=(READER, ARTICLE, "")),
        threading.Thread(target=ask, args=(EDITOR, site.editor_path, site.cookies[-1])),
        threading.Thread(target=watch),
    ]
    for thread in threads:
        thread.start()
    try:
        result = action()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return took[READER], took[EDITOR], most[0], result


def p95(values):
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else float("inf")


def shown(values, quiet):
    if not values:
        return "  no answer"
    return f"{statistics.median(values) * 1000:>6.0f} {p95(values) * 1000:>6.0f} {p95(values) / quiet:>6.1f}"


def measure(address, site, pids):
    """Print a row for each kind of client; returns sentences about what failed."""
    observed(address, site, pids, lambda: time.sleep(2))
    *quiet, before, _ = observed(address, site, pids, lambda: time.sleep(QUIET_SECONDS))
    limits = [p95(values) for values in quiet]
    print(
        f"  {'':<36} {'reader: median, p95 ms, ÷ quiet':>34}{'editor: the same':>24}   memory of a worker", flush=True
    )

    def row(name, values, most):
        both = "    ".join(shown(*pair) for pair in zip(values, limits, strict=True))
        print(f"  {name:<42} {both}   {most / 2**20:>6.0f} MB", flush=True)

    row("quiet", quiet, before)
    failed = []
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as others:
        for kind, ((number, _), expected) in KINDS.items():
            name = f"{number:,} {kind}"
            *values, most, answers = observed(
                address, site, pids, lambda kind=kind: others.submit(hinder, kind, address, site).result()
            )
            row(name, values, most)
            for who, times, limit in zip(("reader", "editor"), values, limits, strict=True):
                if p95(times) > FACTOR * limit + EXTRA_SECONDS:
                    failed.append(f"{name}: the {who} waits too long")
            if most - before > WORKER_MB * 2**20:
                failed.append(f"{name}: a worker takes too much memory")
            if wrong := [answer for answer in answers if expected and not answer.startswith(expected)]:
                failed.append(f"{name}: {len(wrong)} got other answers than {expected}, such as {wrong[0]!r}")
    return failed


def main():
    if missing := nginx.missing_programs():
        sys.exit(f"bench/slow_clients.py measures behind nginx. {missing}")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    failed = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as blocks:
        Path(folder).chmod(0o755)  # nginx's workers have an account of their own
        environment = environment_in(folder, SCHEDULER="0", WORKERS="2")
        manage(environment, "prepare_demo")
        site = Site(environment)
        Path(folder, "media").mkdir(exist_ok=True)
        with Path(folder, "media", "large.png").open("wb") as file:
            file.truncate(30 * 1024 * 1024)
        with running(environment, "/livez") as (server, url):
            port = int(url.rpartition(":")[2])
            print("without a proxy")
            failed += [
                f"without a proxy, {line}"
                for line in measure(Address("127.0.0.1", port), site, children_of(server.pid))
            ]
        with running(environment | {"HTTPS": "1", "BEHIND_PROXY": "1"}, "/livez") as (server, url):
            port = int(url.rpartition(":")[2])
            proxy, port = blocks.enter_context(nginx.running(Path(folder), port))
            print("behind nginx, over https")
            failed += [
                f"behind nginx, {line}"
                for line in measure(Address("127.0.0.1", port, has_tls=True), site, children_of(server.pid))
            ]
            print(f"  nginx: {memory_of([proxy.pid, *children_of(proxy.pid)]) / 2**20:.0f} MB")
            for line in set(Path(folder, "error.log").read_text().splitlines()):
                if "not enough" in line or "emerg" in line or ("alert" in line and "setrlimit" not in line):
                    failed.append(f"nginx: {line}")
    for line in failed:
        print(f"FAILED: {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
