"""The roles, as groups of permissions."""

from django.contrib.auth.models import Group, Permission

VIEW_AND_WRITE = [
    "view_show", "add_show", "change_show",
    "view_episode", "add_episode", "change_episode",
    "view_chapter", "add_chapter", "change_chapter", "delete_chapter",
    "view_edition", "add_edition", "change_edition", "delete_edition",
    "view_article", "add_article", "change_article",
    "view_revision", "change_revision",
    "view_topic", "view_recordingchange", "share_draft",
]  # fmt: skip
DECIDE = [
    *VIEW_AND_WRITE,
    "review_revision", "publish_revision", "protect_article",
    "view_review", "view_logentry", "view_correctionrequest",
    "add_topic", "change_topic", "delete_topic",
]  # fmt: skip
ADMINISTER = [*DECIDE, "import_received", "override_review", "erase_revision", "delete_show", "delete_episode"]
ADMINISTER += ["view_approvalrule", "add_approvalrule", "change_approvalrule", "delete_approvalrule"]
ADMINISTER += ["view_profile", "change_profile"]  # only to unpublish profiles; nobody writes one for someone else
ADMINISTER += ["view_mailbox"]  # to see whose mail fails; people choose for themselves how often they get mail
ADMINISTER += ["view_backgroundtask", "change_backgroundtask"]  # other people's; everyone has their own
PEOPLE = ["view_user", "add_user", "change_user", "view_group"]

ROLES = {
    "Editors": {"articles": VIEW_AND_WRITE},
    "Moderators": {"articles": DECIDE},
    "Administrators": {"articles": ADMINISTER, "auth": PEOPLE},
}


def ensure_groups():
    """Create the groups or reset them to exactly the permissions listed here; returns how many changed."""
    changed = 0
    for name, by_app in ROLES.items():
        group, created = Group.objects.get_or_create(name=name)
        wanted = _permissions(by_app)
        if created or set(group.permissions.all()) != wanted:
            group.permissions.set(wanted)
            changed += 1
    return changed


def lacking():
    """Return {name of a group: the code names of the permissions listed here that it doesn't have}, if it exists."""
    found = {}
    for name, by_app in ROLES.items():
        wanted = {(app_label, codename) for app_label, codenames in by_app.items() for codename in codenames}
        group = Group.objects.filter(name=name).first()
        given = group.permissions.values_list("content_type__app_label", "codename") if group else wanted
        if missing := wanted - set(given):
            found[name] = sorted(codename for _, codename in missing)
    return found


def _permissions(by_app):
    wanted = set()
    for app_label, codenames in by_app.items():
        permissions = Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
        missing = set(codenames) - {permission.codename for permission in permissions}
        if missing:
            raise LookupError(f"No such permission in {app_label}: {', '.join(sorted(missing))}.")
        wanted |= set(permissions)
    return wanted
