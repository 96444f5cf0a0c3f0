"""Runs Lighthouse on article, home, episode, transcript and search pages of our own server.

It sets up a site with the demo content in a temporary folder, serves it as `make run` does, and uses the mobile preset,
which simulates a slow processor and network. Exits 1 if any of the four categories is below 100 for any page, and lists
what cost points. Performance is the better of two runs, since other programs can only slow a page down.
`bench/lighthouse.py /about/` checks other paths.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from serving import GRANIAN, serve

from tests.support.checkers import CATEGORIES, lighthouse, missing_programs, points_lost
from tests.support.scenarios.sites.public_talk import ADDRESS, EPISODE, add_public_talk

PATHS = [
    "/articles/ketamine/",
    "/",
    f"/shows/{EPISODE}/",
    ADDRESS,
    "/search/",
    "/search/?q=ketamine",
]
RUNS = 2
METRICS = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "shift",
    "total-byte-weight": "bytes",
}


def best_report(address):
    """Return the report of the fastest run, and its scores from 0 to 100 by category."""
    best = None
    for _ in range(RUNS):
        report = lighthouse(address)
        if best is None or performance(report) > performance(best):
            best = report
        if performance(best) == 1:
            break
    return best, [round(100 * best["categories"][category]["score"]) for category in CATEGORIES]


def performance(report):
    return report["categories"]["performance"]["score"]


def main(paths):
    if missing := missing_programs("lighthouse"):
        sys.exit(missing)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "SECRET_KEY": "lighthouse-" + "x" * 50,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
        }

        def run(*arguments):
            command = [sys.executable, "manage.py", *arguments]
            subprocess.run(command, check=True, cwd=PROJECT, env=os.environ | environment, stdout=subprocess.DEVNULL)

        run("prepare_demo")
        add_public_talk(run, folder)
        process, origin = serve(GRANIAN, PROJECT, **environment)
        try:
            for path in paths:
                report, scores = best_report(origin + path)
                metrics = [f"{label} {report['audits'][audit]['displayValue']}" for audit, label in METRICS.items()]
                requests = len(report["audits"]["network-requests"]["details"]["items"])
                print(f"{' / '.join(map(str, scores))}  {path}\n    {', '.join(metrics)}, {requests} requests")
                for sentence in points_lost(report):
                    failed = True
                    print(f"    {sentence}")
                failed |= min(scores) < 100
        finally:
            process.terminate()
            process.wait()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PATHS))
