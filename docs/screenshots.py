"""Takes the documentation's screenshots: `make screenshots`.

It sets up a site with the demo content in a temporary folder and opens its pages in Debian's Chromium.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).parent.parent
PICTURES = PROJECT / "docs" / "pictures"
ARTICLE = "/articles/ketamine/"
EPISODE = "/shows/hubermanlab/ketamine-benefits-and-risks-for-depression-ptsd-neuroplasticity/"
# name, user (None: a reader), path
PAGES = [
    ("home", None, "/"),
    ("article", None, ARTICLE),
    ("episode", None, EPISODE),
    ("show", None, "/shows/hubermanlab/"),
    ("topic", None, "/topics/pharmacology/"),
    ("search", None, "/search/?q=depression"),
    ("history", None, f"{ARTICLE}history/"),
    ("revision", None, f"{ARTICLE}revisions/1/"),
    ("how-we-check", None, "/how-we-check/"),
    ("about", None, "/about/"),
    ("not-found", None, "/nowhere/"),
    ("edit", "editor", "/admin/articles/article/1/change/"),
    ("queue", "moderator", "/admin/"),
    ("review", "moderator", "/admin/articles/revision/2/change/"),
    ("report", "moderator", "/admin/evidence/"),
]
# What is open on the article, as opened by keyboard.
OPEN = ["card", "player"]
SIZES = [(1280, 1000), (390, 844)]
SCHEMES = ["light", "dark"]
MAX_BYTES = 150_000


def manage(environment, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, check=True, cwd=PROJECT, env=environment, capture_output=True, text=True).stdout


def serve(environment):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "ketamine_site.server", f"--bind=127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    return process, f"http://127.0.0.1:{port}"


def save(page, name):
    file = PICTURES / f"{name}.png"
    page.screenshot(path=file)
    Image.open(file).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > MAX_BYTES:
        sys.exit(f"{file} is larger than {MAX_BYTES} bytes.")
    print(file.relative_to(PROJECT))


def open_on_article(page, address, state, *, is_touched):
    """Open the first citation's card, or the player before it loads anything from another site."""
    external = []
    page.on("request", lambda request: request.url.startswith(address) or external.append(request.url))
    page.goto(address + ARTICLE, wait_until="networkidle")
    mark = page.locator(".text .citation").first
    mark.scroll_into_view_if_needed()
    if is_touched:
        mark.tap()
    else:
        mark.focus()
    page.locator(".card:visible").wait_for()
    if state == "player":
        page.locator(".card__play").click()
        page.locator(".player:visible").wait_for()
    if external:
        sys.exit(f"The article sent requests to other sites: {external}")


def take(browser, address, passwords):
    for width, height in SIZES:
        for scheme in SCHEMES:
            for user in (None, "editor", "moderator"):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    has_touch=width < 600,
                )
                page = context.new_page()
                if user:
                    page.goto(f"{address}/admin/login/")
                    page.fill("#id_username", user)
                    page.fill("#id_password", passwords[user])
                    page.keyboard.press("Enter")
                    page.wait_for_url("**/admin/")
                for name, _, path in [row for row in PAGES if row[1] == user]:
                    page.goto(address + path, wait_until="networkidle")
                    save(page, f"{name}-{width}-{scheme}")
                for state in OPEN if user is None else []:
                    open_on_article(page, address, state, is_touched=width < 600)
                    save(page, f"article-{state}-{width}-{scheme}")
                context.close()


def main():
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not chromium:
        sys.exit("Chromium isn't installed (Debian: apt-get install chromium-headless-shell).")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
        }
        output = manage(environment, "prepare_demo")
        passwords = dict(re.findall(r"^  (\w+) +(\S+)$", output, re.MULTILINE))
        server, address = serve(environment)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                take(browser, address, passwords)
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
