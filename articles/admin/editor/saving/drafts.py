"""Chooses the revision that the editor's screen shows, and saves a form to the right draft."""

import re
from dataclasses import dataclass, replace

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext

from articles import workflow
from articles.admin.shared.helpers import found_or_404
from articles.core.parsing.numbers import whole_number
from articles.importing.images import HEADING_MAX, Intake, with_own_images
from articles.models import Comment, Revision
from articles.workflow.collaboration import comments, suggested_edits
from articles.workflow.content import content_of
from articles.workflow.drafts.lineage import ancestors, rounds

OWN_MAX = 20  # latest revisions of a user in which one that is in review is looked for


def revision_to_show(request, article):
    """The requested revision; otherwise the user's open draft, the published text or the latest revision.

    None for a new article. Raises Http404 if the article has no such revision.
    """
    if article is None:
        return None
    revisions = article.revision_set.visible_to(request.user).select_related("base").order_by("-number")
    if requested := request.GET.get("revision"):
        return found_or_404(revisions, requested, gettext("Revision not found."))
    mine = Q(status=Revision.Status.DRAFT, author=request.user)
    published = Q(pk=article.published_revision_id)
    kept = revisions.exclude(status=Revision.Status.DISCARDED)
    revision = (
        revisions.filter(mine).first() or revisions.filter(published).first() or kept.first() or revisions.first()
    )
    if revision is None:
        raise Http404(gettext("Revision not found."))
    return revision


@dataclass(frozen=True)
class Lineage:
    """What a text comes from: the revisions (primary keys) `before` it, and a `Q` for the comments on it (None: none).

    `loaded` is the revision (primary key) that it was loaded from, and `is_in_review` if it waits for a decision.
    """

    before: set
    discussed: Q | None = None
    loaded: int | None = None
    is_in_review: bool = False


def lineage(form):
    """The `Lineage` of the form's text. One query, none for a new article.

    The discussion follows from returned and submitted revisions into the drafts that continue them, and ends at an
    approved text; margin comments follow further.
    """
    if form.article is None:
        return Lineage(set())
    rows = form.article.revision_set.order_by().values_list("pk", "status", "base", "target", named=True)
    revisions = {revision.pk: revision for revision in rows}
    loaded = revisions.get(whole_number(form.loaded_from[0]))
    if loaded is None:
        return Lineage(set())
    discussed = comments.comments_on(rounds(loaded, revisions), ancestors(loaded, revisions))
    is_draft = loaded.status == Revision.Status.DRAFT
    before = {loaded.base, loaded.target} - {None} if is_draft else {loaded.pk}
    return Lineage(before, discussed, loaded.pk, loaded.status == Revision.Status.SUBMITTED)


def own_in_review(article, user):
    """The user's revision of `article` that is submitted, or was returned and not continued since; None without one."""
    status = Revision.Status
    revisions = article.revision_set.visible_to(user).filter(author=user).exclude(status=status.DISCARDED)
    own = list(revisions.order_by("-number").defer("lead")[:OWN_MAX])
    submitted = next((revision for revision in own if revision.status == status.SUBMITTED), None)
    is_returned = own and own[0].status in {status.CHANGES_REQUESTED, status.REJECTED}
    return submitted or (own[0] if is_returned else None)


def target(form, user):
    """The revision that the form was loaded from, with its `version` at that time; None for a new article.

    Raises Http404 if the form doesn't name a revision of the article that `user` may read.
    """
    if form.article is None:
        return None
    pk, version = map(whole_number, form.loaded_from)
    if pk is None or version is None:
        raise Http404(gettext("The form doesn’t say which revision it was loaded from. Reload the page."))
    revisions = form.article.revision_set.visible_to(user).select_related("base")
    revision = found_or_404(revisions, pk, gettext("Revision not found."))
    revision.version = version
    return revision


