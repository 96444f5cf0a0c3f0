"""The master process: restarts later and later what keeps ending, and kills what doesn't stop or hangs."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.support.paths import PROJECT
from tests.support.servers.production import children_of, wait_for

# A master of one process, which does `job`.
RUN = """
import logging, os, signal, sys, time
from ketamine_site.server import limits, master
logging.basicConfig(format="{{levelname}} {{name}}: {{message}}", style="{{")
master.PAUSES, master.STEADY_SECONDS, limits.STOPPING_SECONDS = (0.2, 0.4), {steady}, 0.2
master.CHECK_SECONDS, limits.HUNG_SECONDS = 0.1, {hung}
def job(alive, beat):
    {job}
master.Master({{"scheduler": job}}).run()
"""


def running_job(job, steady=60, hung=60):
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", RUN.format(job=job, steady=steady, hung=hung)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def restarts(process, number):
    """The seconds that the master waits before each of the first restarts."""
    lines = [process.stderr.readline() for _ in range(number)]
    assert all(line.startswith("ERROR ketamine_site.server: The scheduler (process ") for line in lines)
    said = [line.strip().partition("was killed or failed. Starting it again in ") for line in lines]
    return [seconds for _, _, seconds in said]


def stopped(process):
    """Stop the master, and return what it had logged since."""
    process.terminate()
    assert process.wait(10) == 0
    return process.stderr.read()


def test_what_keeps_ending_is_started_again_later_and_later():
    with running_job("os._exit(3)") as process:
        assert restarts(process, 3) == ["0.2 s.", "0.4 s.", "0.4 s."]
        assert stopped(process) == ""


def test_what_ran_for_long_is_started_again_soon():
    with running_job("os._exit(3)", steady=0) as process:
        assert restarts(process, 2) == ["0.2 s.", "0.2 s."]
        stopped(process)


def test_what_fails_says_why():
    with running_job("1 / 0") as process:
        assert process.stderr.readline() == "ERROR ketamine_site.server: The scheduler failed\n"
        assert process.stderr.readline().startswith("Traceback")
        assert any("ZeroDivisionError" in line for line in iter(process.stderr.readline, ""))
        stopped(process)


@pytest.mark.parametrize("again", [False, True])
def test_what_does_not_stop_is_killed(again):
    stubborn = "signal.signal(15, signal.SIG_IGN); print('started', flush=True); time.sleep(60)"
    with running_job(stubborn) as process:
        assert process.stdout.readline() == "started\n"
        if again:
            process.send_signal(signal.SIGINT)
        assert "didn't stop in time and was killed" in stopped(process)


def test_processes_learn_that_the_master_was_killed():
    with running_job("print('started', flush=True); os.read(alive, 1)") as process:
        assert process.stdout.readline() == "started\n"
        (child,) = children_of(process.pid)
        process.kill()
        process.wait()

        def is_gone():
            try:
                os.kill(child, 0)
            except ProcessLookupError:
                return True
            return False

        assert wait_for(is_gone, 10)


def test_what_never_beats_and_what_beats_is_left_alone():
    working = "print('started', flush=True)\n    while True: {beat}; time.sleep(0.05)"
    for beat in ("beat()", "pass"):
        with running_job(working.format(beat=beat), hung=0.3) as process:
            assert process.stdout.readline() == "started\n"
            time.sleep(1)
            assert stopped(process) == ""


def test_what_stopped_beating_is_killed():
    with running_job("beat(); time.sleep(60)", hung=0.3) as process:
        assert "(process " in (said := process.stderr.readline())
        assert said.endswith(" has done nothing for 0.3 s. This is where it hangs:\n")
        lines = iter(process.stderr.readline, "")
        assert any(line.endswith(" in job\n") for line in lines)
        assert any("was killed or failed. Starting it again in 0.2 s." in line for line in lines)
        stopped(process)
