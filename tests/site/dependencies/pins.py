"""The pinned dependencies in requirements/."""

from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import PROJECT

FOLDER = PROJECT / "requirements"
FILES = ("base", "postgresql", "production", "dev")


@dataclass(frozen=True)
class Pin:
    """One distribution, its version, the SHA-256 sums (hexadecimal) of its files, and where it is needed."""

    name: str
    version: str
    hashes: frozenset[str]
    marker: str

    @property
    def applies(self):
        """Whether it is needed on this platform."""
        return not self.marker or Marker(self.marker).evaluate()


def read_pins(name):
    """Return {normalised name: Pin} of a file in requirements/."""
    return pins_in((FOLDER / f"{name}.txt").read_text())


def pins_in(text):
    """Return {normalised name: Pin}; an AssertionError names a line that pins nothing."""
    pins = {}
    for line in text.replace("\\\n", " ").splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        head, *hashes = line.split("--hash=sha256:")
        try:
            requirement = Requirement(head.strip())
        except InvalidRequirement:
            raise AssertionError(f"{line} isn’t a pin.") from None
        assert str(requirement.specifier).startswith("=="), f"{line} isn’t pinned."
        name, version = canonicalize_name(requirement.name), str(requirement.specifier).removeprefix("==")
        pins[name] = Pin(name, version, frozenset(one.strip() for one in hashes), str(requirement.marker or ""))
    return pins
