"""A site in its own folder with everything that a static export has to deal with, made in a process of its own."""

from django.conf import settings
from PIL import Image

from articles import workflow
from articles.models import Article, Episode, Topic
from articles.workflow.content import SectionContent
from tests.support.factories import make_change, make_published, make_user
from tests.support.scenarios.sites.full_site import make_everything

LONG_SLUG = "ก" * 200  # 600 bytes: three names on a disk
ERASED = "A sentence that a court has erased."
ERASED_LATER = "A sentence that will be erased."
UNPUBLISHED = "a-mistake"
FORMER, PRESENT = "early-naps", "late-naps"
NIGHTS = 26  # with the other articles, lists go on on a second page
AUDIO = bytes(range(256)) * 40


def make():
    rows = make_everything()
    people = {"by": rows.draft.author, "moderator": rows.profile.user}
    topic, second = Topic.objects.get(), Episode.objects.get(slug="second-night")
    for number in range(NIGHTS):
        lead = ERASED_LATER if number == 5 else "What a night does."
        make_published(f"night-{number}", title=f"Night {number}", lead=lead, episode=second, **people)
    make_published(LONG_SLUG, title="Long", episode=second, **people)
    many = " ".join(f"Said at {n} [00:{n // 60:02}:{n % 60:02}]." for n in range(450))
    make_published(
        "all-of-it", title="All of it", episode=rows.episode, sections=(SectionContent("All", many),), **people
    )
    uploads = settings.MEDIA_ROOT / "uploads"
    uploads.mkdir(parents=True)
    Image.new("RGB", (40, 30), "navy").save(uploads / "night.webp")
    Image.new("RGB", (40, 30), "red").save(uploads / "of-a-draft.webp")
    (uploads / "night.mp3").write_bytes(AUDIO)
    (uploads / "night.mp3.gz").write_bytes(b"another upload")
    shown = "![The night](/media/uploads/night.webp)\n\nHear [it](/media/uploads/night.mp3) [00:06:31]."
    make_published(
        "pictures", title="Pictures", episode=rows.episode, sections=(SectionContent("One", shown),), **people
    )

    renamed = make_published(FORMER, title="Naps by day", episode=second, **people)
    publish(make_change(renamed, by=people["by"], slug=PRESENT), people["moderator"])
    for article in Article.objects.published():
        workflow.assign_topics(article, [topic], by=people["moderator"])
    wrong = make_published(UNPUBLISHED, title="A mistake", episode=second, **people)
    workflow.unpublish(wrong, by=people["moderator"], reason="Nobody said that.")
    erased = make_published("erased-once", title="Erased once", lead=ERASED, episode=second, **people)
    first = erased.published_revision
    publish(make_change(erased, by=people["by"], lead="Another lead."), people["moderator"])
    workflow.erase(first, by=make_user("eraser", is_superuser=True), reason="A court says so.")


def publish(revision, moderator):
    workflow.publish(workflow.approve(revision, by=moderator), by=moderator)


def change():
    """Publish another text of one article, unpublish one and erase what another one said before."""
    moderator, editor = (make_user(name, groups=(group,)) for name, group in (("m2", "Moderators"), ("e2", "Editors")))
    publish(make_change(Article.objects.get(slug="night-3"), by=editor, title="Night three"), moderator)
    workflow.unpublish(Article.objects.get(slug="night-4"), by=moderator, reason="It was never said.")
    article = Article.objects.get(slug="night-5")
    first = article.published_revision
    publish(make_change(article, by=editor, title="Night five", lead="Another lead."), moderator)
    workflow.erase(first, by=make_user("eraser2", is_superuser=True), reason="A court says so.")
