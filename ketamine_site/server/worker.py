"""A worker: granian with one Python thread for readers and a few for staff."""

import asyncio
import resource
import signal

import uvloop
from granian._granian import SocketHolder
from granian.http import HTTP1Settings
from granian.server.embed import Server

from . import limits


class _Server(Server):
    """Granian on a socket that is already open, so that all workers share it and none of its connections is lost."""

    def __init__(self, application, listener):
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        connections = limits.CONNECTIONS if files < 0 else min(limits.CONNECTIONS, (files - limits.OTHER_FILES) // 2)
        super().__init__(
            application,
            interface="asginl",
            http="1",
            websockets=False,
            backlog=limits.QUEUE,
            backpressure=max(connections, 1),
            http1_settings=HTTP1Settings(
                header_read_timeout=limits.HEADER_SECONDS * 1000, max_buffer_size=limits.GRANIAN_BYTES
            ),
            log_level="error",
        )
        self.listener = listener

    def _init_shared_socket(self):
        self._shd = SocketHolder(self.listener.fileno(), False, self.backlog)


def serve(application, listener, stop_at, beat):
    """Serve `application` until SIGTERM, or until the file descriptor `stop_at` can be read.

    Calls `beat` each second, unless the thread for readers or all those for something else hang.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(application, listener, stop_at, beat))


async def _serve(application, listener, stop_at, beat):
    server, loop = _Server(application, listener), asyncio.get_running_loop()

    def stop():
        loop.remove_reader(stop_at)
        server.stop()

    def keep_beating():
        if not application.hangs():
            beat()
        loop.call_later(1, keep_beating)

    keep_beating()
    loop.add_signal_handler(signal.SIGTERM, stop)
    loop.add_reader(stop_at, stop)
    try:
        await server.serve()
    finally:
        application.close()
