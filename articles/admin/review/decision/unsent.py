"""What a reviewer has ticked and typed on a review page but not sent, kept in the session until the decision.

Every control of the page belongs to the one decision form, so each action posts the whole page. An action that isn't
the decision saves what was posted, and the page shows it again: with or without scripts, nothing is lost and no change
that was refused is selected again.
"""

import functools

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from articles import workflow
from articles.workflow.content import changes

KEY = "unsent_reviews"
KEPT_MAX = 20  # revisions for each user; the oldest are forgotten
NOT_KEPT = ("csrfmiddlewaretoken", "revision", "back", "act", "citation", "place", "watch", "page")


def keeping(action):
    """Decorate a view to save what was posted with it from a review page."""

    @functools.wraps(action)
    def keep(request, *args, **kwargs):
        if pk := request.POST.get("revision", ""):
            entries = request.session.get(KEY, {})
            entries.pop(pk, None)
            entries[pk] = _posted(request).urlencode()
            request.session[KEY] = dict(list(entries.items())[-KEPT_MAX:])
        return action(request, *args, **kwargs)

    return keep


def unsent(request, revision):
    """What isn't sent yet, as a `QueryDict` of the page's fields: from this request, else from an earlier one."""
    if request.method == "POST":
        return _posted(request)
    return _kept(request, revision)


def _kept(request, revision):
    return QueryDict(request.session.get(KEY, {}).get(str(revision.pk), ""), mutable=True)


def sent(request, *names):
    """Forget the fields `names`, because they were sent."""
    if pk := request.POST.get("revision", ""):
        entry = QueryDict(request.session[KEY][pk], mutable=True)
        for name in names:
            entry.pop(name, None)
        request.session[KEY][pk] = entry.urlencode()
        request.session.modified = True


def forget(request, revision):
    """Forget everything about `revision`, because it was decided."""
    if request.session.get(KEY, {}).pop(str(revision.pk), None) is not None:
        request.session.modified = True


def is_any_comment_unsent(fields):
    """Whether a comment form of the page has text or a suggested edit, which a decision would lose."""
    for name, value in fields.items():
        kind, _, place = name.partition(":")
        # The words of a passage are filled in as its replacement, for somebody to change them.
        is_changed = kind == "replacement" and value != fields.get(f"quote:{place}", "")
        if value.strip() and (kind in {"text", "delete"} or is_changed):
            return True
    return False


def require_nothing_unsent(request, revision):
    """Refuse a decision made elsewhere than on the review page of `revision`, if it would ignore what is kept from there.

    Raises `workflow.InvalidTransition` if changes are left out there, or something is typed.
    """
    kept = _kept(request, revision)
    if is_any_comment_unsent(kept) or any(kept.get(name, "").strip() for name in ("comment", "reason")):
        text = gettext("You typed a comment on its review page and didn’t send it. Decide there.")
        raise workflow.InvalidTransition(text)
    if not kept.get("parts") or revision.target_id is None:
        return
    ids = {change.id for change in changes.compare(revision.target, revision).changes}
    if left_out := len(ids - set(kept.getlist("accept"))):
        text = ngettext(
            "You left out %(number)s of %(total)s change on its review page. Decide there.",
            "You left out %(number)s of %(total)s changes on its review page. Decide there.",
            len(ids),
        )
        raise workflow.InvalidTransition(text % {"number": intcomma(left_out), "total": intcomma(len(ids))})


def _posted(request):
    fields = request.POST.copy()
    for name in NOT_KEPT:
        fields.pop(name, None)
    return fields
