"""What the factories write directly is the same, row by row, as what the workflow and Django's functions make."""

import uuid

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.utils import timezone

from articles.models import PublicVersion
from articles.workflow.content import SectionContent, SourceContent
from articles.workflow.history import audit_log, names
from articles.workflow.history.rows import not_as_recorded
from tests.support.factories import PASSWORD, make_episode, make_published, make_user, publish_by_workflow, published

KEYS = [uuid.UUID(int=number) for number in range(2)]


def rows():
    """Return every row of every table, with ids counted from 0, because deriving twice uses up ids."""
    models = [
        model for model in apps.get_models(include_auto_created=True) if model is not PublicVersion
    ]  # counts writes
    ids = {model: list(model._base_manager.order_by("pk").values_list("pk", flat=True)) for model in models}

    def value(row, field):
        value = getattr(row, field.attname)
        model = type(row) if field.primary_key and not field.remote_field else field.related_model
        return ids[model].index(value) if model and value is not None else value

    return {
        model._meta.label: [
            {field.name: value(row, field) for field in model._meta.concrete_fields}
            for row in model._base_manager.order_by("pk")
        ]
        for model in models
    }


def rich():
    """Return content with everything that an article can have."""
    return {
        "lead": "Sleep, see [[sleep]], [[sleep-0]] and [[nowhere]].",
        "sources": (SourceContent(make_episode("on-dreams")), SourceContent(make_episode("on-naps"), "e2")),
        "sections": (
            SectionContent(
                "Why *we* sleep", "The brain clears waste [00:06:31]. It may do so [e2 00:07:00].", 1, KEYS[0]
            ),
            SectionContent("Why *we* sleep", "Everyone dreams. Nobody knows why [99:00:00].", 2, KEYS[1]),
        ),
        "notice": "health",
        "language": "pt",
        "edit_summary": "Written from notes.",
    }


def plain():
    return {"sections": (SectionContent("Why we sleep", "The brain clears waste at night.", 1, KEYS[0]),)}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere ids, which digests cover, go on counting")
@pytest.mark.django_db
@pytest.mark.parametrize("make_content", [rich, plain])
def test_rows_are_those_of_the_workflow(people, monkeypatch, settings, make_content):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(names, "new_seal", lambda: "5" * names.SALT)
    settings.EMAIL_IS_ON = True
    published(2, people, lead="After [[sleep]] comes waking [00:01:00].")  # links that the new article completes
    content = make_content()
    results = []
    for make in (publish_by_workflow, make_published):
        undo = transaction.savepoint()
        article = make(**content, **people)
        results.append(rows())
        assert audit_log.verify(article) is None
        transaction.savepoint_rollback(undo)

    by_workflow, directly = results
    for name, expected in by_workflow.items():
        assert directly[name] == expected, name
    assert len(directly["articles.LogEntry"]) == 15


@pytest.mark.django_db
def test_accounts_are_those_of_django_and_recorded():
    more = {"first_name": "Ines", "is_superuser": True}
    direct = make_user("direct", groups=("Editors", "Moderators"), **more)
    slow = User.objects.create_user("slow", "slow@example.org", PASSWORD, is_staff=True, **more)
    slow.groups.add(*Group.objects.filter(name__in=["Editors", "Moderators"]))

    own = {"id", "username", "email", "password", "date_joined"}
    values = [
        {key: value for key, value in row.items() if key not in own} for row in User.objects.order_by("pk").values()
    ]
    assert values == [values[0]] * 2
    assert set(direct.groups.all()) == set(slow.groups.all())
    assert direct.email == "direct@example.org"
    assert direct.check_password(PASSWORD)
    assert list(not_as_recorded(User)) == []
