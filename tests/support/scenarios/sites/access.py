"""A site with an article in every state, people of every role, and the requests that the URL walk makes of them."""

import gzip
import re
from dataclasses import dataclass
from types import SimpleNamespace

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import get_resolver

from articles import workflow
from articles.models import (
    Article,
    BackgroundTask,
    Citation,
    Mailbox,
    Profile,
    Quotation,
    RankChange,
    Revision,
    SavedView,
    TaskFilePart,
)
from articles.workflow.collaboration import comments, correction_requests
from articles.workflow.content import SectionContent
from articles.workflow.recordings import review_digest
from ketamine_site.operations.monitoring.probes import ProbesMiddleware
from tests.support.factories import make_change, make_draft, make_published, make_user
from tests.support.scenarios.sites.full_site import make_everything

ROLES = ("anonymous", "viewer", "editor", "author", "moderator", "administrator")
# What a URL can be about. All but the last are articles: "draft" and "submitted" were never public, of "erased" an
# earlier revision was erased, and "missing" doesn't exist.
STATES = ("draft", "submitted", "published", "erased", "unpublished", "missing")
SECRET, ERASED = "Unseen", "Vanished"  # in texts hidden from viewers, and in texts erased for everyone
HUGE = 987654321


@dataclass(frozen=True)
class Target:
    """An article in one of the `STATES`: what URLs call it, and the revision they are about."""

    slug: str
    article: int
    revision: int
    number: int = 1
    thread: int = HUGE
    quotation: int = HUGE


def make_site():
    """Return the rows of the full site, with `people` by role and `targets` by state."""
    rows = make_everything()
    people = {
        "viewer": make_viewer(),
        "editor": make_user("onlooker"),
        "author": make_user("writer"),
        "moderator": make_user("judge", groups=("Moderators",)),
        "administrator": make_user("warden", groups=("Administrators",)),
    }
    rows.people = SimpleNamespace(**people)
    rows.targets = _targets(rows, people["author"])
    export = BackgroundTask.objects.get(state="done")  # whose file the erasure has deleted
    export.arguments["paths"] = {"paths": [f"/srv/{SECRET}.md"]}
    export.result["lines"] = ["1 file.", f"/srv/{SECRET}.md: unchanged"]
    export.save()
    TaskFilePart.objects.create(task=export, number=0, data=gzip.compress(b"risk\r\n"))
    rows.rank_change = RankChange.objects.get()
    rows.own_profile = Profile(user=people["moderator"], slug="judge", name="Judge", about="A judge.")
    workflow.save_profile(rows.own_profile, by=people["moderator"])
    return rows


def make_viewer():
    """Make an account that may view everything in the admin, and change nothing."""
    viewer = make_user("viewer", groups=())
    kinds = ContentType.objects.filter(app_label="articles")
    viewer.user_permissions.set(Permission.objects.filter(content_type__in=kinds, codename__startswith="view_"))
    return viewer


def _texts(name):
    return {
        "title": f"{name} title",
        "lead": f"{name} lead.",
        "sections": (SectionContent(f"{name} heading", f"{name} body [00:06:31]."),),
        "edit_summary": f"{name} summary.",
    }


def _targets(rows, author):
    judge = rows.profile.user
    written = {"by": author, "moderator": judge}
    draft = make_draft("hidden-draft", by=author, episode=rows.episode, **_texts(SECRET))
    submitted = make_draft("hidden-submitted", by=author, episode=rows.episode, **_texts(SECRET))
    workflow.submit(submitted, by=author)
    thread = comments.add(submitted, by=judge, text=f"{SECRET} comment.")
    published = make_published("open", episode=rows.episode, **written)
    make_change(published, by=author, **_texts(SECRET))
    erased = make_published("partly-erased", episode=rows.episode, **written, **_texts(ERASED))
    old = erased.published_revision
    change = make_change(erased, by=author, title="Clean", lead="Clean.", sections=(SectionContent("Clean", "Clean."),))
    comments.add(change, by=judge, text=f"{ERASED} lead.")
    workflow.publish(workflow.approve(change, by=judge), by=judge)
    workflow.erase(old, by=rows.draft.author, reason="By law.")
    quotation = Quotation.objects.filter(revision=old).first()
    gone = make_published("taken-down", episode=rows.episode, **written, **_texts(SECRET))
    taken_down = gone.published_revision
    correction_requests.receive(taken_down, "It was six.", sender="b")
    workflow.unpublish(gone, by=judge, reason="By request.")
    return {
        "draft": Target("hidden-draft", draft.article_id, draft.pk),
        "submitted": Target("hidden-submitted", submitted.article_id, submitted.pk, thread=thread.pk),
        "published": Target("open", published.pk, published.published_revision_id),
        "erased": Target("partly-erased", erased.pk, old.pk, quotation=quotation.pk if quotation else HUGE),
        "unpublished": Target("taken-down", gone.pk, taken_down.pk),
        "missing": Target("hidden-nothing", HUGE, HUGE),
    }


