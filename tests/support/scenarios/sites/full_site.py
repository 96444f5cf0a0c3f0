"""A site with one of everything that has a page, and the URLs of its pages, for checks of every page."""

import gzip
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.core.recordings.editions import OffsetMap, Piece
from articles.importing.transcripts.transcript import import_transcript
from articles.models import (
    ApprovalRule,
    Article,
    BackgroundTask,
    Edition,
    Episode,
    Mailbox,
    Notice,
    Profile,
    SavedView,
    TaskFilePart,
    Topic,
    Upload,
)
from articles.workflow.collaboration import comments, correction_requests, margin, sharing, suggested_edits
from articles.workflow.content import SectionContent, SourceContent, content_of
from articles.workflow.content.recordings import store_digests
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples import talk

PASSWORD = "a long test password"
LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe" * 2
RICH = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It settles memory [00:06:52, 00:08:44]."),
    SectionContent(
        "Proof [00:25:05]",
        f"- a list [00:26:00]\n- {LONG_WORD} `{LONG_WORD}`\n\n1. one\n2. two **bold** *slanted*\n\n"
        f"| moment | what is said |\n|---|---|\n| [00:30:00] | {LONG_WORD} |\n\n"
        f"```\n{LONG_WORD}\n```\n\n> [!warning] Careful\n> Nobody knows [00:31:00-00:32:00].\n\n> A quotation.\n\n"
        "A note[^1], and [elsewhere](https://example.org/). See [[naps]] and [[nothing yet]].\n\n[^1]: Said [01:30:00].",
        2,
    ),
    SectionContent("In depth", "Deeper [e2 00:10:00].", 3),
    SectionContent("من الليل", "ينظف المخ نفسه [00:40:00]."),
)  # fmt: skip
CITED = (391, 412, 524, 600, 1505, 1560, 1800, 1865, 1920, 2400, 5400)  # the moments that texts here cite
CHAPTERS = [(0, "Opening"), (381, "The night shift, and what it does to those who work it"), (2000, "Dreams & <b>")]


