"""A text's language: edited, compared, merged, frozen, exported and shown to readers."""

import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from articles import importing, workflow
from articles.admin.editor.forms import ArticleForm
from articles.core import formats
from articles.core.formats import ArticleFile, FormatError
from articles.core.language import tags
from articles.core.revisions import merge
from articles.core.revisions.diff import Kind, Text, apply, compare
from articles.importing.export import export_value
from articles.models import Article, Revision
from articles.templatetags.display import direction
from articles.views import diff
from articles.workflow.content import changes, content_of
from articles.workflow.history import audit_log
from tests.admin.editor.test_forms import errors_of, form_data
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_user,
    publish_by_workflow,
)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("", ""),
        (" PT_br ", "pt-BR"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-Rozaj-1994", "sl-rozaj-1994"),
        ("German", ""),
        ("x", ""),
        ("de-", ""),
        ('de" onclick', ""),
        ("de-" + "-".join(["abcdefgh"] * 5), ""),
    ],
)
def test_language_tags_are_normalised(written, tag):
    assert tags.canonical(written) == tag


@given(st.text(max_size=40))
def test_normalised_tags_stay_the_same(written):
    tag = tags.canonical(written)

    assert tags.canonical(tag) == tag
    assert len(tag) <= tags.LONGEST


@pytest.mark.parametrize(
    ("text", "tag", "runs"),
    [
        ("Ebb", "", "ltr"),
        ("שפל", "", "rtl"),
        ("Ebb", "he", "rtl"),
        ("Ebb", "ar-EG", "rtl"),
        ("שפל", "de", "ltr"),
        ("Ebb", "az-Arab", "rtl"),
        ("שפל", "he-Latn", "ltr"),
        ("ئاۋ", "ku", "rtl"),
        ("av", "ku", "ltr"),
        ("שפל", "no tag", "rtl"),
    ],
)
def test_direction_follows_the_language_or_else_the_script(text, tag, runs):
    assert direction(text, tag) == runs


def test_every_offered_language_is_a_tag():
    assert [tags.canonical(tag) for tag in tags.COMMON] == tags.COMMON


def test_a_change_of_language_counts_as_a_change_about_the_text():
    old, new = Text(title="Ebb", language="de"), Text(title="Ebb", language="pt-BR")

    comparison = compare(old, new)

    (change,) = comparison.changes
    assert (change.scope, change.kinds) == ("language", (Kind.ABOUT,))
    assert apply(comparison, [change.id]) == new
    assert apply(comparison, []) == old


def test_languages_merge_and_conflict():
    base, ours, theirs = (Text(language=tag) for tag in ("", "de", "fr"))

    merged = merge.merge(base, ours, theirs)

    (conflict,) = merged.conflicts
    assert (conflict.place, conflict.base, conflict.ours, conflict.theirs) == ("language", "", "de", "fr")
    assert merge.resolve(merged, {conflict.id: "theirs"}).language == "fr"
    assert merge.merge(base, ours, base).text.language == "de"


def received(**kwargs):
    values = {"name": "ebb", "show_handle": "", "title": "Ebb", "video_id": "", "lead": "Wasser.", "sections": ()}
    return ArticleFile(**values | kwargs)


def test_a_text_without_language_keeps_its_digest():
    assert received().digest() == "97eaca0e7e4a74816700710ddbcc25012fc0f20fa101b529677a0717477f5e7e"
    assert received(language="de").digest() != received().digest()


def test_exports_include_the_language_if_there_is_one():
    article = received(language="pt-BR", is_export=True)

    markdown, as_json = formats.write_markdown(article), formats.write_json(article)

    assert '\nlang: "pt-BR"\n' in markdown
    assert json.loads(as_json)["language"] == "pt-BR"
    assert formats.read(markdown.encode(), "ebb") == article
    assert formats.read(as_json.encode(), "ebb", is_json=True) == article
    assert "lang" not in formats.write_markdown(received()) + formats.write_json(received())


def test_an_invalid_language_is_refused_with_its_line():
    text = formats.write_markdown(received(language="de")).replace('lang: "de"', "lang: German")

    with pytest.raises(FormatError) as refusal:
        formats.read(text.encode(), "ebb")

    assert str(refusal.value) == (
        "line 5: the language “German” must be a tag such as pt, pt-BR or zh-Hant: fix it or leave it out."
    )


