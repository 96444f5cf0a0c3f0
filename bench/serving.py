"""Measures what readers get relative to a constant Django view under gunicorn (the floor), as the server is shipped.

All alternate within one run, in random order, so that a change of the machine's speed affects all; the ratios are taken
in each round. Fails if a median ratio is below its bound. Sites of other sizes than SIZES: `serving.py 100000`.
"""

import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# What is asked for, the smallest share of the floor's requests per second, and headers. An article is a random one of them.
TARGETS = {
    "article": ("/articles/sleep-1/", 1.0, {}),
    "article, brotli": ("/articles/sleep-1/", 1.0, {"Accept-Encoding": "gzip, deflate, br, zstd"}),
    "article, not modified": ("/articles/sleep-1/", 1.2, {"If-None-Match": "*"}),
    "home": ("/", 0.8, {}),
    "feed": ("/feeds/articles.atom", 0.8, {}),
    "API list": ("/api/articles/", 0.8, {}),
    "show": ("/shows/night-talks/", 0.8, {}),
    "episode": ("/shows/night-talks/on-sleep-0/", 0.8, {}),
    "article as JSON": ("/articles/sleep-1.json", 0.8, {}),
    "share image": ("/articles/sleep-1/share.png", 0.8, {}),
    "search, rare word": ("/search/?q=glymphatic", 0.2, {}),
    "search, common word": ("/search/?q=sleep", 0.2, {}),
    "search, hardly ever the same": ("/search/", 0, {}),  # five words of 160,000 combinations; only reported
}
RANDOM = {"article", "article, brotli", "article, not modified", "search, hardly ever the same"}
SIZES = (1, 10_000)
ROUNDS, SECONDS, CONNECTIONS = 7, 1, 16
HERE = Path(__file__).parent
PROJECT = HERE.parent

GUNICORN = ["gunicorn", "--workers=2", "--log-level=error", "--no-control-socket", "floor:application", "--bind"]
GRANIAN = ["ketamine_site.server", "--bind"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(command, folder, **environment):
    """Start a server; returns its process and URL."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *command, f"127.0.0.1:{port}"], cwd=folder, env=os.environ | environment
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    return process, f"http://127.0.0.1:{port}"


def ask(address, seconds, headers, articles=0):
    """Return wrk's requests per second for `address` and the 99th percentile in ms; with `articles`, for random ones."""
    script = ["-s", str(HERE / "random_path.lua")] if articles else []
    lines = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    output = subprocess.run(
        ["wrk", "--latency", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *lines, *script, address],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"ARTICLES": str(articles)},
    ).stdout
    if "Non-2xx" in output and "If-None-Match" not in headers:
        sys.exit(f"{address} responded with errors:\n{output}")
    late, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", output).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return rate, float(late) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def site_of(size, folder):
    """Fill a site with `size` articles and serve it; returns its process and URL."""
    environment = {
        "SECRET_KEY": "benchmark-" + "x" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
        "STATIC_ROOT": f"{folder}/static",
        "SCHEDULER": "0",
        "PYTHONPATH": str(PROJECT),
        "DATABASE_URL": f"sqlite:///{folder}/{size}.sqlite3",
    }
    for command in (["manage.py", "migrate", "-v0"], ["manage.py", "collectstatic", "-v0", "--noinput"]):
        subprocess.run([sys.executable, *command], check=True, cwd=PROJECT, env=os.environ | environment)
    fill = [sys.executable, HERE / "fill.py", str(size)]
    subprocess.run(fill, check=True, cwd=PROJECT, env=os.environ | environment)
    process, address = serve(GRANIAN, PROJECT, **environment)
    if size > 1:
        visit_all(address, size)
    return process, address


def visit_all(address, size):
    """Ask for each article once, as search engines do."""
    with ThreadPoolExecutor(4) as visitors:
        for _ in visitors.map(
            lambda number: urllib.request.urlopen(f"{address}/articles/sleep-{number}/").read(), range(1, size + 1)
        ):
            pass


def main():
    if not shutil.which("wrk"):
        sys.exit("bench/serving.py needs wrk: install the Debian package wrk.")
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    with tempfile.TemporaryDirectory() as folder:
        servers, asked = [], {}
        try:
            for size in sizes:
                process, address = site_of(size, folder)
                servers.append(process)
                for name, (path, bound, headers) in TARGETS.items():
                    asked[f"{name}, {size:,}"] = (address + path, headers, size if name in RANDOM else 0, bound)
            page = urllib.request.urlopen(f"{address}/articles/sleep-1/").read()
            Path(folder, "page.html").write_bytes(page)
            process, address = serve(GUNICORN, HERE, FLOOR_PAGE=str(Path(folder, "page.html")))
            servers.append(process)
            asked["floor"] = (f"{address}/", {}, 0, 0)

            def measure(name, seconds):
                address, headers, articles, _ = asked[name]
                return ask(address, seconds, headers, articles)

            for name in asked:
                measure(name, 1)
            rounds = []
            for _ in range(ROUNDS):
                # Each next to the floor: a machine that others use, too, changes its speed within seconds.
                rounds.append(
                    {
                        name: (measure("floor", SECONDS), measure(name, SECONDS))
                        for name in random.sample([name for name in asked if name != "floor"], len(asked) - 1)
                    }
                )
        finally:
            for process in servers:
                process.terminate()
                process.wait()

    print(f"article page, {len(page):,} bytes; {ROUNDS} rounds of {SECONDS} s, {CONNECTIONS} connections")
    floors = [pair[0] for one in rounds for pair in one.values()]
    rate, late = (statistics.median(column) for column in zip(*floors, strict=True))
    print(f"  {'floor':<34} {rate:>8.0f} requests/s   p99 {late:>6.1f} ms")
    failed = []
    for name in sorted(rounds[0]):
        ratio = statistics.median(one[name][1][0] / one[name][0][0] for one in rounds)
        rate, late = (statistics.median(one[name][1][column] for one in rounds) for column in (0, 1))
        bound = asked[name][3]
        print(f"  {name:<34} {rate:>8.0f} requests/s   p99 {late:>6.1f} ms   {ratio:.2f} of the floor, bound {bound}")
        failed += [f"{name}: {ratio:.2f} of the floor is below {bound}"] * (ratio < bound)
    for message in failed:
        print(f"FAILED: {message}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
