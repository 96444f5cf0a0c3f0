"""The files in deploy/ are those that the programs they are for accept; where such a program is missing, its test is
skipped.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ketamine_site.environment import ENVIRONMENT
from ketamine_site.server import limits
from tests.support.paths import PROJECT
from tests.support.servers import nginx

DEPLOY = PROJECT / "deploy"
BIN = Path(sys.executable).parent


def program(name, *places):
    found = next((str(place / name) for place in places if (place / name).exists()), None) or shutil.which(name)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{name} isn’t installed: its checks did NOT run.")
    return found


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def nginx_configuration(tmp_path):
    """Our configuration of nginx where it can be read by nginx, with a certificate."""
    if missing := nginx.missing_programs():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{missing} Its checks did NOT run.")
    return nginx.configure(tmp_path)


def test_nginx_accepts_its_configuration(nginx_configuration):
    assert "test is successful" in nginx.check(nginx_configuration)
    nginx_configuration.write_text(nginx_configuration.read_text().replace("proxy_pass", "proxy_pas"))
    with pytest.raises(AssertionError, match="unknown directive"):
        nginx.check(nginx_configuration)


def test_nginx_lets_everything_through_that_the_site_accepts():
    text = (DEPLOY / "nginx.conf").read_text()
    longest = 8 + 32 + 1  # megabytes: a form, the largest transcript that can be set, and what is around them

    assert int(re.search(r"location /admin/ \{\s*client_max_body_size (\d+)m;", text)[1]) >= longest
    anybody = int(re.search(r"^ {8}client_max_body_size (\d+)m;", text, re.MULTILINE)[1]) * limits.MB
    assert limits.FORM_BYTES < anybody <= limits.MB  # the site refuses it with its own words, nginx keeps little of it
    assert re.search(r"location ~ \^/\(livez\|readyz\|metrics\)\$ \{\s*return 404;", text)
    assert {"X-Forwarded-Proto $scheme", "X-Forwarded-For $remote_addr", "X-Request-ID $request_id"} <= set(
        re.findall(r"proxy_set_header (.*);", text)
    )


@pytest.mark.parametrize("name", ["site.service", "worker.service", "backup.service", "backup.timer"])
def test_systemd_accepts_the_units(tmp_path, name):
    command = program("systemd-analyze")
    for unit in DEPLOY.glob("*.*er*"):
        if unit.suffix in {".service", ".timer"}:
            (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/site/bin/python", sys.executable))

    assert run(command, "verify", "--man=no", tmp_path / name) == ""


def test_systemd_finds_mistakes_in_units(tmp_path):
    command = program("systemd-analyze")
    text = (DEPLOY / "site.service").read_text().replace("/opt/site/bin/python", sys.executable)
    (tmp_path / "site.service").write_text(text.replace("ProtectHome=yes", "ProtectHome=sometimes"))

    assert "sometimes" in run(command, "verify", "--man=no", tmp_path / "site.service")


def test_nginx_has_room_for_ten_thousand_idle_connections_in_one_process_and_is_as_patient_as_the_site():
    text = (DEPLOY / "nginx.conf").read_text()
    connections = int(re.search(r"worker_connections (\d+);", text)[1])
    seconds = dict(re.findall(r"(\w+_timeout) (\d+)s;", text))

    assert connections > 10_000
    assert int(re.search(r"worker_rlimit_nofile (\d+);", text)[1]) >= 2 * connections
    assert int(seconds["client_header_timeout"]) == int(seconds["keepalive_timeout"]) == limits.HEADER_SECONDS
    assert int(seconds["client_body_timeout"]) == limits.BODY_SECONDS
    assert int(seconds["send_timeout"]) == limits.STALL_SECONDS


def test_the_server_may_open_as_many_files_as_it_needs():
    wanted = 2 * limits.CONNECTIONS + limits.OTHER_FILES
    unit, compose = (DEPLOY / "site.service").read_text(), (DEPLOY / "compose.yaml").read_text()

    assert int(re.search(r"LimitNOFILE=(\d+)", unit)[1]) >= wanted
    assert int(re.search(r"nofile: (\d+)", compose)[1]) >= wanted


def test_hadolint_accepts_the_dockerfile(tmp_path):
    command = program("hadolint", BIN)
    run(command, DEPLOY / "Dockerfile")
    (tmp_path / "Dockerfile").write_text(
        (DEPLOY / "Dockerfile").read_text().replace("WORKDIR /source", "WORKDIR source")
    )

    with pytest.raises(AssertionError, match="DL3000"):
        run(command, tmp_path / "Dockerfile")


def test_the_compose_file_fits_its_schema(tmp_path):
    command = [program("check-jsonschema", BIN), "--builtin-schema", "vendor.compose-spec"]
    run(*command, DEPLOY / "compose.yaml")
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((DEPLOY / "compose.yaml").read_text().replace("restart: unless-stopped", "restart: [sometimes]"))

    with pytest.raises(AssertionError, match="restart"):
        run(*command, wrong)


def test_one_container_does_the_background_tasks():
    text = (DEPLOY / "compose.yaml").read_text()
    web, worker = text.split("\n  web:")[1].split("\n  nginx:")[0].split("\n  worker:")

    assert 'SCHEDULER: "0"' in web
    assert re.search(r'command: \["ketamine-site", "run_worker"\]', worker)
    assert "healthcheck: {disable: true}" in worker  # which asks a server


def test_the_image_has_what_it_copies_and_no_data():
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}

    assert lines[1] == "*"
    assert all((PROJECT / name).exists() for name in allowed)
    assert not allowed & {"var", ".git", ".venv", "tests", "deploy"}
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^USER [1-9]\d+$", dockerfile, re.MULTILINE)
    assert "/readyz" in re.search(r"^HEALTHCHECK .*\n.*$", dockerfile, re.MULTILINE)[0]


def test_the_example_of_settings_names_settings():
    names = re.findall(r"^([A-Z_]+)=", (DEPLOY / "site.env.example").read_text(), re.MULTILINE)

    assert set(names) <= ENVIRONMENT
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "HTTPS", "BEHIND_PROXY"} <= set(names)
