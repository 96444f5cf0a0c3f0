"""Finds moments that are about the same thing without the same words: latent semantic analysis of one transcript."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

DIMENSIONS = 20
_STEP_BINS = 12
_ITERATIONS = 6
_ROWS, _BLOCK = 64, 100_000  # multiplications in one call
_FEWEST_WINDOWS = 28  # below that (half an hour) there is nothing to learn from


class Topics:
    """Terms and one-minute windows of a transcript in a few shared dimensions."""

    def __init__(self, bins: Mapping[str, np.ndarray], rarity: Callable[[str], float], bin_count: int) -> None:
        self._bin_count = bin_count
        self._rows = {term: row for row, term in enumerate(bins)}
        count = -(-bin_count // _STEP_BINS)
        if count < _FEWEST_WINDOWS or len(bins) < DIMENSIONS:
            self._rows = {}
            return
        rows = np.repeat(np.arange(len(bins)), [len(found) for found in bins.values()])
        steps = np.concatenate(list(bins.values())) // _STEP_BINS
        table = np.bincount(rows * count + steps, minlength=len(bins) * count).reshape(len(bins), count)
        windows = table.astype(np.float32)
        weights = np.array([rarity(term) for term in bins], np.float32)
        windows = np.log1p(windows) * weights[:, None]
        windows /= np.linalg.norm(windows, axis=0) + 1e-9
        basis = _principal(_product(np.ascontiguousarray(windows.T), windows))
        left = _orthonormal(_product(windows, basis))
        moments = _product(np.ascontiguousarray(left.T), windows)
        self._terms = left * weights[:, None]
        self._windows = moments / (np.linalg.norm(moments, axis=0) + 1e-9)

    def likeness(self, terms: Iterable[str]) -> np.ndarray | None:
        """Return the cosine between the terms and the minute around each bin; None where nothing is known."""
        rows = [self._rows[term] for term in terms if term in self._rows]
        if not rows:
            return None
        query = self._terms[rows].sum(axis=0)
        cosines = (query / (np.linalg.norm(query) + 1e-9)) @ self._windows
        middles = (np.arange(len(cosines)) + 0.5) * _STEP_BINS
        found: np.ndarray = np.interp(np.arange(self._bin_count), middles, cosines)
        return found


def _principal(square: np.ndarray) -> np.ndarray:
    """An orthonormal basis of the space of the first right singular vectors, given windows × windows.

    Orthogonal iteration from a fixed start; which basis of the space it is makes no difference to cosines.
    """
    basis = np.random.default_rng(0).standard_normal((len(square), DIMENSIONS)).astype(np.float32)
    for _ in range(_ITERATIONS):
        basis, _ = np.linalg.qr(_product(square, basis))
    return basis


def _orthonormal(tall: np.ndarray) -> np.ndarray:
    """An orthonormal basis of the columns, by Cholesky of their small square; a tall QR would start threads."""
    square = _product(np.ascontiguousarray(tall.T), tall).astype(np.float64)
    square += np.eye(len(square)) * (1e-5 * np.trace(square) + 1e-9)
    return _product(tall, np.linalg.inv(np.linalg.cholesky(square)).T.astype(np.float32))


def _product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The matrix product, in blocks so small that the library starts no threads for them.

    Its threads wait for each other: on a machine that has other work, that takes ten times the product's time.
    """
    inner = max(1, _BLOCK // (_ROWS * right.shape[1]))
    blocks = []
    for row in range(0, len(left), _ROWS):
        rows = left[row : row + _ROWS]
        parts = [rows[:, at : at + inner] @ right[at : at + inner] for at in range(0, len(right), inner)]
        blocks.append(sum(parts[1:], start=parts[0]))
    return np.concatenate(blocks)
