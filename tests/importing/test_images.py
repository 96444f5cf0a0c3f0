"""Images of other sites are fetched once, checked, redrawn, counted and stored under the digest of what is stored."""

import hashlib
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from PIL import Image

from articles.importing.images import Intake, RefusedImage, with_own_images
from articles.importing.images import redraw as redrawing
from articles.models import Upload
from articles.workflow.governance import uploads
from articles.workflow.governance.erasing import remnants
from tests.support.factories import make_moderator, make_user
from tests.support.servers.http import Site, sending

pytestmark = pytest.mark.django_db


def picture(colour="teal", size=(8, 4), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def site(local_network):
    with Site() as site:
        site.page("/a.png", picture())
        yield site


def refusal(intake, image):
    with pytest.raises(RefusedImage) as refused:
        intake(image)
    return str(refused.value)


def test_an_image_of_another_site_is_stored_under_the_digest_of_its_content(site, editor):
    address = f"{site.address}/a.png"
    text, refused = with_own_images(f"![a]({address}) and ![b][1]\n\n[1]: {address}", Intake(editor))

    (upload,) = Upload.objects.all()
    assert (text, refused) == (f"![a](/media/{upload.name}) and ![b][1]\n\n[1]: /media/{upload.name}", [])
    with default_storage.open(upload.name) as file:
        stored = file.read()
    assert upload.name == f"uploads/{hashlib.sha256(stored).hexdigest()}.webp"
    assert (upload.by, upload.size) == (editor, len(stored))
    assert stored[:4] == b"RIFF"
    assert len(site.asked) == 1
    assert site.asked[0][1]["Accept"] == "image/webp,image/png,image/jpeg,image/gif"


def test_an_image_that_changes_at_its_address_becomes_another_upload(site, editor):
    first = Intake(editor)(f"{site.address}/a.png")
    site.page("/a.png", picture("red"))
    second = Intake(editor)(f"{site.address}/a.png")

    assert first != second
    with default_storage.open(first.removeprefix("/media/")) as file:
        assert Image.open(file).convert("RGB").getpixel((0, 0)) == (0, 128, 128)
    again = Intake.of_run(editor)(f"{site.address}/a.png")
    assert (again, len(site.asked)) == (second, 2)


def test_a_file_in_the_place_of_an_upload_is_never_overwritten(editor):
    url = Intake(editor)(picture())
    name = url.removeprefix("/media/")
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"kept"))
    Upload.objects.update(source_digest="")

    assert Intake(editor)(picture()) == url
    with default_storage.open(name) as file:
        assert file.read() == b"kept"
    assert len(default_storage.listdir("uploads")[1]) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "isn’t a supported image"),
        (b"<html>Not here</html>", "isn’t a supported image"),
        (picture()[:60], "damaged"),
        (b"x" * 6_000_000, "larger than"),
    ],
)
def test_what_is_no_image_is_refused_with_its_address(site, editor, body, reason):
    site.page("/a.png", body, content_type="image/png")
    text, (refused,) = with_own_images(f"![a]({site.address}/a.png)", Intake(editor))

    assert text == f"![a]({site.address}/a.png)"
    assert f"{site.address}/a.png" in refused
    assert reason in refused
    assert not Upload.objects.exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/a.png", "http://169.254.169.254/a.png", "//[::1]/a.png"])
def test_our_own_network_is_never_asked(editor, address):
    assert "isn’t on the public internet" in refusal(Intake(editor), address)


def test_an_address_that_failed_is_not_asked_again_at_once(site, editor):
    site.page("/b.png", status=404)
    for _ in range(2):
        assert "404" in refusal(Intake(editor), f"{site.address}/b.png")

    assert len(site.asked) == 1


def test_a_host_that_keeps_failing_is_left_alone(site, editor):
    intake = Intake(editor)
    for number in range(6):
        site.page(f"/{number}.png", status=503)
        refusal(intake, f"{site.address}/{number}.png")

    assert len(site.asked) == 3
    assert "Other images from there couldn’t be fetched" in refusal(intake, f"{site.address}/9.png")


def test_the_number_of_images_fetched_at_once_is_limited_and_saving_again_fetches_the_rest(site, editor):
    for number in range(5):
        site.page(f"/{number}.png", picture((number, 0, 0)))
    text = "".join(f"![{number}]({site.address}/{number}.png)\n" for number in range(5))

    text, refused = with_own_images(text, Intake(editor, most=3))
    assert (text.count("/media/"), len(refused), len(site.asked)) == (3, 2, 3)
    assert "Save again to fetch the rest" in refused[0]
    text, refused = with_own_images(text, Intake(editor, most=3))
    assert (text.count("/media/"), refused, len(site.asked)) == (5, [], 5)


def test_the_time_for_all_images_is_limited(local_network, editor):
    with sending(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b"x", pause=0.05) as url:
        intake = Intake(editor, seconds=0.3)
        assert "took longer than" in refusal(intake, url)
        assert "Save again to store the rest" in refusal(intake, f"{url}b")
        assert "Save again to store the rest" in refusal(intake, picture())