def store_images(form, *, by, names=None):
    """Put uploads in place of the images from elsewhere; return the reasons why some weren't stored.

    `names` are the fields of the form to do that in, all of them if None.
    """
    intake, refused = Intake(by), {}
    for name, text in form.texts():
        if names is not None and name not in names:
            continue
        own, reasons = with_own_images(text, intake, longest=HEADING_MAX if name.endswith("-heading") else None)
        refused |= dict.fromkeys(reasons)
        if own != text:
            form.write(name, own)
    return list(refused)


def save(form, target, *, by, is_autosave=False):
    """Save the form as the user's draft and return the draft. Raises what `workflow` raises."""
    content = form.content()
    if form.article is None:
        if content.slug != (form.text.slug_stem or content.slug) and (draft := already_created(content, by)):
            return draft  # it arrived before, but the response was lost or the button pressed twice
        return workflow.create_article(content, by=by, is_autosave=is_autosave)
    was_draft = form.text["loaded_as"].value() == "draft" and not form.is_over
    if target.is_draft or was_draft:
        return workflow.save_draft(target, content, by=by, version=target.version, is_autosave=is_autosave)
    return workflow.start_draft(form.article, content, by=by, base=target, is_autosave=is_autosave)


def already_created(content, user):
    """The draft of a new article that `user` created with exactly this content, but perhaps another number in its slug.

    None without one.
    """
    stem = re.sub(r"-\d+\Z", "", content.slug)
    first = Revision.objects.visible_to(user).open().filter(author=user, number=1, version=1)
    for draft in first.filter(article__slug__startswith=stem, title=content.title).order_by("-pk")[:OWN_MAX]:
        if is_same(replace(content, slug=draft.slug), draft):
            return draft
    return None


def is_same(content, revision):
    """Whether `revision` holds `content`; keys are ignored because new sections have none yet."""

    def values(of):
        sections = tuple(replace(section, key=None) for section in of.sections)
        return replace(of, notice=str(of.notice), sections=sections)

    return values(content) == values(content_of(revision))


def thread_of(form, pk):
    """The thread with this key, which may be any text, that belongs to the form's text; None if there is none."""
    discussed = lineage(form).discussed
    if discussed is None or (key := whole_number(pk)) is None:
        return None
    threads = Comment.objects.threads().filter(discussed, pk=key)
    return threads.select_related("revision__article", "passage", "edit", "by").first()


def accept_edit(form, target, *, by, pk):
    """Save the form with the edit that thread `pk` suggests written into it, and return the draft.

    The edited texts are checked and their images stored as if they had been typed. Raises what `workflow` raises.
    """
    thread = thread_of(form, pk)
    if thread is None or not hasattr(thread, "edit"):
        raise suggested_edits.NotAccepted(gettext("This text has no such suggested edit."))

    def save_edited(content):
        edited = form.edited(dict(_differing(form, content)))
        if not edited.can_be_saved():
            raise suggested_edits.NotAccepted(" ".join(edited.reasons()))
        store_images(edited, by=by, names=list(edited.written))
        draft = save(edited, target, by=by)
        for name, text in edited.written.items():
            form.write(name, text)
        return draft

    return suggested_edits.accept(thread, form.content(), by=by, save=save_edited)


def _differing(form, content):
    """Yield (field name, text) for each text of `content` that isn't what the form has."""
    before = form.content()
    for name in ("title", "lead"):
        if getattr(before, name) != getattr(content, name):
            yield name, getattr(content, name)
    forms = [card.form for card in form.cards if card.section is not None]
    for card_form, old, new in zip(forms, before.sections, content.sections, strict=True):
        for name in ("heading", "body"):
            if getattr(old, name) != getattr(new, name):
                yield card_form.add_prefix(name), getattr(new, name)


def is_change(article, revision):
    """Whether the text in `revision` changes a published text, rather than being a new article."""
    if revision is not None and revision.is_draft:
        return revision.target_id is not None
    return article is not None and article.published_revision_id is not None
