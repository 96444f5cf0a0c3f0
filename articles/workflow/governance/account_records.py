"""Records accounts and groups with every write, by whatever code: Django’s commands, forms and log-in write them, too.

These are the only signal receivers that write rows. They stay below everything else: no code has to remember them, and SQL
doesn’t run them.
"""

from contextlib import ExitStack

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from articles.models import IssuedPassword, Profile
from articles.workflow.history import rows

User = get_user_model()
# What each relation is part of.
RELATIONS = {User.groups.through: User, User.user_permissions.through: User, Group.permissions.through: Group}


def connect():
    """Connect the receivers; called once, when the app is ready."""
    for model in (User, Group):
        pre_save.connect(_before_saving, sender=model, dispatch_uid="record_before_saving")
        post_save.connect(_after_writing, sender=model, dispatch_uid="record_after_saving")
    for model in (User, Group, Permission):
        pre_delete.connect(_before_deleting, sender=model, dispatch_uid="record_before_deleting")
        post_delete.connect(_after_writing, sender=model, dispatch_uid="record_after_deleting")
    for through in RELATIONS:
        m2m_changed.connect(_relation_changed, sender=through, dispatch_uid="record_relation")


def _before_saving(sender, instance, update_fields=None, **kwargs):
    instance.__dict__.pop("_being_recorded", None)  # of a write that failed
    covered = rows.COVERED[sender].columns
    if update_fields is not None and not set(update_fields) & set(covered):
        return  # such as the time of the last log-in
    new = _begin(instance, sender, [instance.pk] if instance.pk else [])
    if sender is Group and Group.objects.filter(pk=instance.pk).exclude(name=instance.name).exists():
        # The record of an account has the names of its groups.
        _begin(instance, User, list(instance.user_set.values_list("pk", flat=True)))
    if not instance.pk:  # it gets its key when it is inserted
        instance._being_recorded.callback(lambda: new.append(instance.pk))


def _before_deleting(sender, instance, **kwargs):
    if sender is User:
        _begin(instance, User, [instance.pk])
        _begin(instance, Profile, list(Profile.objects.filter(user=instance).values_list("pk", flat=True)))
        issued = IssuedPassword.objects.filter(account=instance)
        _begin(instance, IssuedPassword, list(issued.values_list("pk", flat=True)))
    elif sender is Group:
        _begin(instance, Group, [instance.pk])
        _begin(instance, User, list(instance.user_set.values_list("pk", flat=True)))
    else:
        _begin(instance, User, list(instance.user_set.values_list("pk", flat=True)))
        _begin(instance, Group, list(instance.group_set.values_list("pk", flat=True)))


def _relation_changed(sender, instance, action, reverse, pk_set, **kwargs):
    moment, _, change = action.partition("_")
    if moment == "post":
        _after_writing(sender, instance)
        return
    owner = RELATIONS[sender]
    if not reverse:
        keys = [instance.pk]
    elif change == "clear":
        target = next(field for field in sender._meta.fields if field.related_model is type(instance))
        source = next(field for field in sender._meta.fields if field.related_model is owner)
        keys = list(sender._base_manager.filter(**{target.name: instance}).values_list(source.attname, flat=True))
    else:
        keys = list(pk_set)
    _begin(instance, owner, keys)


def _begin(instance, model, keys):
    """Look at the rows before they are written; `_after_writing` records them, and what is added to the list returned."""
    stack = instance.__dict__.setdefault("_being_recorded", ExitStack())
    return stack.enter_context(rows.recorded(model, keys))


def _after_writing(sender, instance, **kwargs):
    stack = instance.__dict__.pop("_being_recorded", None)
    if stack is not None:
        with transaction.atomic():
            stack.close()
