"""Who wrote what: each part of a text with the revision that wrote it, and who confirmed its citations."""

from dataclasses import replace

import pytest
from django.urls import reverse

from articles import workflow
from articles.admin.articles.comparing import views
from articles.models import Article, Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

SLEEP, WASTE = "At night the brain clears its waste [00:06:31].", "It takes five hours [00:08:44]."


def address(article):
    return reverse("admin:articles_article_blame", args=[article.pk])


def publish(article, by, moderator, body, *, base=None, lead=None):
    """Publish `body` as the first section, by `by`, started from `base` (default: what is published)."""
    article = Article.objects.get(pk=article.pk)
    base = base or article.published_revision
    content = content_of(base)
    first = replace(content.sections[0], body=body)
    lead = content.lead if lead is None else lead
    content = replace(content, sections=(first, *content.sections[1:]), edit_summary="Changed.", lead=lead)
    draft = workflow.start_draft(article, content, by=by, base=base)
    workflow.submit(draft, by=by)
    workflow.publish(workflow.approve(Revision.objects.get(pk=draft.pk), by=moderator), by=moderator)
    return Revision.objects.get(pk=draft.pk)


@pytest.fixture
def article(people):
    sections = (SectionContent("Waste", f"{SLEEP} {WASTE}"),)
    return make_published(episode=make_episode(), lead="A lead.", sections=sections, **people)


def blamed(user, article, **query):
    """Return [(texts, number of the revision, author, number of the revision of its citations or None)]."""
    response = logged_in(user).get(address(article), query)
    return [
        (
            [text for _, text in stretch.pieces],
            stretch.writing.revision.number,
            stretch.writing.revision.author_name,
            stretch.citing and stretch.citing.revision.number,
        )
        for stretch in response.context["stretches"]
    ]


def test_each_stretch_names_its_revision_and_its_author(article, people):
    second = make_user("second")
    publish(article, second, people["moderator"], f"{SLEEP.replace('06:31', '06:40')} {WASTE} It is so every night.")

    title = article.published_revision.title
    assert blamed(people["by"], article) == [
        ([title, "A lead."], 1, people["by"].username, None),
        (["Waste"], 1, people["by"].username, None),
        ([SLEEP.replace("06:31", "06:40")], 1, people["by"].username, 2),
        ([WASTE], 1, people["by"].username, None),
        (["It is so every night."], 2, "second", None),
    ]


def test_it_leads_to_the_revision_and_to_what_it_changed(article, people):
    second = publish(article, make_user("second"), people["moderator"], "It is so every night.")

    text = logged_in(people["by"]).get(address(article)).text

    assert reverse("admin:articles_revision_change", args=[second.pk]) in text
    assert f'href="/admin/articles/article/{article.pk}/compare/?old=1&amp;new=2"' in text


def test_a_restored_text_is_of_those_who_wrote_it(article, people):
    first = article.published_revision
    publish(article, make_user("second"), people["moderator"], "Nonsense.")
    publish(article, make_user("third"), people["moderator"], f"{SLEEP} {WASTE}", base=first)

    assert {number for _, number, _, _ in blamed(people["by"], article)} == {1}


def test_any_text_that_may_be_read_can_be_asked_about(article, people):
    by = people["by"]
    draft = workflow.start_draft(
        article,
        replace(content_of(article.published_revision), lead="Another lead."),
        by=by,
        base=article.published_revision,
    )
    workflow.save_draft(draft, replace(content_of(draft), lead="A third lead."), by=by, version=draft.version)

    def lead_of(user, ref):
        return blamed(user, article, text=ref)[1][:2]

    assert lead_of(by, "2") == (["A third lead."], 2)
    assert lead_of(by, "2.1") == lead_of(people["moderator"], "2.1") == (["Another lead."], 2)
    assert blamed(by, article, text="1")[0][0][1] == "A lead."
    other = logged_in(make_user("third"))
    assert other.get(address(article), {"text": "2"}).status_code == 200
    assert other.get(address(article), {"text": "2.1"}).status_code == 404
    assert other.get(address(article), {"text": "9"}).status_code == 404


