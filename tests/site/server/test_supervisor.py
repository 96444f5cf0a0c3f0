"""The supervisor: restarts later and later what keeps ending, and kills what doesn't stop."""

import subprocess
import sys

import pytest

from tests.support.paths import PROJECT

# A process that reaps its children as the server does, and stops what it supervises at the end of its input.
SUPERVISE = """
import os, signal, sys
from ketamine_site import supervisor
supervisor.PAUSES, supervisor.STEADY_SECONDS, supervisor.STOPPING_SECONDS = (1, 2), {steady}, 0.1
supervisor.CHECK_SECONDS = 0.05
reap = lambda *_: os.waitpid(-1, os.WNOHANG)
if {is_reaping}:
    signal.signal(signal.SIGCHLD, reap)
supervised = supervisor.Supervisor({command!r}, cwd=".")
supervised.start()
sys.stdin.read()
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
supervised.stop()
"""
FAILED = "was killed or failed."


def supervising(*command, steady=60, is_reaping=True):
    """A process that supervises another that runs `command`."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SUPERVISE.format(command=command, steady=steady, is_reaping=is_reaping)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def restarts(process, number, reason=FAILED):
    """The seconds that the supervisor waits before each of the first restarts."""
    lines = [process.stderr.readline() for _ in range(number)]
    assert all(line.startswith("ERROR ketamine_site.supervisor: The scheduler ") for line in lines)
    said = [line.strip().partition(f"{reason} Starting it again in ") for line in lines]
    return [seconds for _, _, seconds in said]


def stopped(process):
    """Stop the supervisor, and return what it had logged since."""
    process.stdin.close()
    assert process.wait(10) == 0
    return process.stderr.read()


@pytest.mark.parametrize("is_reaping", [True, False])
def test_what_keeps_ending_is_started_again_later_and_later(is_reaping):
    with supervising(sys.executable, "-c", "raise SystemExit(3)", is_reaping=is_reaping) as process:
        assert restarts(process, 3) == ["1 s.", "2 s.", "2 s."]
        assert stopped(process) == ""


def test_what_ran_for_long_is_started_again_soon():
    with supervising(sys.executable, "-c", "raise SystemExit(3)", steady=0) as process:
        assert restarts(process, 2) == ["1 s.", "1 s."]
        stopped(process)


def test_what_cannot_be_started_is_tried_again():
    with supervising("./no-such-program") as process:
        reason = "can't be started: [Errno 2] No such file or directory: './no-such-program'."
        assert restarts(process, 2, reason) == ["1 s.", "2 s."]
        assert stopped(process) == ""


def test_what_does_not_stop_is_killed():
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('started', flush=True); time.sleep(60)"
    with supervising(sys.executable, "-c", stubborn) as process:
        assert process.stdout.readline() == "started\n"
        assert "didn't stop within 0.1 s and was killed" in stopped(process)
