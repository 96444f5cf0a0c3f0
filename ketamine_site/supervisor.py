"""Keeps the scheduler running beside the server: starts it again when it ends, and stops it with the server.

Run by ketamine_site/gunicorn.py as `python -m ketamine_site.supervisor PID`, with the server's process id. It is a
process and not a thread of the server, because a thread hangs if it starts a process while the server forks a worker:
the worker inherits the pipe by which `subprocess` learns that the new process has started.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, SimpleQueue

MANAGE = Path(__file__).parent.parent / "manage.py"
PAUSES = (1, 60)  # seconds before the first restart, and at most; each pause doubles the one before
STEADY_SECONDS = 60  # a scheduler that ran this long is restarted as if for the first time
STOPPING_SECONDS = 10


def supervise(server, command):
    """Keep `command` running until SIGTERM, SIGINT or the end of the parent process, whose id is `server`."""
    signals = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: signals.put(received))

    def is_stopped():
        """Whether to stop, after waiting for a second at most."""
        try:
            signals.get(timeout=1)
        except Empty:
            return os.getppid() != server
        return True

    pause = PAUSES[0]
    while True:
        started = time.monotonic()
        process = subprocess.Popen(command)  # noqa: S603
        while process.poll() is None:
            if is_stopped():
                _stop(process)
                return
        pause = PAUSES[0] if time.monotonic() - started > STEADY_SECONDS else pause
        _log(f"The scheduler ended with exit status {process.returncode}. Starting it again in {pause} s.")
        again = time.monotonic() + pause
        while time.monotonic() < again:
            if is_stopped():
                return
        pause = min(2 * pause, PAUSES[1])


def _stop(process):
    process.terminate()
    try:
        process.wait(STOPPING_SECONDS)
    except subprocess.TimeoutExpired:
        _log(f"The scheduler didn't stop within {STOPPING_SECONDS} s and was killed.")
        process.kill()
        process.wait()


def _log(message):
    print(f"ERROR ketamine_site.supervisor: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    supervise(int(sys.argv[1]), [sys.executable, str(MANAGE), "run_scheduler", f"--stop-with={os.getpid()}"])
