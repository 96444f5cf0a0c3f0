"""Builds a wheel with the templates, static files and sample content, which are beside the packages in the repository."""

import shutil
from pathlib import Path

from setuptools.command.build_py import build_py

FOLDERS = ("content", "static", "templates")


class BuildWithFiles(build_py):
    def run(self):
        super().run()
        if not self.editable_mode:
            for name in FOLDERS:
                shutil.copytree(name, Path(self.build_lib, "ketamine_site", "files", name), dirs_exist_ok=True)
