"""The stored checks of citations, and people's confirmations and dismissals."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.derived.checks import labels, run, status
from articles.importing import import_transcript
from articles.models import Article, Check, Citation, Confirmation, Dismissal, Episode, LogEntry
from articles.workflow import InvalidTransition, NotAllowed
from articles.workflow.content import SectionContent, content_of
from tests.support.databases.shared import shared
from tests.support.factories import make_content, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples.talk import as_vtt, cues

pytestmark = pytest.mark.django_db


@shared
def ketamine():
    make_user("admin", is_superuser=True)
    make_user("editor")
    call_command("load_content", by="admin", editor="editor", verbosity=0)
    return Article.objects.get(slug="ketamine")


@shared
def heard_talk(ketamine):
    import_transcript(Episode.objects.get(), as_vtt(), "talk.vtt")
    return ketamine


def edit(article, editor, old, new):
    """Start a draft of `article` with `old` replaced by `new`."""
    published = article.published_revision
    content = content_of(published)
    sections = tuple(SectionContent(s.heading, s.body.replace(old, new), s.level, s.key) for s in content.sections)
    changed = make_content(**{**vars(content), "sections": sections, "edit_summary": "Edited."})
    return workflow.start_draft(article, changed, by=editor, base=published)


def test_wrong_timestamps_of_the_first_article_are_flagged_and_the_right_ones_are_candidates(heard_talk):
    cited = status.of_revision(heard_talk.published_revision)

    verdict = {citation.start_seconds: citation_status.verdict for citation, citation_status in cited}
    candidates = {
        citation.start_seconds: [at for at, _, _ in citation_status.check.candidates]
        for citation, citation_status in cited
    }
    right = {391: 524, 541: 1150, 2177: 3436}
    assert [verdict[at] for at in (1716, 3361, 5461)] == ["said here"] * 3
    assert [verdict[at] for at in (412, 1484)] == ["said here"] * 2  # the harm is mentioned at 08:10, within 90 s
    assert [verdict[at] for at in right] == ["said nearby", "said elsewhere", "said elsewhere"]
    assert all(any(abs(at - candidate) <= 30 for candidate in candidates[cited]) for cited, at in right.items())


def test_the_proposed_timestamps_of_the_first_article_all_match(heard_talk):
    submitted = heard_talk.revision_set.get(status="submitted")

    verdicts = {citation.start_seconds: row.verdict for citation, row in status.of_revision(submitted)}

    assert set(verdicts.values()) == {"said here"}


def test_a_citation_without_a_transcript_is_not_checked(ketamine):
    cited = status.of_revision(ketamine.published_revision)

    assert {citation_status.verdict for _, citation_status in cited} == {"not checked"}
    assert Check.objects.count() == 0


def test_the_same_claim_at_the_same_moment_shares_one_check(heard_talk):
    shared = Citation.objects.filter(start_seconds=1716)

    assert shared.count() == 2
    assert shared.values("finding").distinct().count() == 1


def test_nothing_is_checked_twice(heard_talk):
    episode = Episode.objects.get()
    before = dict(Check.objects.values_list("pk", "checked_at"))

    again = run.recheck(episode)

    assert again == 0
    assert dict(Check.objects.values_list("pk", "checked_at")) == before


def test_a_new_transcript_rechecks_everything(heard_talk):
    episode = Episode.objects.get()
    shorter = [cue for cue in cues() if cue.start_seconds < 3000]

    import_transcript(episode, as_vtt(shorter), "shorter.vtt")

    episode.refresh_from_db()
    late = Citation.objects.filter(start_seconds=5461).first()
    assert set(Check.objects.filter(citation__isnull=False).values_list("transcript_digest", flat=True)) == {
        episode.transcript_digest
    }
    assert late.finding.verdict not in {"said here", "partly"}


def test_a_new_checker_version_rechecks_everything(heard_talk, settings, monkeypatch):
    episode = Episode.objects.get()
    monkeypatch.setattr("articles.core.evidence.CHECKER_VERSION", 999)

    made = run.recheck(episode)

    assert made == Check.objects.filter(checker_version=999).count() > 0


def test_typing_writes_nothing(heard_talk):
    episode = Episode.objects.get()
    before = Check.objects.count()

    (check,) = run.checks_for(episode, [run.ClaimQuery(1150, None, "It blocks the NMDA receptor.")])

    assert check.verdict == "said here"
    assert Check.objects.count() == before


def test_a_save_takes_as_many_queries_with_many_citations_as_with_one():
    episode = make_episode(duration_seconds=6161)
    import_transcript(episode, as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    editor = make_user()
    counts = []
    make_draft("warm", by=editor, episode=episode)  # the transcript is indexed once
    for number, count in enumerate((1, 9)):
        body = " ".join(f"Mice swim in tank {n} [00:{n:02}:31]." for n in range(1, count + 1))
        with CaptureQueriesContext(connection) as queries:
            make_draft(f"swim-{number}", by=editor, episode=episode, sections=(SectionContent("Tanks", body),))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_confirmation_survives_an_edit_elsewhere(heard_talk):
    editor = make_user("listener")
    (citation, _), *_ = status.of_revision(heard_talk.published_revision)
    confirm(heard_talk, citation, editor)

    draft = edit(heard_talk, editor, "What sets it apart is speed.", "Speed sets it apart.")

    _, citation_status = status.of_revision(draft)[0]
    assert citation_status.confirmation.by_name == "listener"
    assert (citation_status.lapsed, citation_status.lapse) == (None, "")


@pytest.mark.parametrize(
    ("old", "new", "lapse"),
    [
        ("has grown markedly", "has grown slowly", "the sentence has changed"),
        ("[00:06:31]", "[00:08:44]", "the timestamp has changed"),
    ],
)
def test_a_confirmation_lapses_with_its_claim_or_moment(heard_talk, old, new, lapse):
    editor = make_user("listener")
    (citation, _), *_ = status.of_revision(heard_talk.published_revision)
    confirm(heard_talk, citation, editor)

    draft = edit(heard_talk, editor, old, new)

    _, citation_status = status.of_revision(draft)[0]
    assert citation_status.confirmation is None
    assert citation_status.lapsed.by_name == "listener"
    assert citation_status.lapse == lapse


def confirm(article, citation, by):
    return workflow.confirm_citation(
        article,
        by=by,
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
        section_key=citation.section and citation.section.key,
    )


def dismiss(article, citation, by, **kwargs):
    values = {"reason": Dismissal.Reason.PARAPHRASE} | kwargs
    verdict = citation.finding.verdict
    return workflow.dismiss(article, by=by, code=verdict, subject=citation.claim_key, text=citation.claim, **values)


def test_the_published_page_names_who_confirmed_a_citation(heard_talk, client):
    citation, _ = status.of_revision(heard_talk.published_revision)[2]
    before = client.get("/articles/ketamine/").text

    confirm(heard_talk, citation, make_user("listener", first_name="Lis", last_name="Tener"))

    after = client.get("/articles/ketamine/").text
    assert "Confirmed by" not in before
    # Next to the sentence, in the list, at the marker in both strips, and in the table.
    assert after.count("Confirmed by Lis Tener, ") == 5
    assert "1 confirmed by a person</li>" in after


def test_a_confirmation_can_be_withdrawn_once(heard_talk, client):
    citation, _ = status.of_revision(heard_talk.published_revision)[2]
    confirmation = confirm(heard_talk, citation, make_user("listener"))

    workflow.withdraw_confirmation(confirmation, by=make_user("other"))

    assert "Confirmed by" not in client.get("/articles/ketamine/").text
    assert Confirmation.objects.get().withdrawn_by_name == "other"
    with pytest.raises(InvalidTransition, match="already withdrawn"):
        workflow.withdraw_confirmation(confirmation, by=make_user("third"))


def test_a_dismissal_has_a_reason_and_stays_with_its_claim(heard_talk):
    editor = make_user("listener")
    citation, before = next(pair for pair in status.of_revision(heard_talk.published_revision) if pair[1].is_flagged)

    dismiss(heard_talk, citation, editor)

    draft = edit(heard_talk, editor, "belongs under careful", "has to stay under careful")
    same = next(pair for pair in status.of_revision(draft) if pair[0].claim_key == citation.claim_key)
    assert before.is_flagged
    assert not same[1].is_flagged
    assert labels.label_of(same[1]).text.startswith("Paraphrase, according to listener, ")


def test_another_reason_needs_a_note(heard_talk):
    citation, _ = status.of_revision(heard_talk.published_revision)[0]

    with pytest.raises(InvalidTransition, match="Briefly describe"):
        dismiss(heard_talk, citation, make_user("listener"), reason=Dismissal.Reason.OTHER)


def test_a_citation_cannot_be_confirmed_twice(heard_talk):
    citation, _ = status.of_revision(heard_talk.published_revision)[2]
    confirm(heard_talk, citation, make_user("listener"))

    with pytest.raises(InvalidTransition, match="already confirmed this citation"):
        confirm(heard_talk, citation, make_user("other"))


def test_people_who_may_not_edit_may_not_confirm(heard_talk):
    citation, _ = status.of_revision(heard_talk.published_revision)[2]

    with pytest.raises(NotAllowed):
        confirm(heard_talk, citation, make_user("guest", groups=()))


def test_judgements_on_citations_are_in_the_chained_log(heard_talk):
    citation, _ = status.of_revision(heard_talk.published_revision)[2]
    confirmation = confirm(heard_talk, citation, make_user("listener"))
    workflow.withdraw_confirmation(confirmation, by=make_user("other"))

    entries = LogEntry.objects.filter(article=heard_talk).order_by("-number")[:2]

    assert [(entry.action, entry.by_name) for entry in entries] == [
        ("heard_taken_back", "other"),
        ("heard", "listener"),
    ]
    assert entries[1].note.startswith("28:36 “Beyond major depression")
    call_command("verify_history", verbosity=0)


def test_automatic_labels_say_so_and_give_the_date(heard_talk, client):
    html = client.get("/articles/ketamine/").text

    assert html.count("Matches transcript (automatic, ") >= 8  # four citations, each at two places
    assert "Better match at 19:04 (automatic, " in html
    assert "<q" not in html  # the episode does not allow excerpts


def test_an_excerpt_is_public_only_if_the_episode_allows_it(ketamine, client):
    episode = Episode.objects.get()
    episode.allows_excerpts = True
    episode.save()

    import_transcript(episode, as_vtt(), "talk.vtt")

    html = client.get("/articles/ketamine/").text
    assert html.count('<q class="moments__quote"') == 8
    assert all(len(part.split("</q>")[0]) <= 200 for part in html.split('dir="auto">')[1:] if "</q>" in part)


def test_how_we_check_explains_every_label(client):
    html = client.get("/how-we-check/").text

    assert all(f"status--{state}" in html for state in labels.STATES)


def test_a_published_article_without_checks_says_so(client):
    make_published(by=make_user(), moderator=make_moderator(), episode=make_episode())

    html = client.get("/articles/sleep/").text

    assert '<li dir="auto" class="moments__status status status--unchecked">1 not checked</li>' in html


@pytest.mark.parametrize("policy", ["off", "warn", "block"])
def test_a_text_with_too_few_citations_is_refused_only_if_the_policy_blocks_it(settings, policy):
    settings.COVERAGE_POLICY, settings.COVERAGE_TARGET = policy, 0.5
    sections = (SectionContent("Night", "One [00:06:31]. Two is here. Three is here. Four is here."),)
    draft = make_draft(episode=make_episode(), lead="", sections=sections)

    if policy == "block":
        with pytest.raises(workflow.NotReady) as refused:
            workflow.submit(draft, by=draft.author)

        assert len(refused.value.missing) == 1
        assert "25" in refused.value.missing[0]
    else:
        assert workflow.submit(draft, by=draft.author).status == "submitted"


def test_an_exempt_section_does_not_count(settings):
    settings.COVERAGE_POLICY, settings.COVERAGE_TARGET = "block", 0.5
    sections = (SectionContent("Night", "One is here [00:06:31]."), SectionContent("Conclusion", "Two. Three. Four."))
    draft = make_draft(episode=make_episode(), lead="", sections=sections)
    conclusion = draft.section_set.get(heading="Conclusion")

    workflow.exempt(draft.article, by=draft.author, section_key=conclusion.key, reason="It repeats what was cited.")

    assert workflow.submit(draft, by=draft.author).status == "submitted"


def test_erasing_a_text_removes_its_sentences_from_checks_and_confirmations(heard_talk):
    editor, root = make_user("listener"), User.objects.get(username="admin")
    old = heard_talk.published_revision
    (changed, _), *_, (kept, _) = status.of_revision(old)
    for citation in (changed, kept):
        confirm(heard_talk, citation, editor)
    draft = edit(heard_talk, editor, "has grown markedly", "has grown slowly")
    workflow.submit(draft, by=editor)
    workflow.approve(draft, by=make_moderator())
    workflow.publish(draft, by=User.objects.get(username="moderator"))
    waiting = heard_talk.revision_set.get(status="submitted")
    workflow.withdraw(waiting, by=waiting.author)
    for revision in (waiting, old):
        workflow.erase(revision, by=root, reason="A court says so.")

    claims = list(Confirmation.objects.order_by("pk").values_list("claim", flat=True))

    assert claims == ["Erased", kept.claim]
    assert not Check.objects.filter(claim__contains="has grown markedly").exists()
    assert Check.objects.filter(claim=kept.claim).exists()
