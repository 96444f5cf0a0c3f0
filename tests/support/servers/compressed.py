"""The compressed static files of an earlier run: Brotli takes ten times as long as all else that collecting them does."""

import hashlib
import shutil
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from ketamine_site import static_files
from tests.support.databases.template import locked
from tests.support.paths import PROJECT

ENDINGS = (".br", ".gz")


@contextmanager
def kept_compressed(static):
    """Collect static files in the folder `static`, which must not exist, in this block.

    Before, it gets the compressed files of an earlier run; collecting leaves those that are right. Afterwards, those that
    no longer belong to a file are removed, and the others kept.
    """
    made_by = Path(static_files.__file__).read_bytes() + f"{version('whitenoise')} {version('brotli')}".encode()
    kept = PROJECT / "var" / "compressed" / hashlib.sha256(made_by).hexdigest()[:12]
    kept.parent.mkdir(parents=True, exist_ok=True)
    with locked(kept.parent / "lock"):
        if kept.exists():
            shutil.copytree(kept, static)
        yield
        for file in static.rglob("*"):
            if file.suffix in ENDINGS and not file.with_suffix("").exists():
                file.unlink()
        for old in kept.parent.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
        shutil.copytree(static, kept, ignore=_not_compressed)


def _not_compressed(folder, names):
    return [name for name in names if not name.endswith(ENDINGS) and not Path(folder, name).is_dir()]