def make_everything():
    """Make rows in every state that a page can show: published twice, corrected, discussed, in review, outdated."""
    editor, moderator, root = make_user(first_name="Ines"), make_moderator(), make_user("root", is_superuser=True)
    uncited = workflow.get_or_create_show("uncited", title="Uncited Talks")  # so that no text here needs two approvals
    episode = make_episode(duration_seconds=talk.DURATION, chapters=CHAPTERS, youtube_id="abcdefghijk", published_on=date(2026, 1, 5), allows_transcript=True)  # fmt: skip
    episode.chapter_set.create(start_seconds=1000, title="Sponsor: Pillows", is_sponsor=True)
    second = make_episode("second-night", duration_seconds=4000, audio_url="https://audio.example/second.mp3")
    edition = Edition.objects.create(episode=episode, key="feed", title="Feed", audio_url="https://audio.example/e.mp3")
    edition.set_map(OffsetMap([Piece(0, 300, 0), Piece(360, 3600, 30)]))
    store_digests(Episode.objects.all())
    import_transcript(episode, talk.as_vtt(talk.excerpt(CITED)), "talk.vtt")
    episode.refresh_from_db()

    make_published("naps", title="Naps", episode=second, by=editor, moderator=moderator)
    sources = (SourceContent(episode, "e1"), SourceContent(second, "e2"))
    article = make_published(
        "sleep", title=f"Sleep & {LONG_WORD}", sources=sources, sections=RICH, notice="health", by=editor, moderator=moderator
    )  # fmt: skip
    first = content_of(article.published_revision).sections[0]
    corrected = replace(first, body="The brain clears waste at night [00:06:31]. It takes seven hours [00:08:44].")
    change = make_change(article, by=editor, sections=(corrected, *content_of(article.published_revision).sections[1:]))
    workflow.approve(change, by=moderator, comment="Well said.")
    workflow.publish(change, by=moderator, public_note="Correction: seven hours, not five.")
    article = Article.objects.get(slug="sleep")
    correction_request = correction_requests.receive(article.published_revision, "He says eight hours.", sender="a", claim="It takes seven hours.")  # fmt: skip
    waiting = make_change(article, by=editor, sections=(replace(corrected, body="The brain rests [00:31:05]."), *content_of(article.published_revision).sections[1:]))  # fmt: skip
    comments.add(waiting, by=moderator, text="Is that what he says?", section_key=first.key)
    passage = margin.choose(margin.fields_of(content_of(waiting)), "The brain rests")
    suggested_edits.suggest(waiting, by=moderator, text="Does it?", passage=passage, replacement="The brain sleeps")
    behind = make_change(article, by=make_user("second"), lead="Another lead.")
    workflow.publish(workflow.approve(make_change(article, by=make_user("third"), lead="A lead first."), by=moderator), by=moderator)  # fmt: skip
    draft = make_draft("dreams", by=root, title="Dreams", episode=episode)
    link, token = workflow.share(waiting, by=moderator, days=7, allows_comments=True)
    guest_comment = sharing.comment(link, name="Aunt May", text="I slept well over it.", sender="a")
    workflow.revoke(workflow.share(waiting, by=moderator, days=1)[0], by=moderator)
    topic = Topic(slug="sleep", title="Sleep", description="What nights are for.")
    workflow.save_topic(topic)
    workflow.assign_topics(article, [topic], by=moderator)
    rule = ApprovalRule(show=uncited, group=Group.objects.get(name="Moderators"))
    workflow.save_approval_rule(rule)
    profile = Profile(user=moderator, slug="ines", name="Inés Alba", about="A nurse.\n\nAnd a reader.", is_public=True)
    workflow.save_profile(profile, by=moderator)
    Mailbox.objects.create(user=editor, frequency=Mailbox.Frequency.DAILY)
    Notice.objects.create(user=root, kind=Notice.Kind.SUBMITTED, article=article, revision=waiting, text="“Sleep” waits for review.", at=timezone.now())  # fmt: skip
    workflow.change_rank(editor, workflow.Rank(("Moderators",), is_staff=True, is_active=True), by=make_user("other", groups=("Administrators",)))  # fmt: skip
    image = Upload.objects.create(name="uploads/night.webp", size=900, width=30, height=20, alt="A night", by=editor)
    SavedView.objects.create(user=root, name="Health", query="issues=flagged&notice=health")
    now = timezone.now()
    BackgroundTask.objects.create(kind="export", by=root, created_at=now, due_at=now, ended_at=now, state="failed", error="It failed.")  # fmt: skip
    export = BackgroundTask.objects.create(kind="export", by=root, created_at=now, due_at=now, ended_at=now, state="done", result={"citations": 1})  # fmt: skip
    TaskFilePart.objects.create(task=export, number=0, data=gzip.compress(b"risk\r\nhigh\r\n"))
    retitled = Episode.objects.get(pk=second.pk)
    retitled.title = "The second night"
    recording_change = workflow.save_episode(retitled, ["title"], by=editor)
    rows = {
        "recording_change": recording_change,
        "episode": episode,
        "second": second,
        "edition": edition,
        "waiting": waiting,
        "behind": behind,
    }
    rows |= {
        "image": image,
        "link": link,
        "shared": reverse("shared_draft", args=[token]),
        "guest_comment": guest_comment,
    }
    rows |= {
        "approval_rule": rule,
        "draft": draft,
        "correction_request": correction_request,
        "topic": topic,
        "profile": profile,
    }
    return SimpleNamespace(article=Article.objects.get(slug="sleep"), **rows)


# The public pages in articles/urls.py, with their URL parameters.
PAGES = {
    "home": (),
    "article": ("slug",),
    "article_history": ("slug",),
    "public_revision": ("slug", "number"),
    "current_citation_report": ("slug",),
    "citation_report": ("slug", "number"),
    "challenge": ("slug",),
    "how_we_check": (),
    "shows": (),
    "show": ("handle",),
    "episode": ("handle", "slug"),
    "transcript": ("handle", "slug"),
    "transcript_find": ("handle", "slug"),
    "topics": (),
    "topic": ("slug",),
    "people": (),
    "record": (),
    "person": ("slug",),
    "links_here": ("slug",),
    "about": (),
    "cite": ("slug",),
    "feeds": (),
    "search": (),
}
# Pages for whoever has their address, which is a key.
BY_KEY = ["correction_status", "shared_draft"]
# URLs for programs rather than pages.
FOR_PROGRAMS = [
    "article_json",
    "article_markdown",
    "article_picture",
    "article_preview",
    "cite_bibtex",
    "cite_csl",
    "citation_report_csv",
    "citation_report_json",
    "episode_chapters",
    "episode_citations",
    "episode_playlist",
    "episode_soundbites",
    "episode_transcript",
    "feed_articles",
    "feed_corrections",
    "feed_show",
    "feed_topic",
    "health",
    "llms",
    "record_json",
    "record_keys",
    "robots",
    "search_suggestions",
    "security_txt",
    "sitemap",
    "sitemap_part",
]


