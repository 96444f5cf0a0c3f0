"""The supervisor: restarts later and later what keeps ending, and kills what doesn't stop."""

import subprocess
import sys

from tests.support.paths import PROJECT

SUPERVISE = """
import os, sys
from ketamine_site import supervisor
supervisor.PAUSES, supervisor.STEADY_SECONDS, supervisor.STOPPING_SECONDS = (1, 2), {steady}, 0.1
supervisor.supervise(os.getppid(), [sys.executable, "-c", {code!r}])
"""


def supervising(code, *, steady=60):
    """A supervisor of a process that runs `code`."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SUPERVISE.format(code=code, steady=steady)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def restarts(process, number):
    """The seconds that the supervisor waits before each of the first restarts."""
    lines = [process.stderr.readline() for _ in range(number)]
    said = "ERROR ketamine_site.supervisor: The scheduler ended with exit status 3. Starting it again in "
    assert [line[: len(said)] for line in lines] == [said] * number
    return [line[len(said) :].strip() for line in lines]


def test_what_keeps_ending_is_started_again_later_and_later():
    with supervising("raise SystemExit(3)") as process:
        assert restarts(process, 3) == ["1 s.", "2 s.", "2 s."]
        process.terminate()
        assert process.wait(10) == 0


def test_what_ran_for_long_is_started_again_soon():
    with supervising("raise SystemExit(3)", steady=0) as process:
        assert restarts(process, 2) == ["1 s.", "1 s."]
        process.terminate()


def test_what_does_not_stop_is_killed():
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('started', flush=True); time.sleep(60)"
    with supervising(stubborn) as process:
        assert process.stdout.readline() == "started\n"
        process.terminate()
        assert process.wait(10) == 0
        assert "didn't stop within 0.1 s and was killed" in process.stderr.read()
