"""Uploads in object storage that speaks S3."""

import errno
from functools import wraps

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from ketamine_site.media import KEPT


def _failed(error):
    """Return an error as of a file; its place is the bucket, so that messages don't blame another one."""
    return OSError(errno.EIO, str(error), f"the bucket {settings.MEDIA_BUCKET}")


def _as_file(method):
    """Give a method of the storage the errors that files have: ValueError, FileNotFoundError, or another OSError."""

    @wraps(method)
    def call(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(errno.ENOENT, str(error)) from error
            raise _failed(error) from error
        except ParamValidationError as error:  # a name that no object can have, such as that of "."
            raise ValueError(str(error)) from error
        except (Boto3Error, BotoCoreError) as error:
            raise _failed(error) from error

    return call


class BucketStorage(S3Storage):
    """A bucket whose objects have the addresses of uploads in a folder, so that no text depends on where they are.

    A name always has the same content, so an object may be overwritten.
    """

    def get_default_settings(self):
        is_aws = not settings.STORAGES["default"]["OPTIONS"]["endpoint_url"]
        config = Config(
            connect_timeout=3,
            read_timeout=10,
            retries={"total_max_attempts": 2},
            signature_version="s3v4",
            s3={"addressing_style": "auto" if is_aws else "path"},
            # Others than Amazon don't know the checksums that boto3 adds by itself.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return super().get_default_settings() | {
            "client_config": config,
            "transfer_config": TransferConfig(use_threads=False),
            "object_parameters": {"CacheControl": f"public, max-age={KEPT}"},
        }

    def url(self, name, *args, **kwargs):
        return settings.MEDIA_URL + filepath_to_uri(name)

    @_as_file
    def _open(self, name, mode="rb"):
        """Return the whole file, as it is short: what fails does so here."""
        with super()._open(name, mode) as file:
            return ContentFile(file.read(), name)

    _save = _as_file(S3Storage._save)
    delete = _as_file(S3Storage.delete)
    exists = _as_file(S3Storage.exists)
    get_modified_time = _as_file(S3Storage.get_modified_time)
    listdir = _as_file(S3Storage.listdir)
    size = _as_file(S3Storage.size)