def public_addresses(rows):
    """Return {name: URL of a public page}; names with a colon are the same page in another state."""
    slugs = {
        "episode": rows.episode.slug,
        "transcript": rows.episode.slug,
        "transcript_find": rows.episode.slug,
        "topic": rows.topic.slug,
        "person": rows.profile.slug,
    }
    arguments = {"slug": rows.article.slug, "number": 1, "handle": rows.episode.show.handle}
    urls = {}
    for name, parameters in PAGES.items():
        values = arguments | {"slug": slugs.get(name, rows.article.slug)}
        urls[name] = reverse(name, kwargs={key: values[key] for key in parameters})
    number = rows.article.published_revision.number
    return urls | {
        "article: short": reverse("article", args=["naps"]),
        "article: in an edition": f"{urls['article']}?edition=feed",
        "article_history: compared": f"{urls['article_history']}?old=1&new={number}",
        "challenge: of a claim": f"{urls['challenge']}?section=why-we-sleep&claim=c-391",
        "episode: audio": rows.second.get_absolute_url(),
        "transcript: results": f"{urls['transcript_find']}?q=receptor",
        "transcript: no results": f"{urls['transcript_find']}?q=zeppelin",
        "episode: in an edition": f"{urls['episode']}?edition=feed",
        "public_revision: current": reverse("public_revision", args=[rows.article.slug, number]),
        "search: results": f"{urls['search']}?q=brain",
        "search: no results": f"{urls['search']}?q=zeppelin",
        "api": "/api/",
        "not found": "/nowhere/",
    }


def admin_addresses(rows):
    """Return {name: URL of an admin page}; some of them are forbidden even to superusers and return 403."""
    objects = [
        rows.article,
        rows.episode,
        rows.episode.show,
        rows.waiting,
        rows.topic,
        rows.approval_rule,
        rows.profile,
        rows.correction_request,
        rows.recording_change,
    ]
    keys = {type(row): row.pk for row in objects}
    urls = {
        "review_queue": reverse("admin:index"),
        "workload": reverse("admin:queue_workload"),
        "inbox": reverse("admin:inbox"),
        "own account": reverse("admin:own_account"),
        "evidence": reverse("admin:evidence_report"),
        "precision": reverse("admin:evidence_precision"),
        "problem": reverse("admin:evidence_problem"),
        "transcripts": f"{reverse('admin:search_transcripts')}?q=receptor",
        "draft": reverse("admin:articles_article_change", args=[rows.draft.article_id]),
        "compare": f"{reverse('admin:articles_article_compare', args=[rows.article.pk])}?old=1&new=2",
        "revert": f"{reverse('admin:articles_article_revert', args=[rows.article.pk])}?number=1",
        "merge": reverse("admin:articles_revision_merge", args=[rows.behind.pk]),
        "behind": reverse("admin:articles_revision_change", args=[rows.behind.pk]),
        "preview": reverse("admin:articles_revision_preview", args=[rows.waiting.pk]),
        "erase": reverse("admin:articles_revision_erase", args=[rows.waiting.pk]),
        "versions": reverse("admin:articles_revision_versions", args=[rows.waiting.pk]),
        "side by side": f"{reverse('admin:articles_article_compare', args=[rows.article.pk])}?old=1&new=2&view=side",
        "moment": f"{reverse('admin:articles_episode_moment', args=[rows.episode.pk])}?t=391",
        "stored transcript": reverse("admin:articles_episode_transcript", args=[rows.episode.pk]),
        "begin": f"{reverse('admin:begin_article')}?episode=a&article=a",
        "begin from episode": reverse("admin:begin_from_episode", args=[rows.episode.pk]),
        "new article from episode": f"{reverse('admin:articles_article_add')}?episode={rows.episode.pk}",
        "new article from template": f"{reverse('admin:articles_article_add')}?template=person",
        "received text": reverse("admin:receive_article"),
        "edition": reverse("admin:articles_episode_edition", args=[rows.episode.pk, rows.edition.pk]),
        "password": reverse("admin:password_change"),
        "images": reverse("admin:images"),
        "image": reverse("admin:image", args=[rows.image.pk]),
    }
    for model in admin.site._registry:
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        label = model._meta.verbose_name
        pk = keys.get(model) or model.objects.values_list("pk", flat=True).first()
        urls |= {f"{label} list": reverse(f"{page}changelist"), f"{label} add": reverse(f"{page}add")}
        urls |= {f"{label} {act}": reverse(f"{page}{act}", args=[pk]) for act in ("change", "history", "delete") if pk}
    return urls
