"""People's own views of the list of articles: saved under a name, replaced and deleted."""

from urllib.parse import unquote_plus

from django.utils.translation import gettext

from articles.models import SavedView
from articles.workflow.transitions import InvalidTransition, transition

MOST = 50  # of one person
NAME_MAX = SavedView._meta.get_field("name").max_length
QUERY_MAX = SavedView._meta.get_field("query").max_length


@transition
def save_view(*, by, name, query):
    """Save `query` under `name` for `by`, in place of their view with this name if there is one.

    Returns the view, and the query of the one that it replaced, None if there was none.
    Raises `InvalidTransition` without a name, or if name, query or the number of views is too large.
    """
    name = " ".join(name.split())
    if not name:
        raise InvalidTransition(gettext("Give the view a name."))
    if len(name) > NAME_MAX:
        raise InvalidTransition(gettext("Shorten the name to %(most)s characters or fewer.") % {"most": NAME_MAX})
    if len(query) > QUERY_MAX:
        raise InvalidTransition(gettext("These filters are too long to be saved. Search for less."))
    views = SavedView.objects.filter(user=by)
    replaced = views.filter(name=name).values_list("query", flat=True).first()
    if replaced is None and views.count() >= MOST:
        raise InvalidTransition(
            gettext("You have %(most)s saved views, which is the most. Delete one first.") % {"most": MOST}
        )
    view, _ = SavedView.objects.update_or_create(user=by, name=name, defaults={"query": query})
    return view, replaced


def delete_view(view):
    view.delete()


def forget(is_in):
    """Delete the views whose name or search has something erased, or a name to be withheld; return how many had.

    `is_in` says of a text whether it is in there.
    """
    views = SavedView.objects.values_list("pk", "name", "query")
    keys = [pk for pk, name, query in views if is_in(name) or is_in(unquote_plus(query))]
    SavedView.objects.filter(pk__in=keys).delete()
    return len(keys)
