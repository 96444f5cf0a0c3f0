"""The permissions that several screens need together."""


def may_add(user):
    return user.has_perm("articles.add_article") and user.has_perm("articles.change_revision")


def may_change(user):
    return user.has_perm("articles.change_article") and user.has_perm("articles.change_revision")
