"""Servers of others that tests start: Redis, and object storage that speaks S3."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest
from django.test import override_settings

from .production import wait_for

SECONDS = 30


def needed(program, package):
    """Return the path of a program; without it the test is skipped, or fails in CI."""
    if found := shutil.which(program):
        return found
    message = f"{program} isn't installed (Debian: apt-get install {package}): its tests did NOT run."
    return (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


@contextmanager
def redis(folder):
    """Run Redis; yields (process, its address)."""
    program, port = needed("redis-server", "redis-server"), _free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with _running(command, lambda: socket.create_connection(("127.0.0.1", port)).close()) as process:
        yield process, f"redis://127.0.0.1:{port}/0"


@contextmanager
def object_storage():
    """Run a server that speaks S3; yields (process, its address)."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, lambda: urllib.request.urlopen(address).close()) as process:
        yield process, address


def in_bucket(address, name):
    """Return a context in which the site's uploads are in the bucket `name` of such a server."""
    options = {
        "bucket_name": name,
        "endpoint_url": address,
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
    }
    return override_settings(
        MEDIA_BUCKET=name,
        STORAGES={
            "default": {"BACKEND": "ketamine_site.bucket.BucketStorage", "OPTIONS": options},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    )


@contextmanager
def _running(command, ask):
    """Run `command`, and wait until `ask` raises no OSError."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603

    def answers():
        ask()
        return True

    try:
        assert wait_for(answers, SECONDS), command[0]
        yield process
    finally:
        process.kill()
        process.wait()


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