def test_it_says_who_confirmed_which_citation(article, people):
    citation = article.published_revision.citation_set.get(start_seconds=391)
    workflow.confirm_citation(
        article,
        by=people["moderator"],
        episode=citation.episode,
        start_seconds=391,
        end_seconds=None,
        claim=citation.claim,
        section_key=citation.section.key,
    )

    response = logged_in(people["by"]).get(address(article))

    lines = [
        (line.label, line.confirmed.partition(",")[0])
        for stretch in response.context["stretches"]
        for line in stretch.citations
    ]
    assert lines == [("06:31", "Confirmed by moderator"), ("08:44", "")]
    assert response.text.count("Not confirmed:") == 1


def test_people_who_contributed_are_named_too(people):
    draft = make_draft(by=people["by"], lead="One lead.")
    workflow.save_draft(draft, replace(content_of(draft), lead="Two leads."), by=make_user("second"), version=1)

    assert f"<b>{people['by'].username}</b> with second," in logged_in(people["by"]).get(address(draft.article)).text


def test_what_an_erased_revision_may_have_written_is_said_to_be_uncertain(article, people):
    moderator = people["moderator"]
    erased = publish(article, make_user("second"), moderator, f"{SLEEP} Private words of somebody.")
    publish(article, make_user("third"), moderator, f"{SLEEP} It is so every night.")
    workflow.erase(erased, by=make_user("root", is_superuser=True), reason="A court.")

    response = logged_in(people["by"]).get(address(article))

    found = {stretch.pieces[-1][1]: stretch.writing for stretch in response.context["stretches"]}
    assert (found[SLEEP].revision.number, found[SLEEP].erased) == (1, ())
    assert found["It is so every night."].erased == (2,)
    assert response.text.count("Perhaps in revision 2, whose text was erased.") == 1
    assert "Private words" not in response.text


def test_an_erased_text_says_so(article, people):
    publish(article, make_user("second"), people["moderator"], "It is so every night.")
    workflow.erase(article.revision_set.get(number=1), by=make_user("root", is_superuser=True), reason="A court.")

    response = logged_in(people["by"]).get(address(article), {"text": "1"})

    assert "Text of revision 1 erased: A court." in response.text
    assert response.context["stretches"] == []


def test_a_suppressed_name_is_withheld(article, people):
    publish(article, make_user("second"), people["moderator"], "It is so every night.")

    workflow.suppress_name("second", by=make_user("root", is_superuser=True))

    text = logged_in(people["by"]).get(address(article)).text
    assert "<b>name withheld</b>" in text
    assert "second" not in text


def test_texts_are_escaped(people):
    article = make_published(lead="<script>alert(1)</script> & more", **people)

    text = logged_in(people["by"]).get(address(article)).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text


def test_a_long_text_has_pages(article, people, monkeypatch):
    monkeypatch.setattr(views, "SENTENCES_PER_PAGE", 2)

    assert [texts for texts, *_ in blamed(people["by"], article, page="2")] == [["Waste", SLEEP]]
    assert "Page 2 of 3" in logged_in(people["by"]).get(address(article), {"page": "2"}).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_constant(people, django_assert_num_queries, count):
    sections = tuple(
        SectionContent(f"Part {n}", f"It takes {n} hours [00:06:31]. Yes [00:07:00].") for n in range(count)
    )
    article = make_published(episode=make_episode(), sections=sections, **people)
    second = make_user("second")
    for number in range(count):
        publish(article, second, people["moderator"], f"It takes 9{number} hours [00:08:44].")
    client = logged_in(people["by"])
    client.get(address(article))

    with django_assert_num_queries(17):
        assert client.get(address(article)).status_code == 200
