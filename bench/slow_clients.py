"""Measures how long a reader waits while clients hinder the server, relative to a quiet server in the same run.

Each kind of client hinders alone, for longer than every limit of the server. Fails if the reader's 95th percentile
grows by more than `FACTOR` and `EXTRA_SECONDS`, or if a worker's memory grows by more than `MEMORY_MB`.
"""

import asyncio
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.servers import hindering
from tests.support.servers.production import children_of, environment_in, manage, memory_of, running

QUIET_SECONDS = 10
FACTOR, EXTRA_SECONDS = 5, 0.1
MEMORY_MB = 150
LARGE = "/media/large.png"
STALLED_SECONDS = 45  # longer than the server lets a connection stall

KINDS = {
    "50 drip headers": lambda address: [hindering.drips_header(address) for _ in range(50)],
    "50 drip bodies": lambda address: [hindering.drips_body(address) for _ in range(50)],
    "50 stop halfway": lambda address: [hindering.stops_halfway(address) for _ in range(50)],
    "20 send chunks without end": lambda address: [hindering.sends_chunks_without_end(address) for _ in range(20)],
    "10 send 120 MB": lambda address: [hindering.sends_too_much(address) for _ in range(10)],
    "500 reset": lambda address: [hindering.resets(address) for _ in range(500)],
    "50 don't read 30 MB": lambda address: [
        hindering.does_not_read(address, LARGE, STALLED_SECONDS) for _ in range(50)
    ],
    "2,000 are idle": lambda address: [hindering.stays_idle(address) for _ in range(2000)],
}


async def read(address, until):
    """Read the article until `until` is set; returns the seconds that each request took."""
    took = []
    while not until.is_set():
        start = time.monotonic()
        async with hindering.Raw(address) as raw:
            await raw.send(hindering.head("GET", "/articles/ketamine/", "Connection: close") + b"\r\n")
            if b" 200 OK" not in await raw.rest():
                raise RuntimeError("The reader got no answer.")
        took.append(time.monotonic() - start)
        await asyncio.sleep(0.02)
    return took


def reading(address, hinder):
    """Return the latencies of a reader while `hinder` runs."""
    over, took = threading.Event(), []
    reader = threading.Thread(target=lambda: took.extend(asyncio.run(read(address, over))))
    reader.start()
    try:
        hinder()
    finally:
        over.set()
        reader.join()
    return took


def percentiles(values):
    cuts = statistics.quantiles(values, n=100)
    return cuts[49], cuts[94], cuts[98]


def row(name, values, quiet, grown=0):
    median, late, latest = percentiles(values)
    print(
        f"  {name:<28} {len(values):>5} requests   median {median * 1000:>6.1f} ms   p95 {late * 1000:>6.1f} ms"
        f" ({late / quiet:>4.1f} of quiet)   p99 {latest * 1000:>6.1f} ms   memory +{grown:.0f} MB"
    )
    return late


def main():
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_in(folder, SCHEDULER="0")
        manage(environment, "prepare_demo")
        Path(folder, "media").mkdir(exist_ok=True)
        with Path(folder, "media", "large.png").open("wb") as file:
            file.truncate(30 * 1024 * 1024)
        failed = []
        with running(environment) as (server, url):
            address = tuple(url.removeprefix("http://").split(":"))
            reading(address, lambda: time.sleep(2))
            quiet = reading(address, lambda: time.sleep(QUIET_SECONDS))
            limit = percentiles(quiet)[1]
            row("quiet", quiet, limit)
            for name, kind in KINDS.items():
                before = memory_of(children_of(server.pid))
                took = reading(address, lambda kind=kind: asyncio.run(hindering.all_at_once(*kind(address))))
                grown = (memory_of(children_of(server.pid)) - before) / 1024 / 1024
                late = row(name, took, limit, grown)
                if late > FACTOR * limit + EXTRA_SECONDS or grown > MEMORY_MB:
                    failed.append(name)
    for name in failed:
        print(f"FAILED: {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
