"""Withdraw confirmations that people made of their own claims before that was refused: they aren't a second person's word."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone


def withdraw_own(apps, schema_editor):
    if not settings.FOUR_EYES:
        return
    confirmations = apps.get_model("articles", "Confirmation")._base_manager
    citations = apps.get_model("articles", "Citation")._base_manager
    contributors = apps.get_model("articles", "Contributor")._base_manager
    renderings = apps.get_model("articles", "Rendering")._base_manager
    own, claim_keys = [], set()
    for pk, person, claim_key in confirmations.filter(withdrawn_at=None).values_list("pk", "by", "claim_key"):
        first = citations.filter(claim_key=claim_key).order_by("revision").values_list("revision", flat=True).first()
        if person and first and contributors.filter(revision=first, user=person).exists():
            own.append(pk)
            claim_keys.add(claim_key)
    confirmations.filter(pk__in=own).update(withdrawn_at=timezone.now())
    citing = citations.filter(claim_key__in=claim_keys).values("revision")
    renderings.filter(revision__in=citing).update(renderer_version=0)  # `rebuild --stale` finds their pages


class Migration(migrations.Migration):
    dependencies = [("articles", "0024_signatures")]

    operations = [migrations.RunPython(withdraw_own, migrations.RunPython.noop, elidable=True)]
