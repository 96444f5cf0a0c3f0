"""Keeps processes running: the workers are forked from one process, which starts again what ends.

It has a single thread and waits for signals instead of handling them, so nothing interrupts it. A process that has begun
to beat and stops doing so hangs: it writes to standard error where, is killed, and started again like any other.
"""

import contextlib
import faulthandler
import logging
import mmap
import os
import signal
import sys
import time
from pathlib import Path

from . import limits

PAUSES = (1, 60)  # seconds before the first restart, and at most; each pause doubles the one before
STEADY_SECONDS = 60  # a process that ran this long is restarted as if for the first time
CHECK_SECONDS = 5  # between two looks at who still beats
logger = logging.getLogger("ketamine_site.server")
SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


class Child:
    """A process named `name` that is to run the function `run` as long as the master does."""

    def __init__(self, name, run):
        self.name, self.run = name, run
        self.pid = None
        self.started = self.due = 0.0
        self.pause = PAUSES[0]
        self._beats = mmap.mmap(-1, 1)  # shared with the process; 0 until it has begun to beat
        self._last_beat = self._missed = 0

    def beat(self):
        """Show that the process works; it calls this often, or never."""
        self._beats[0] = self._beats[0] % 255 + 1

    def silent_seconds(self):
        """Return for how long the process has stopped beating; called every `CHECK_SECONDS`.

        Checks are counted instead of time, so that a machine that was suspended isn't taken for a process that hangs.
        """
        beat = self._beats[0]
        self._missed = self._missed + 1 if beat and beat == self._last_beat else 0
        self._last_beat = beat
        return self._missed * CHECK_SECONDS

    def forget_beats(self):
        self._beats[0] = self._last_beat = self._missed = 0

    def __str__(self):
        return f"The {self.name} (process {self.pid})"

    def start_later(self):
        """Note that the process has ended, and when to start it again."""
        now = time.monotonic()
        self.pause = PAUSES[0] if now - self.started > STEADY_SECONDS else self.pause
        logger.error(f"{self} was killed or failed. Starting it again in {self.pause} s.")
        self.pid, self.due = None, now + self.pause
        self.pause = min(2 * self.pause, PAUSES[1])


class Master:
    """Runs `jobs`, a dictionary of names and functions, each in a process of its own.

    A function gets a file descriptor that can be read when the master has ended, and a function to beat with.
    """

    def __init__(self, jobs):
        self.children = [Child(name, run) for name, run in jobs.items()]
        # The other end is open as long as this process lives, however it ends.
        self.alive, self._alive = os.pipe()

    def run(self):
        """Run until SIGTERM or SIGINT, then stop all processes."""
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        next_check = time.monotonic() + CHECK_SECONDS
        while True:
            for child in self.children:
                if child.pid is None and time.monotonic() >= child.due:
                    self._start(child)
            due = [child.due for child in self.children if child.pid is None]
            if self._next_signal(min([*due, next_check]) - time.monotonic()) in {signal.SIGTERM, signal.SIGINT}:
                break
            for child in self._ended():
                child.start_later()
            if time.monotonic() >= next_check:
                self._end_hung()
                next_check = time.monotonic() + CHECK_SECONDS
        self._stop()

    def _next_signal(self, seconds):
        info = signal.sigtimedwait(SIGNALS, max(seconds, 0.01))
        return info and info.si_signo

    def _end_hung(self):
        """Have each process that hangs write where, and kill it at the next check."""
        for child in self.children:
            silent = 0 if child.pid is None else child.silent_seconds()
            if silent < limits.HUNG_SECONDS:
                continue
            if silent < limits.HUNG_SECONDS + CHECK_SECONDS:
                logger.error(f"{child} has done nothing for {limits.HUNG_SECONDS} s. This is where it hangs:")
                os.kill(child.pid, signal.SIGUSR1)
            else:
                os.kill(child.pid, signal.SIGKILL)

    def _start(self, child):
        child.forget_beats()
        try:
            pid = os.fork()
        except OSError as error:
            logger.error(f"The {child.name} can't be started: {error}.")
            child.due = time.monotonic() + PAUSES[0]
            return
        if pid == 0:
            self._become(child)
        child.pid, child.started = pid, time.monotonic()

    def _become(self, child):
        """Run the job of `child` in this process, which has just been forked, and end the process."""
        code = 1
        try:
            # Ctrl+C in a terminal reaches all its processes; in its own session, this one ends when the master says.
            os.setsid()
            os.close(self._alive)
            signal.pthread_sigmask(signal.SIG_SETMASK, self.mask)
            with contextlib.suppress(OSError):  # the name that ps and top show; Linux only
                Path("/proc/self/comm").write_text(child.name.replace(" ", "-"))
            with contextlib.suppress(Exception):  # without standard error; then the signal ends the process
                faulthandler.register(signal.SIGUSR1)
            child.run(self.alive, child.beat)
            code = 0
        except BaseException:
            logger.exception("The %s failed", child.name)
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _ended(self):
        """Return the children that have ended since, and collect their exit status."""
        ended = []
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                ended += [child for child in self.children if child.pid == pid]
        return ended

    def _stop(self):
        running = [child for child in self.children if child.pid is not None]
        for child in running:
            os.kill(child.pid, signal.SIGTERM)
        end = time.monotonic() + limits.STOPPING_SECONDS
        while running and (left := end - time.monotonic()) > 0:
            if self._next_signal(left) in {signal.SIGTERM, signal.SIGINT}:  # again: somebody is impatient
                break
            ended = self._ended()
            running = [child for child in running if child not in ended]
        for child in running:
            logger.error(f"{child} didn't stop in time and was killed.")
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
