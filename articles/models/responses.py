"""Stored public responses, and the numbers that say whether they are current. All derived."""

from django.db import models


class PublicVersion(models.Model):
    """How often something changed that public responses are made from; only the database's own triggers count.

    Rows are added by the triggers, too (articles/derived/responses/triggers.py).
    """

    scope = models.BigIntegerField(
        primary_key=True,
        help_text="0: whatever public pages read. Otherwise the key of an article: what its own page consists of.",
    )
    number = models.BigIntegerField(default=0)
    purged = models.BigIntegerField(default=0, help_text="The number at which the CDN was last told to forget.")

    class Meta:
        verbose_name = "public version"
        verbose_name_plural = "public versions"

    def __str__(self):
        return f"{self.scope}: {self.number}"


class StoredResponse(models.Model):
    """A complete response to an anonymous GET; current as long as `version` is the number of its `scope`.

    The bodies come last, so that reading the columns before them doesn't read their pages of the database.
    """

    key = models.TextField(
        primary_key=True, help_text="Release, scheme, origin, path and query (articles/derived/responses/keys.py)."
    )
    scope = models.BigIntegerField()
    version = models.BigIntegerField()
    has_query = models.BooleanField()
    stored_at = models.DateTimeField()
    size = models.PositiveIntegerField(help_text="Bytes of the bodies.")
    etag = models.CharField(max_length=64, help_text="Digest of the body, without quotation marks.")
    headers = models.TextField(help_text="One header per line, without those that depend on the coding.")
    brotli = models.BinaryField(null=True)
    gzip = models.BinaryField(null=True)
    body = models.BinaryField(null=True, help_text="Empty if there are the compressed ones.")

    class Meta:
        verbose_name = "stored response"
        verbose_name_plural = "stored responses"
        indexes = [models.Index(fields=["stored_at", "has_query", "size"], name="stored_response_age")]

    def __str__(self):
        return self.key
