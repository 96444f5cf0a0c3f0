"""Measures the article page relative to a constant Django view of the same size under gunicorn (the floor).

All alternate within one run, in random order, so that a change of the machine's speed affects all; the ratios are taken
in each round. Fails if a median ratio is below its bound, or if ten thousand articles are slower than one.
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
from pathlib import Path

BOUND = 0.84  # minimum share of the floor's requests per second
COMPRESSED_BOUND = 0.6  # most of ten thousand articles are compressed for each request
FLAT = 0.85  # minimum speed of the largest site relative to the smallest
SIZES = (1, 10_000)
ROUNDS, SECONDS, CONNECTIONS = 9, 2, 16
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


def ask(address, articles, seconds, coding=""):
    """Return wrk's requests per second for `address` and the 99th percentile in ms, with a coding such as br."""
    script = ["-s", str(HERE / "random_article.lua")] if articles else []
    output = subprocess.run(
        ["wrk", "--latency", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"Accept-Encoding: {coding}", *script,
         address],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"ARTICLES": str(articles)},
    ).stdout  # fmt: skip
    if "Non-2xx" in output:
        sys.exit(f"{address} responded with errors:\n{output}")
    late, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", output).groups()
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]), float(late) * {"us": 0.001, "ms": 1, "s": 1000}[
        unit
    ]


def coding_of(name):
    return "br" if name.startswith("compressed") else ""


def main():
    if not shutil.which("wrk"):
        sys.exit("bench/serving.py needs wrk: install the Debian package wrk.")
    with tempfile.TemporaryDirectory() as folder:
        servers, addresses = [], {}
        environment = {
            "SECRET_KEY": "benchmark-" + "x" * 50,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
            "STATIC_ROOT": f"{folder}/static",
            "SCHEDULER": "0",
        }
        try:
            for size in SIZES:
                database = {"DATABASE_URL": f"sqlite:///{folder}/{size}.sqlite3"}
                manage = [sys.executable, "manage.py"]
                for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"]):
                    subprocess.run(manage + command, check=True, cwd=PROJECT, env=os.environ | environment | database)
                subprocess.run(
                    [sys.executable, HERE / "fill.py", str(size)],
                    check=True,
                    cwd=PROJECT,
                    env=os.environ | environment | database | {"PYTHONPATH": str(PROJECT)},
                )
                process, address = serve(GRANIAN, PROJECT, **environment, **database)
                servers.append(process)
                addresses[f"article, {size} in all"] = (address, size)
                addresses[f"compressed, {size} in all"] = (address, size)
            page = urllib.request.urlopen(f"{addresses[f'article, {SIZES[0]} in all'][0]}/articles/sleep-1/").read()
            Path(folder, "page.html").write_bytes(page)
            process, address = serve(GUNICORN, HERE, FLOOR_PAGE=str(Path(folder, "page.html")))
            servers.append(process)
            addresses["floor"] = (address, 0)

            for address, size in addresses.values():
                ask(address, size, 1, "br")
            rounds = []
            for _ in range(ROUNDS):
                names = random.sample(list(addresses), len(addresses))
                rounds.append({name: ask(*addresses[name], SECONDS, coding_of(name)) for name in names})
        finally:
            for process in servers:
                process.terminate()
                process.wait()

    print(f"article page, {len(page):,} bytes; {ROUNDS} rounds of {SECONDS} s, {CONNECTIONS} connections")
    ratios = {}
    for name in addresses:
        ratios[name] = statistics.median(r[name][0] / r["floor"][0] for r in rounds)
        rate, late = (statistics.median(r[name][column] for r in rounds) for column in (0, 1))
        print(f"  {name:<24} {rate:>8.0f} requests/s   {ratios[name]:.2f} of the floor   p99 {late:>5.1f} ms")
    small, large = (ratios[f"article, {size} in all"] for size in SIZES)
    failed = [f"{small:.2f} of the floor is below {BOUND}"] * (min(small, large) < BOUND)
    # The compressed form of one article is cached; of ten thousand, most are compressed for each request.
    compressed = ratios[f"compressed, {SIZES[0]} in all"]
    failed += [f"compressed: {compressed:.2f} of the floor is below {COMPRESSED_BOUND}"] * (
        compressed < COMPRESSED_BOUND
    )
    failed += [f"{SIZES[1]} articles are served at {large / small:.2f} of the speed of one, below {FLAT}"] * (
        large < FLAT * small
    )
    for message in failed:
        print(f"FAILED: {message}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
