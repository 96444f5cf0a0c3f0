"""Topics, people’s pages, what stands around an article; the language of a text, frozen with it.

SQLite rebuilds the table of revisions for the column and loses its triggers: they are dropped and created again.
"""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

freeze = import_module("articles.migrations.0002_freeze_what_was_submitted")
LANGUAGE = "OLD.status <> 'draft' AND OLD.language IS DISTINCT FROM NEW.language"


def create(apps, schema_editor):
    freeze.create(apps, schema_editor)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER freeze_revision_language BEFORE UPDATE ON articles_revision"
            f" WHEN {LANGUAGE.replace('IS DISTINCT FROM', 'IS NOT')}"
            f" BEGIN SELECT RAISE(ABORT, '{freeze.SUBMITTED}'); END"
        )
        return
    schema_editor.execute(
        f"CREATE FUNCTION freeze_revision_language() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {LANGUAGE} THEN"
        f" RAISE EXCEPTION '{freeze.SUBMITTED}' USING ERRCODE = 'integrity_constraint_violation';"
        " END IF; RETURN NEW; END $$"
    )
    schema_editor.execute(
        "CREATE TRIGGER freeze_revision_language BEFORE UPDATE ON articles_revision"
        " FOR EACH ROW EXECUTE FUNCTION freeze_revision_language()"
    )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS freeze_revision_language")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS freeze_revision_language ON articles_revision")
        schema_editor.execute("DROP FUNCTION IF EXISTS freeze_revision_language()")
    freeze.drop(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0004_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, help_text='The topic’s address. It stays as it is.', max_length=100, unique=True)),
                ('title', models.CharField(max_length=100, unique=True)),
                ('description', models.CharField(blank=True, help_text='What the topic is about, in a sentence: readers see it on its page.', max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.AddField(
            model_name='rendering',
            name='word_count',
            field=models.PositiveIntegerField(default=0, help_text='Of the whole text, for how long it takes to read.'),
        ),
        migrations.AddField(
            model_name='revision',
            name='language',
            field=models.CharField(blank=True, default='', help_text='The language of the text as a tag: pt, pt-BR, ar. Empty: the language of the site.', max_length=35, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\\Z', 'A language is named by its tag, such as pt, pt-BR or zh-Hant.')]),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'published as received'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'took back the schedule of'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed afterwards'), ('accepted_in_part', 'accepted in part'), ('merged', 'brought up to date'), ('protected', 'protected'), ('released', 'released'), ('recording_changed', 'changed the recording under'), ('erased', 'erased the text of'), ('heard', 'heard'), ('heard_taken_back', 'took back having heard'), ('dismissed', 'dismissed a flag'), ('dismissal_taken_back', 'raised a flag again'), ('exempted', 'exempted a part from citations'), ('exemption_taken_back', 'took back an exemption'), ('filed', 'changed the topics of')], max_length=30),
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, help_text='The address of your page.', max_length=100, unique=True)),
                ('name', models.CharField(help_text='Your name as readers see it on the page.', max_length=150)),
                ('about', models.TextField(blank=True, help_text='Who you are and what qualifies you to review, in plain text. An empty line begins a paragraph.', max_length=2000)),
                ('url', models.URLField(blank=True, help_text='Where readers find more about you, if you like.', verbose_name='address')),
                ('is_public', models.BooleanField(default=False, help_text='Shows your page to everybody and links your name to it.', verbose_name='public')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Surroundings',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='articles.article')),
                ('html', models.TextField(default='', help_text='Safe HTML, as it stands under the page.')),
                ('related', models.ManyToManyField(help_text='The articles that it names as related.', related_name='listed_in', to='articles.article')),
            ],
            options={
                'verbose_name_plural': 'surroundings',
            },
        ),
        migrations.AddField(
            model_name='article',
            name='topics',
            field=models.ManyToManyField(blank=True, related_query_name='article', to='articles.topic'),
        ),
        migrations.RunPython(create, drop),
    ]
