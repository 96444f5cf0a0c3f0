import json
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Presence
from articles.workflow.collaboration import presence
from tests.support.factories import make_content, make_draft, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/articles/article/present/"


@pytest.fixture
def second():
    return make_user("second", first_name="Rita", last_name="Moreau")


def tell(client, user, revision, **more):
    client.force_login(user)
    response = client.post(ADDRESS, {"revision": revision.pk} | more)
    return json.loads(response.content)


def test_people_with_the_same_draft_open_see_each_other(client, editor, second):
    draft = make_draft(by=editor)

    heard = [tell(client, editor, draft), tell(client, second, draft), tell(client, editor, draft)]

    assert [[other["name"] for other in answer["others"]] for answer in heard] == [[], ["editor"], ["Rita Moreau"]]
    assert Presence.objects.count() == 2


def test_since_is_when_it_was_opened(client, editor, second):
    draft = make_draft(by=editor)
    tell(client, second, draft)
    since = timezone.now() - timedelta(minutes=7)
    Presence.objects.update(since=since)

    tell(client, second, draft)
    heard = tell(client, editor, draft)

    assert heard["others"] == [{"name": "Rita Moreau", "since": since.strftime("%H:%M")}]


def test_people_who_leave_disappear_at_once(client, editor, second):
    draft = make_draft(by=editor)
    tell(client, second, draft)

    assert tell(client, second, draft, leaves="1") == {}
    assert tell(client, editor, draft)["others"] == []


def test_presence_expires_after_a_minute(client, editor, second):
    draft, other_draft = make_draft(by=editor), make_draft("naps", by=second)
    tell(client, second, draft)
    tell(client, second, other_draft)
    Presence.objects.update(seen_at=timezone.now() - presence.KEPT - timedelta(seconds=1))

    heard = tell(client, editor, draft)

    assert heard["others"] == []
    assert list(Presence.objects.values_list("user__username", flat=True)) == ["editor"]


def test_the_last_saver_is_named(client, editor, second):
    draft = make_draft(by=editor)
    before = tell(client, editor, draft)
    saved = workflow.save_draft(draft, make_content(lead="Hers."), by=second, version=1)

    after = tell(client, editor, draft)

    assert (before["version"], before["saved_by"]) == (1, "")
    assert (after["version"], after["saved_by"]) == (2, "Rita Moreau")
    assert after["saved_at"] == saved.saved_at.strftime("%H:%M")


def test_only_editors_are_present_and_only_at_drafts(client, editor):
    draft = make_draft(by=editor)
    assert client.post(ADDRESS, {"revision": draft.pk}).status_code == 403
    client.force_login(make_user("viewer", groups=()))
    assert client.post(ADDRESS, {"revision": draft.pk}).status_code == 403
    client.force_login(editor)
    assert client.get(ADDRESS, {"revision": draft.pk}).status_code == 405
    workflow.submit(draft, by=editor)
    for revision in (draft.pk, "", "x"):
        assert client.post(ADDRESS, {"revision": revision}).status_code == 404

    assert not Presence.objects.exists()
