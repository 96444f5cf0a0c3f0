"""Work in the background: starting it, doing it once, and what comes after a failure (docs/decisions/0014)."""

from .erasure import forget, forget_files
from .progress import stopping
from .queue import cancel, retry, start
from .recovery import recover, tidy
from .running import Refusal
