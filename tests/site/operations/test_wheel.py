"""A wheel has everything that the site needs: installed elsewhere, it checks, migrates, collects and serves itself."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import PROJECT
from tests.support.servers.production import environment_in, read, serving


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True).stdout  # noqa: S607
    for name in filter(None, listed.decode().split("\0")):
        if not name.startswith(("tests/", "docs/", "bench/")) and (PROJECT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((PROJECT / name).read_bytes())
    pip(sys.executable, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source)
    [path] = folder.glob("*.whl")
    return path


VERSION = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]


def pip(python, *arguments):
    done = subprocess.run(  # noqa: S603
        [python, "-m", "pip", "--isolated", "--disable-pip-version-check", *arguments, "--no-index", "--quiet"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_it_has_every_template_static_file_and_translation(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()  # noqa: S607
    beside = {
        f"ketamine_site/files/{name}" for name in listed if name.startswith(("templates/", "static/", "content/"))
    }
    within = {
        name for name in listed if name.startswith(("articles/", "ketamine_site/")) and name.endswith((".py", ".mo"))
    }

    assert len(beside) > 200
    assert beside - names == set()
    assert within - names == set()
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


def test_everything_names_the_same_version(wheel):
    assert wheel.name == f"ketamine_site-{VERSION}-py3-none-any.whl"
    assert re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)[0] in (VERSION, "Unreleased")
    assert f'image.version="{VERSION}"' in (PROJECT / "deploy" / "Dockerfile").read_text()


def test_it_works_where_there_is_no_repository(wheel, tmp_path):
    """With the dependencies of this environment, in one of its own."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "site"], check=True)  # noqa: S603
    [packages] = (tmp_path / "site").glob("lib/python*/site-packages")
    pip(sys.executable, "--python", tmp_path / "site", "install", "--no-deps", wheel)
    others = [path for path in sys.path if path.endswith("site-packages")]
    # Not as a path file: that would also run the one that leads to this repository.
    environment = environment_in(tmp_path) | {"PYTHONPATH": os.pathsep.join([str(packages), *others])}
    (tmp_path / "cwd").mkdir()

    def manage(*arguments):
        done = subprocess.run(  # noqa: S603
            [tmp_path / "site" / "bin" / "ketamine-site", *arguments],
            cwd=tmp_path / "cwd", env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    code = "import articles, ketamine_site; print(articles.__file__, ketamine_site.__file__)"
    assert [Path(path).parents[1] for path in manage("shell", "--no-imports", "-c", code).split()] == [packages] * 2
    assert manage("--version") == f"{VERSION}\n"
    manage("check")
    assert "admin" in manage("prepare_demo")  # migrates, loads the sample content, collects static files
    manage("backup", str(tmp_path / "backup.tar.gz"))
    drill = {"DATABASE_URL": f"sqlite:///{tmp_path}/drill.sqlite3", "MEDIA_ROOT": str(tmp_path / "drill")}
    environment |= drill | {"SIGNED_HEADS_FILE": str(tmp_path / "heads.txt")}  # as docs/operating.md has it
    assert "Restored the backup of" in manage("restore", str(tmp_path / "backup.tar.gz"))
    assert "Everything is as it should be" in manage("check_integrity")
    with serving(environment, python=tmp_path / "site" / "bin" / "python", project=tmp_path / "cwd") as url:
        page = read(f"{url}/articles/ketamine/")
        assert 'data-article="ketamine"' in page
        assert "@layer" in read(url + re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', page)[1])
    assert (tmp_path / "static" / "staticfiles.json").exists()
