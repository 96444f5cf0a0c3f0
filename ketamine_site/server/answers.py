"""Answers as the server sends them: bytes, or the path of a file."""

import os
import tempfile
from http import HTTPStatus
from pathlib import Path

from . import limits


class FileWrapper:
    """WSGI's `wsgi.file_wrapper`: marks an answer that is a file."""

    def __init__(self, file, block_size=64 * limits.KB):
        self.file, self.block_size = file, block_size
        self.close = file.close

    def __iter__(self):
        return iter(lambda: self.file.read(self.block_size), b"")


def whole_file(result, headers):
    """Return the path of the file that `result` is from its start to its end, or None."""
    if not isinstance(result, FileWrapper) or not isinstance(getattr(result.file, "name", None), str):
        return None  # part of a file, or one in memory or without a name
    status = os.fstat(result.file.fileno())
    is_whole = (b"Content-Length", str(status.st_size).encode()) in headers and result.file.tell() == 0
    return Path(result.file.name) if is_whole and status.st_nlink else None


def collected(pieces, temporary):
    """Return `pieces` of bytes joined or, if they are long, the path of a new file with them, added to `temporary`."""
    content, length = [], 0
    pieces = iter(pieces)
    for piece in pieces:
        content.append(piece)
        length += len(piece)
        if length > limits.MEMORY_BYTES:
            break
    else:
        return content[0] if len(content) == 1 else b"".join(content)
    with tempfile.NamedTemporaryFile(prefix="answer-", delete=False) as file:
        path = Path(file.name)
        temporary.add(path)
        file.writelines(content)
        file.writelines(pieces)
    return path


def refused(refusal):
    """Return the answer to a refused request."""
    content = f"{refusal.status} {HTTPStatus(refusal.status).phrase}\n\n{refusal.message}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    if refusal.status == 503:
        headers.append((b"retry-after", b"60"))
    return refusal.status, headers, content
