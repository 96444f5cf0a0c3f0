"""Complete public responses, and the numbers that say whether they are current."""

from django.db import migrations, models


def drop_triggers(apps, schema_editor):
    """Drop what articles/derived/responses/triggers.py makes after each migration: it writes to these tables."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    with schema_editor.connection.cursor() as cursor:
        if is_sqlite:
            cursor.execute("SELECT name, '' FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'count_public_%'")
        else:
            cursor.execute("SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'count_public_%'")
        for name, table in cursor.fetchall():
            schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
            if not is_sqlite:
                schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0028_quick_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicVersion',
            fields=[
                ('scope', models.BigIntegerField(help_text='0: whatever public pages read. Otherwise the key of an article: what its own page consists of.', primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0)),
                ('purged', models.BigIntegerField(default=0, help_text='The number at which the CDN was last told to forget.')),
            ],
            options={
                'verbose_name': 'public version',
                'verbose_name_plural': 'public versions',
            },
        ),
        migrations.CreateModel(
            name='StoredResponse',
            fields=[
                ('key', models.TextField(help_text='Release, scheme, origin, path and query (articles/derived/responses/keys.py).', primary_key=True, serialize=False)),
                ('scope', models.BigIntegerField()),
                ('version', models.BigIntegerField()),
                ('has_query', models.BooleanField()),
                ('stored_at', models.DateTimeField()),
                ('size', models.PositiveIntegerField(help_text='Bytes of the bodies.')),
                ('etag', models.CharField(help_text='Digest of the body, without quotation marks.', max_length=64)),
                ('headers', models.TextField(help_text='One header per line, without those that depend on the coding.')),
                ('brotli', models.BinaryField(null=True)),
                ('gzip', models.BinaryField(null=True)),
                ('body', models.BinaryField(help_text='Empty if there are the compressed ones.', null=True)),
            ],
            options={
                'verbose_name': 'stored response',
                'verbose_name_plural': 'stored responses',
                'indexes': [models.Index(fields=['stored_at', 'has_query', 'size'], name='stored_response_age')],
            },
        ),
        migrations.AlterField(
            model_name='scheduledjob',
            name='name',
            field=models.CharField(choices=[('publishing', 'Publishing'), ('purge', 'Purge'), ('mail', 'Mail'), ('compaction', 'Compaction')], max_length=20, primary_key=True, serialize=False),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
