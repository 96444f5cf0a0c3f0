"""Uploads in object storage: a real server that speaks S3, over HTTP."""

import hashlib
import io
import uuid
from email.utils import formatdate

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from PIL import Image

from articles.importing.images import Intake
from articles.models import Upload
from articles.workflow.governance.erasing import remnants
from articles.workflow.integrity.site import _problem_of_upload
from articles.workflow.scheduling import run_job
from ketamine_site.operations.backup import archive, media
from ketamine_site.operations.doctor import files
from ketamine_site.operations.management.errors import explained
from tests.support.servers import programs
from tests.support.servers.production import environment_in, manage
from tests.support.servers.programs import in_bucket

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database(reason="What is stored doesn't depend on the database."),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning"),
]
NAME = f"uploads/{'0' * 64}.webp"


def picture():
    out = io.BytesIO()
    Image.new("RGB", (8, 4), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def server():
    with programs.object_storage() as (_, address):
        yield address


@pytest.fixture
def bucket(server):
    """The name of an empty bucket, which is the site's."""
    name = f"uploads-{uuid.uuid4().hex}"
    with in_bucket(server, name):
        default_storage.connection.create_bucket(Bucket=name)
        yield name


@pytest.fixture
def out_of_reach():
    """A bucket whose server doesn't answer."""
    with in_bucket("http://127.0.0.1:9", "images"):
        yield


def test_an_image_is_stored_and_sent_under_the_same_address_as_from_a_folder(bucket, editor, client):
    address = Intake(editor)(picture())

    assert address == f"/media/{Upload.objects.get().name}"
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp")
    assert hashlib.sha256(response.content).hexdigest() in address
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    modified = response.headers["Last-Modified"]
    assert client.get(address, headers={"If-Modified-Since": modified}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": formatdate(0, usegmt=True)}).status_code == 200
    for missing in ("uploads/none.webp", "../settings.py", "uploads/\0", ".", "uploads/..", "uploads/", ""):
        assert client.get(f"/media/{missing}").status_code == 404
    assert Intake(editor)(picture()) == address  # found again
    assert Upload.objects.count() == 1


def test_readers_are_led_to_the_public_address(bucket, client, settings):
    settings.MEDIA_PUBLIC_URL = "https://images.example.org/site"

    response = client.get(f"/media/{NAME}")

    assert (response.status_code, response.headers["Location"]) == (302, f"https://images.example.org/site/{NAME}")


SHOWN = """
from django.conf import settings
from django.core.files.storage import default_storage
from articles.derived.responses import keys
from ketamine_site.server.site import is_slow
default_storage.url("a")
print(type(default_storage._wrapped).__name__)
print(default_storage.url("uploads/a b.webp"), default_storage.bucket_name, default_storage.access_key)
print(*settings.SECURE_CSP["img-src"], is_slow("/media/uploads/a.webp"), is_slow("/articles/ketamine/"), keys.release())
"""


def test_settings_name_the_bucket_and_who_may_show_its_images(tmp_path):
    def shown(**more):
        environment = environment_in(tmp_path, MEDIA_BUCKET="images", BUCKET_ENDPOINT="https://s3.example.org", **more)
        return manage(environment, "shell", "--no-imports", "-c", SHOWN).splitlines()

    public = "https://images.example.org/site"
    own = shown(BUCKET_KEY_ID="one", BUCKET_SECRET_KEY="1")
    other = shown(BUCKET_KEY_ID="two", BUCKET_SECRET_KEY="2")
    led = shown(MEDIA_PUBLIC_URL=f"{public}/")

    assert own[:2] == ["BucketStorage", "/media/uploads/a%20b.webp images one"]
    assert own[2].startswith("'self' True False ")
    assert own[2] == other[2]  # a release is the same with another key, and its digest reveals none
    assert led[2].startswith(f"'self' {public}/ True False ")


def test_damage_is_found(bucket):
    digest = hashlib.sha256(b"image").hexdigest()
    default_storage.save(f"uploads/{digest}.webp", ContentFile(b"image"))
    default_storage.save(NAME, ContentFile(b"other"))
    default_storage.save("uploads/empty.webp", ContentFile(b""))

    assert _problem_of_upload(f"uploads/{digest}.webp") == ""
    assert _problem_of_upload(NAME) == "isn’t what was stored under this name"
    assert _problem_of_upload("uploads/empty.webp") == "is empty"
    assert _problem_of_upload("uploads/none.webp") == "is missing"


def test_an_erased_image_is_deleted(bucket, editor, django_capture_on_commit_callbacks):
    name = Intake(editor)(picture()).removeprefix("/media/")
    with django_capture_on_commit_callbacks(execute=True):
        remnants.delete_unused({name})

    assert not default_storage.exists(name)
    assert not Upload.objects.exists()


def test_an_erased_image_that_cannot_be_deleted_is_deleted_later(bucket, editor, django_capture_on_commit_callbacks):
    name = Intake(editor)(picture()).removeprefix("/media/")
    with in_bucket("http://127.0.0.1:9", "images"), django_capture_on_commit_callbacks(execute=True):
        remnants.delete_unused({name})
        _, problems = run_job("publishing"), Upload.objects.values_list("size", "source_digest")

        assert list(problems) == [(0, "")]
    assert default_storage.exists(name)

    run_job("publishing")

    assert not default_storage.exists(name)
    assert not Upload.objects.exists()


def test_an_erased_image_that_is_uploaded_again_stays(bucket, editor, django_capture_on_commit_callbacks):
    name = Intake(editor)(picture()).removeprefix("/media/")
    with in_bucket("http://127.0.0.1:9", "images"), django_capture_on_commit_callbacks(execute=True):
        remnants.delete_unused({name})

    Intake(editor)(picture())
    run_job("publishing")

    assert default_storage.exists(name)
    assert Upload.objects.get().size > 0


def test_what_cannot_be_reached_is_said(out_of_reach, editor, client):
    with pytest.raises(Exception, match="can’t be stored at the moment"):
        Intake(editor)(picture())
    assert not Upload.objects.exists()
    response = client.get(f"/media/{NAME}")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    (finding,) = files.check_uploads()
    assert finding.place == "the bucket images"
    assert "can’t be used" in finding.problem
    assert _problem_of_upload(NAME).startswith("can’t be read: ")


def test_the_doctor_finds_nothing_wrong_and_leaves_nothing_behind(bucket):
    assert list(files.check_uploads()) == []
    assert list(media.files()) == []


def test_a_backup_names_the_bucket_that_it_cannot_read(out_of_reach, tmp_path):
    message = "The backup can’t be written: the bucket images: Could not connect to the endpoint URL"

    with pytest.raises(CommandError, match=message), explained("The backup can’t be written", tmp_path, ValueError):
        list(media.files())


def test_a_backup_of_a_bucket_is_restored_into_it(bucket, tmp_path):
    names = [NAME, "uploads/older image.webp", "other/a/b.txt"]
    for name in names:
        default_storage.save(name, ContentFile(name.encode()))
    path = tmp_path / "archive"
    with path.open("w+b") as file:
        writer = archive.Writer(file)
        for name, is_file in media.files():
            assert is_file
            member, size = media.opened(name)
            with member:
                writer.add(f"{archive.MEDIA}{name}", member, size)
    default_storage.delete(NAME)
    default_storage.save("uploads/later.webp", ContentFile(b"later"))

    with media.Staging() as staging:
        for name in names:
            staging.add(name, ContentFile(name.encode()))
        staging.replace()

    assert [name for name, _ in media.files()] == sorted(names)
    with default_storage.open(NAME) as file:
        assert file.read() == NAME.encode()
