"""What somebody may do: permissions, protected articles, reasons."""

from django.utils.translation import gettext

from .errors import InvalidTransition, NotAllowed


def name_of(user):
    """Return the name recorded with a person's actions."""
    if not user.is_authenticated:
        return gettext("Someone who isn’t logged in")
    return user.get_full_name() or user.get_username()


def require(user, permission, what):
    if not (user.is_active and user.has_perm(permission)):
        raise NotAllowed(gettext("%(user)s isn’t allowed to %(what)s.") % {"user": name_of(user), "what": what})


def require_editable(user, article):
    require(user, "articles.change_revision", gettext("edit articles"))
    if refusal := why_protected(user, article):
        raise NotAllowed(refusal)


def why_protected(user, article):
    """Return a sentence that says that the protection of `article` keeps `user` from editing it, "" if it doesn't."""
    if not article.is_protected or user.has_perm("articles.protect_article"):
        return ""
    return gettext("This article is protected. Only moderators can edit it.")


def require_reason(text, message):
    if not text.strip():
        raise InvalidTransition(message)
