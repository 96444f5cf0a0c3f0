"""A migration of what models say about themselves: labels, help, choices and messages, which no database stores."""

from django.db import migrations


class Labels(migrations.Migration):
    """Takes all its operations at once: of each alone, Django would make the model and all related ones again."""

    def mutate_state(self, project_state, preserve=True):
        state = project_state.clone() if preserve else project_state
        state.__dict__.pop("apps", None)  # made again when the next migration needs them
        return super().mutate_state(state, preserve=False)

    def apply(self, project_state, schema_editor, collect_sql=False):
        return self.mutate_state(project_state, preserve=False)

    def unapply(self, project_state, schema_editor, collect_sql=False):
        return project_state