def routes(patterns=None, prefix=""):
    """Yield (route, name) of every URL pattern of the site, and of the probes, which have none."""
    if patterns is None:
        yield from ((path.removeprefix("/"), "probe") for path in ProbesMiddleware(None).probes)
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{prefix}{str(pattern.pattern).removeprefix('^')}"
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route, pattern.name or ""


def addresses(rows, route):
    """Return {what the URL is about: address} for a route: the `STATES`, or "" for one that isn't about an article."""
    if re.match(r"(api/|)articles/<name:slug>|admin/articles/(article|revision)/<|admin/r/", route):
        return {state: "/" + _filled(route, _of_target(rows, target, route)) for state, target in rows.targets.items()}
    if route.startswith(("admin/auth/user/<", "admin/articles/review/<", "admin/articles/logentry/<")):
        model = route.split("/")[2]
        return {state: "/" + _filled(route, {"object_id": pk, "id": pk}) for state, pk in _records(rows, model).items()}
    return {"": "/" + _filled(route, _others(rows, route))}


def _of_target(rows, target, route):
    of_revision = "/revision/" in route
    pk = target.revision if of_revision else target.article
    return {
        "slug": target.slug,
        "number": target.number,
        "pk": pk,
        "object_id": pk,
        "thread": target.thread,
        "quotation": target.quotation,
        "episode": HUGE,
        "link": rows.link.pk,
        "comment": rows.guest_comment.pk,
        "act": "resolve",
        "content_type_id": ContentType.objects.get_for_model(Article).pk,
    }


def _records(rows, model):
    """Return {state: primary key} of an account, a review or a log entry."""
    if model == "user":
        return {"own": rows.people.author.pk, "lower": rows.profile.user.pk, "higher": rows.draft.author_id, "missing": HUGE}  # fmt: skip
    revisions = {state: Revision.objects.filter(pk=target.revision).first() for state, target in rows.targets.items()}
    related = "review_set" if model == "review" else "logentry_set"
    found = {state: getattr(revision, related).first() for state, revision in revisions.items() if revision}
    return {state: row.pk for state, row in found.items() if row} | {"missing": HUGE}


def _others(rows, route):
    episode = rows.episode
    form = "vtt" if "transcript" in route else "atom"
    values = {"handle": episode.show.handle, "form": form, "app_label": "articles", "name": "articles"}
    values |= {"rest": "nothing", "path": "nothing.png", "url": "nothing", "edition_pk": rows.edition.pk}
    slugs = {"topics": rows.topic.slug, "people": rows.profile.slug}
    values["slug"] = next((slug for part, slug in slugs.items() if part in route), episode.slug)
    if route.startswith("admin/articles/article/bulk/"):
        values["name"] = "protect"
    keys = {
        "article": SavedView.objects.get().pk,
        "topic": rows.topic.pk,
        "approvalrule": rows.approval_rule.pk,
        "backgroundtask": BackgroundTask.objects.get(state="done").pk,
        "correctionrequest": rows.correction_request.pk,
        "challenge": rows.correction_request.pk,
        "group": rows.people.editor.groups.get().pk,
        "mailbox": Mailbox.objects.get().pk,
        "profile": rows.profile.pk,
        "rankchange": rows.rank_change.pk,
        "recordingchange": rows.recording_change.pk,
        "episode": episode.pk,
        "show": episode.show_id,
        "claim": Citation.objects.filter(is_public=True).values_list("pk", flat=True).first(),
    }
    model = route.split("/")[2] if route.startswith("admin/") and route.count("/") > 2 else ""
    values["pk"] = values["object_id"] = rows.image.pk if route == "admin/images/<int:pk>/" else keys.get(model)
    page = rows.shared if route.startswith("shared/") else rows.correction_request.follow_up.get_absolute_url()
    values |= {"token": page.split("/")[-2]}
    values |= {"cue": episode.cue_set.first().pk, "change": rows.recording_change.pk}
    return values


