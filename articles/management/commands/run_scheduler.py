"""The earlier name of `run_worker`, which services may still use."""

from .run_worker import Command as RunWorker


class Command(RunWorker):
    help = f"The earlier name of run_worker. {RunWorker.help}"