@pytest.mark.django_db
def test_the_form_holds_the_language():
    form = ArticleForm(form_data(language="PT-br"))

    assert errors_of(form) == {}
    assert form.content().language == "pt-BR"
    assert ArticleForm(content=form.content()).text["language"].value() == "pt-BR"


@pytest.mark.django_db
def test_the_form_refuses_invalid_tags():
    assert errors_of(ArticleForm(form_data(language="Portuguese"))) == {
        "language": ["Enter a language tag such as pt, pt-BR or zh-Hant."]
    }


@pytest.mark.django_db
def test_drafts_and_published_texts_keep_the_language_and_digests_stay_valid(client):
    editor, moderator = make_user(), make_moderator()
    article = publish_by_workflow(by=editor, moderator=moderator)
    published = article.published_revision

    changed = make_change(article, by=editor, language="de")

    assert "language" not in audit_log.content_value(content_of(published))
    assert audit_log.content_value(content_of(changed))["language"] == "de"
    assert changed.change_kinds == [Kind.ABOUT]
    assert [(one.where, one.tags) for one in diff.compare(published, changed).changes] == [
        ("Language", [("language changed", False)])
    ]

    workflow.publish(workflow.approve(changed, by=moderator), by=moderator)

    assert audit_log.verify(Article.objects.get()) is None
    assert Article.objects.get().published_revision.language == "de"
    assert '"inLanguage":"de"' in client.get("/articles/sleep/").text


@pytest.mark.django_db
def test_labels_around_a_text_follow_the_direction_of_the_site(client):
    publish_by_workflow(
        "ebb", title="שפל", language="he", by=make_user(), moderator=make_moderator(), episode=make_episode()
    )

    page = client.get("/articles/ebb/").text

    assert '<span dir="ltr">editor: “שפל”, revision 1,' in page
    assert '<li dir="auto" class="moments__status' in page


@pytest.mark.django_db
def test_a_part_is_accepted_with_or_without_the_language():
    editor, moderator = make_user(), make_moderator()
    article = publish_by_workflow(by=editor, moderator=moderator)
    proposed = make_change(article, by=editor, language="de", title="Schlaf")
    scopes = {change.scope: change.id for change in changes.compare(proposed.target, proposed).changes}

    part, remainder = workflow.accept_in_part(proposed, [scopes["title"]], by=moderator, comment="It is English.")

    assert (part.title, part.language) == ("Schlaf", "")
    assert (remainder.title, remainder.language) == ("Schlaf", "de")


@pytest.mark.django_db(transaction=True)
def test_the_language_of_a_submitted_text_is_frozen():
    draft = make_draft(language="de")
    Revision.objects.filter(pk=draft.pk).update(language="fr")
    workflow.submit(draft, by=draft.author)

    with pytest.raises(DatabaseError, match="What was submitted is never changed"), transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(language="en")

    draft.refresh_from_db()
    assert (draft.status, draft.language) == ("submitted", "fr")


@pytest.mark.django_db
def test_an_export_that_is_imported_again_changes_nothing():
    article = publish_by_workflow(language="pt-BR")
    importer = make_user("importer", is_superuser=True)
    export = formats.read(formats.write_markdown(export_value(article.published_revision)).encode(), "sleep")

    again = importing.import_article(export, by=importer, known=importing.KnownEpisodes())
    other = importing.import_article(replace(export, language="pt"), by=importer, known=importing.KnownEpisodes())

    assert again.outcome == importing.Outcome.UNCHANGED
    assert (other.outcome, other.revision.language) == (importing.Outcome.CHANGED, "pt")


@pytest.mark.django_db
def test_a_newer_imported_text_keeps_the_language_set_by_an_editor():
    importer, known = make_user("importer", is_superuser=True), importing.KnownEpisodes()
    first = importing.import_article(received(kind="markdown"), by=importer, known=known).revision
    content = replace(content_of(first), language="de")
    workflow.save_draft(first, content, by=importer, version=first.version, received_digest=first.received_digest)

    newer = importing.import_article(received(lead="Mehr Wasser."), by=importer, known=known).revision

    assert (newer.lead, newer.language) == ("Mehr Wasser.", "de")


@pytest.mark.django_db
def test_contents_without_a_language_are_as_before():
    assert make_content().language == ""
    assert content_of(make_draft()).language == ""
