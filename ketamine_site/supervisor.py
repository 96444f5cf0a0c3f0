"""Keeps the scheduler running beside the server: the server's master process starts it again whenever it ends.

The master looks after it by a timer signal, in its only thread. A thread of the master could hang: if it starts a
process while the master forks a worker, the worker inherits the pipe by which `subprocess` learns that the new process
has started.
"""

import os
import signal
import subprocess
import sys
import time

CHECK_SECONDS = 1
PAUSES = (1, 60)  # seconds before the first restart, and at most; each pause doubles the one before
STEADY_SECONDS = 60  # a scheduler that ran this long is restarted as if for the first time
STOPPING_SECONDS = 10


class Supervisor:
    """Runs `command` in a session of its own, so that it ends after the server and not by the terminal's Ctrl+C.

    Takes over SIGALRM. Forked workers inherit neither the timer nor what it has to do.
    """

    def __init__(self, command, cwd):
        self.command, self.cwd = command, cwd
        self.process = None
        self.started = self.due = 0.0
        self.pause = PAUSES[0]

    def start(self):
        """Start the process, and check on it from now on."""
        signal.signal(signal.SIGALRM, lambda *_: self._check())
        self._check()

    def stop(self):
        """Stop the process, or kill it if it doesn't stop."""
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            _log(f"The scheduler didn't stop within {STOPPING_SECONDS} s and was killed.")
            self.process.kill()
            self.process.wait()

    def _check(self):
        """Start the process if it's time; never raises, because an exception would end the server."""
        now = time.monotonic()
        # Its exit status is unknown: the server waits for all its children, so it learns it first.
        if self.process is not None and self.process.poll() is not None:
            self.pause = PAUSES[0] if now - self.started > STEADY_SECONDS else self.pause
            self._start_later(now, f"The scheduler (process {self.process.pid}) was killed or failed.")
        if self.process is None and now >= self.due:
            try:
                self.process = subprocess.Popen(self.command, cwd=self.cwd, start_new_session=True)  # noqa: S603
            except OSError as error:
                self._start_later(now, f"The scheduler can't be started: {error}.")
            self.started = now
        # Once, and not at an interval, so that a check never interrupts another.
        signal.setitimer(signal.ITIMER_REAL, CHECK_SECONDS)

    def _start_later(self, now, reason):
        _log(f"{reason} Starting it again in {self.pause} s.")
        self.process, self.due = None, now + self.pause
        self.pause = min(2 * self.pause, PAUSES[1])


def _log(message):
    # Unlike print, this may be done in a signal handler that interrupts a print.
    os.write(sys.stderr.fileno(), f"ERROR ketamine_site.supervisor: {message}\n".encode())