def test_an_upload_of_this_site_with_its_complete_address_is_not_fetched(settings, editor):
    settings.SITE_URL = "https://said.example"

    assert Intake(editor)("https://said.example/media/uploads/x.webp") == "/media/uploads/x.webp"
    assert "isn’t stored" in refusal(Intake(editor), "https://said.example.evil.example/media/uploads/x.webp")


def test_no_transaction_is_open_while_another_site_answers(site, editor, monkeypatch, transactional_db):
    was_open = []
    respond = site.pages["/a.png"]
    fetch = Intake._ask

    def ask(self, address):
        was_open.append(connection.in_atomic_block)
        return fetch(self, address)

    monkeypatch.setattr(Intake, "_ask", ask)
    site.pages["/a.png"] = respond
    Intake(editor)(f"{site.address}/a.png")

    assert was_open == [False]


# The quota


def test_each_person_has_a_quota_for_a_day_and_in_total(settings, editor):
    size = uploads_of(editor, 1)
    settings.UPLOAD_DAY_BYTES = 2.5 * size
    settings.UPLOAD_TOTAL_BYTES = 3.5 * size

    uploads_of(editor, 1, start=1)
    assert "MB of images in 24 hours" in refusal(Intake(editor), colour(2))
    Upload.objects.update(at=timezone.now() - timedelta(hours=25))
    uploads_of(editor, 1, start=2)
    assert "ask a moderator" in refusal(Intake(editor), colour(3))
    assert Upload.objects.count() == 3
    assert len(default_storage.listdir("uploads")[1]) == 3

    uploads_of(make_user("other"), 1, start=3)  # everyone has their own
    assert Intake(editor)(colour(3))  # what is stored already takes no room


def test_moderators_have_more_and_superusers_as_much_as_they_need(settings, root):
    settings.UPLOAD_DAY_BYTES = settings.UPLOAD_TOTAL_BYTES = 20
    moderator = make_moderator()

    uploads_of(moderator, 1)
    refused = refusal(Intake(moderator), picture(size=(900, 900), kind="JPEG", colour="#345678"))
    assert "ask a superuser" in refused  # another moderator has no more room
    uploads_of(root, 5, start=10)


def test_images_fetched_and_pasted_count_too(settings, site, editor):
    settings.UPLOAD_DAY_BYTES = 10

    assert "MB of images in 24 hours" in refusal(Intake(editor), f"{site.address}/a.png")
    assert "MB of images in 24 hours" in refusal(Intake(editor), picture())


def test_an_image_that_could_not_be_written_does_not_count(editor, monkeypatch):
    def fail(*args):
        raise OSError("no space left")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", fail)

    assert "can’t be stored" in refusal(Intake(editor), picture())
    assert not Upload.objects.exists()


def test_a_deleted_image_no_longer_counts(editor, django_capture_on_commit_callbacks):
    name = Intake(editor)(picture()).removeprefix("/media/")
    with django_capture_on_commit_callbacks(execute=True):
        remnants.delete_unused({name})

    assert not Upload.objects.exists()
    assert not default_storage.exists(name)


@pytest.mark.django_db(transaction=True)
def test_an_image_that_is_stored_again_while_it_is_erased_stays(monkeypatch):
    editor = make_user()
    address = Intake(editor)(picture())
    name = address.removeprefix("/media/")
    delete, answers = default_storage.delete, []

    def store_again():
        answers.append(Intake(editor)(picture()))
        connection.close()

    other = threading.Thread(target=store_again)

    def delete_slowly(name):
        other.start()
        other.join(1)
        delete(name)

    monkeypatch.setattr(default_storage, "delete", delete_slowly)
    remnants.delete_unused({name})
    other.join()

    assert answers == [address]
    assert default_storage.exists(name)
    assert Upload.objects.get().size > 0


@pytest.mark.django_db(transaction=True)
def test_uploads_at_the_same_moment_stay_within_the_quota(settings):
    editor = make_user()
    size = uploads_of(editor, 1)
    settings.UPLOAD_DAY_BYTES = 3.5 * size
    gate = threading.Barrier(6)
    outcomes = []

    def upload(number):
        gate.wait()
        try:
            uploads.reserve(f"uploads/{number}.webp", size, source=str(number), address="", by=editor)
            outcomes.append("stored")
        except uploads.OverQuota:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused"] * 4 + ["stored"] * 2


def colour(number):
    return picture((number, 2 * number, 7))


def uploads_of(by, count, start=0):
    """Store `count` images and return the size of the last one."""
    for number in range(start, start + count):
        Intake(by)(colour(number))
    return Upload.objects.order_by("-pk")[0].size


def test_one_image_is_redrawn_at_a_time(monkeypatch):
    """A large one takes hundreds of megabytes of memory."""
    running, most = [], []

    def read(file):
        running.append(file)
        time.sleep(0.02)
        most.append(len(running))
        running.remove(file)
        return Image.new("RGB", (1, 1)), "PNG"

    monkeypatch.setattr(redrawing, "_read", read)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: redrawing.redraw(ContentFile(b"x")), range(8)))

    assert most == [1] * 8
