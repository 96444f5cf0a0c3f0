"""The roles, as groups of permissions."""

from django.contrib.auth.models import Group, Permission

VIEW_AND_WRITE = [
    "view_show", "add_show", "change_show",
    "view_episode", "add_episode", "change_episode",
    "view_chapter", "add_chapter", "change_chapter", "delete_chapter",
    "view_edition", "add_edition", "change_edition", "delete_edition",
    "view_article", "add_article", "change_article",
    "view_revision", "change_revision",
    "view_topic",
]  # fmt: skip
DECIDE = [
    *VIEW_AND_WRITE,
    "review_revision", "publish_revision", "protect_article",
    "view_review", "view_logentry", "view_correctionrequest",
    "add_topic", "change_topic", "delete_topic",
]  # fmt: skip
ADMINISTER = [*DECIDE, "import_received", "override_review", "erase_revision", "delete_show", "delete_episode"]
ADMINISTER += ["view_profile", "change_profile"]  # to take one down; nobody writes for another
PEOPLE = ["view_user", "add_user", "change_user", "view_group"]

ROLES = {
    "Editors": {"articles": VIEW_AND_WRITE},
    "Moderators": {"articles": DECIDE},
    "Administrators": {"articles": ADMINISTER, "auth": PEOPLE},
}


def ensure_groups():
    """Make the groups, or give them exactly the permissions named here; how many of them changed."""
    changed = 0
    for name, by_app in ROLES.items():
        group, created = Group.objects.get_or_create(name=name)
        wanted = set()
        for app_label, codenames in by_app.items():
            found = Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
            missing = set(codenames) - {permission.codename for permission in found}
            if missing:
                raise LookupError(f"No such permission in {app_label}: {', '.join(sorted(missing))}.")
            wanted |= set(found)
        if created or set(group.permissions.all()) != wanted:
            group.permissions.set(wanted)
            changed += 1
    return changed