def _filled(route, values):
    """Return the address of a route with these `values` as its parts."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).rstrip("$")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), plain)


# What each route needs to show or do something; without it, some answer everyone alike.
QUERIES = {
    "admin/articles/article/<int:pk>/revert/": "?number=1",
    "admin/autocomplete/": "?app_label=articles&model_name=edition&field_name=episode&term=sleep",
    "admin/articles/article/episodes/": "?q=sleep",
    "api/search/": "?q=unseen",
    "search/": "?q=unseen",
    "search/suggest/": "?q=unseen",
}
POSTS = {
    "admin/articles/article/<int:pk>/watch/": {"watch": "1"},
    "admin/articles/article/<int:pk>/restore/": {"number": "1"},
    "admin/articles/article/<int:pk>/revert/": {"number": "1", "reason": "It was right."},
    "admin/articles/article/<int:pk>/protection/": {"act": "protect", "reason": "Vandalism."},
    "admin/articles/article/preview/": {"content": "Said."},
    "admin/articles/revision/<int:pk>/decide/": {"act": "approve"},
    "admin/articles/recordingchange/<int:pk>/decide/": {"act": "accept"},
    "admin/articles/episode/<int:pk>/transcript/cues/<int:cue>/": {"act": "undo"},
    "admin/articles/backgroundtask/<int:pk>/act/": {"act": "retry"},
    "admin/articles/revision/<int:pk>/arrange/": {"is_urgent": "on", "assignee": ""},
    "admin/articles/revision/<int:pk>/comments/": {"text": "A remark."},
    "admin/articles/revision/<int:pk>/comments/<int:thread>/answer/": {"text": "A reply."},
    "admin/articles/revision/<int:pk>/share/": {"days": "7"},
    "shared/<name:token>/": {"name": "Aunt May", "text": "Another comment."},
    "admin/articles/revision/<int:pk>/erase/": {"reason": "By law."},
    "admin/articles/correctionrequest/<int:pk>/answer/": {"outcome": "stands", "answer": "He says seven."},
    "admin/your-account/": {"frequency": "daily"},
    "admin/desk/decide/": {"act": "urgent", "revision": "1"},
}


def request(rows, client, method, route, state, address):
    """Send the request of the walk for a route and return the response, with its body read as `text`."""
    if method == "POST":
        response = client.post(address, _posted(rows, route, state))
    else:
        response = client.generic(method, f"{address}{QUERIES.get(route, '')}")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.text_of_body = body.decode(errors="replace")
    return response


def _posted(rows, route, state):
    values = dict(POSTS.get(route.replace("admin/articles/challenge/", "admin/articles/correctionrequest/"), {}))
    target = rows.targets.get(state)
    if target is None:
        return values
    revision = Revision.objects.filter(pk=target.revision).first()
    if revision and "act" in values:
        values["digest"] = review_digest(revision)
    if route.endswith("/heard/"):
        citation = revision and revision.citation_set.first()
        values["citation"] = citation.pk if citation else HUGE
    if route.endswith("/versions/restore/"):
        version = revision and revision.draftversion_set.first()
        values["number"] = version.number if version else 1
    return values


def outcome(response):
    """Return a response as the table writes it: its status, "login" for the log-in page, "to" for another redirect."""
    if response.status_code in {301, 302}:
        return "login" if response.headers["Location"].startswith("/admin/login/") else "to"
    return str(response.status_code)
