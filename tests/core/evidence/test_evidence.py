import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence import VERDICTS, Transcript
from articles.core.evidence.checker import FLAGGED, HERE
from articles.core.evidence.types import Candidate, ClaimCheck
from articles.core.recordings.transcripts import Cue

# An invented talk about a sleeping drug, “somnadil”: the second at which each passage begins, and its text.
TALK = (
    (0, "Welcome to the program. Today I want to speak about sleep and about a medicine called somnadil."),
    (25, "Before we begin, a word from our sponsor, who makes mattresses of horsehair and wool."),
    (60, "Somnadil was found by accident in a dye works in Lyon, where the workers kept dozing off at noon."),
    (95, "A chemist there, Odile Ferrand, noticed the yellow powder on their sleeves and took some home."),
    (130, "In the first trial forty patients took ten milligrams every evening for six weeks."),
    (165, "Of those, sixty percent fell asleep within twenty minutes, compared with a quarter on placebo."),
    (200, "So where does it act? It binds to the orexin receptor and keeps it quiet, so wakefulness fades."),
    (235, "Orexin is the signal that holds the brain awake, a bit like a hand on a light switch."),
    (270, "People with narcolepsy have lost the cells that make orexin, and that is why they collapse into sleep."),
    (310, "Now the side effects. The common ones are headache, a dry mouth and vivid dreams."),
    (345, "It does not cause weight gain, which was a worry with the older sedatives."),
    (380, "Some people feel dizzy when they stand up, so rise slowly and hold on to the bed."),
    (415, "What about mixing it with alcohol? Please never do that, breathing can slow down dangerously."),
    (450, "The Danish registry followed nine thousand users and counted three cases of that kind."),
    (490, "Let us turn to children. There are no trials under the age of sixteen, none at all."),
    (525, "For older adults we begin with half the dose, because the liver clears it more slowly."),
    (560, "Grapefruit juice blocks the same enzyme in the liver, so leave it out at breakfast."),
    (600, "A different question is light. Morning sunlight moves the inner clock earlier."),
    (640, "Twenty minutes outdoors before nine is worth more than any tablet, in my opinion."),
    (680, "Blue light from screens in the evening delays melatonin by about an hour and a half."),
    (720, "Caffeine has a half life of five hours, so the last cup should be at lunch."),
    (760, "Let me tell you about napping. A nap of twenty minutes sharpens attention in pilots."),
    (800, "Longer naps leave you groggy, and they steal from the pressure to sleep at night."),
    (840, "And temperature: a cool bedroom of eighteen degrees helps the body to lose heat."),
    (880, "A warm bath an hour before does the same, strange as it sounds, because the skin opens up."),
    (920, "Thank you for listening, and sleep well."),
)  # fmt: skip


def cues(talk=TALK, speaker="Host"):
    ends = [start for start, _ in talk[1:]] + [talk[-1][0] + 20]
    return [Cue(float(start), float(end), speaker, text) for (start, text), end in zip(talk, ends, strict=True)]


@pytest.fixture(scope="module")
def transcript():
    return Transcript(cues())


def test_a_correct_citation_is_said_here(transcript):
    check = transcript.check("Somnadil acts by binding to the orexin receptor.", 200)

    assert check.verdict == "said here"
    assert check.matched_words == ("acts", "binding", "orexin", "receptor")
    assert check.missing == ()
    assert check.where is None
    assert check.score > 0.9
    assert check.excerpt.startswith("So where does it act? It binds to the orexin receptor")


@pytest.mark.parametrize("seconds", [195, 199, 200, 205])
def test_a_citation_may_sit_just_before_or_after_its_cue_begins(transcript, seconds):
    assert transcript.check("It binds to the orexin receptor and keeps it quiet.", seconds).verdict == "said here"


def test_a_citation_a_minute_off_is_said_nearby(transcript):
    check = transcript.check("A chemist, Odile Ferrand, noticed the yellow powder on sleeves.", 190)

    assert check.verdict == "said nearby"
    assert check.where == check.candidates[0]
    assert abs(check.where.start_seconds - 95) <= 25


def test_a_citation_far_off_is_said_elsewhere(transcript):
    check = transcript.check("Grapefruit juice blocks the enzyme in the liver.", 130)

    assert check.verdict == "said elsewhere"
    assert (check.where.start_seconds, check.where.end_seconds) == (560, 635)
    assert "Grapefruit juice" in check.where.excerpt
    assert check.score < 0.3


def test_items_of_a_list_are_not_looked_up_one_by_one(transcript):
    check = transcript.check("Common side effects are headache, dry mouth, nausea and vivid dreams.", 310)

    assert (check.verdict, check.missing, check.discrepancies) == ("said here", (), ())


def test_a_whole_list_is_said_here(transcript):
    check = transcript.check("Common side effects are headache, a dry mouth and vivid dreams.", 310)

    assert (check.verdict, check.missing) == ("said here", ())


@pytest.mark.parametrize(
    ("claim", "seconds", "missing"),
    [
        ("In the first trial, 40 patients took 10 mg for six weeks.", 130, ()),
        ("In the first trial, 40 patients took 20 mg for six weeks.", 130, ("20 mg",)),
        ("In the first trial, 400 patients took ten milligrams.", 130, ("400",)),
        ("In the trial forty patients took 10 grams every evening.", 130, ("10 grams",)),
        ("60% of the patients fell asleep within 20 minutes.", 165, ()),
        ("80% of the patients fell asleep within 20 minutes.", 165, ("80%",)),
        ("The Danish registry followed 9,000 users and counted 3 cases.", 450, ()),
        ("The Danish registry followed 90,000 users and counted cases.", 450, ("90,000",)),
    ],
)
def test_a_wrong_number_or_unit_is_partly(transcript, claim, seconds, missing):
    check = transcript.check(claim, seconds)

    assert check.missing == missing
    assert check.verdict == ("partly" if missing else "said here")


def test_a_negation_that_only_the_talk_has_is_partly(transcript):
    check = transcript.check("Somnadil does cause weight gain, unlike older sedatives.", 345)

    assert check.verdict == "partly"
    assert check.missing == ("cause weight gain (denied there)",)


def test_a_negation_that_both_have_is_said_here(transcript):
    check = transcript.check("It does not cause weight gain, unlike the older sedatives.", 345)

    assert (check.verdict, check.missing) == ("said here", ())


def test_a_negation_that_only_the_claim_has_is_partly(transcript):
    check = transcript.check("A cool bedroom does not help the body to lose heat.", 840)

    assert check.verdict == "partly"
    assert check.missing == ("not",)


def test_a_claim_that_is_never_said_is_not_found(transcript):
    check = transcript.check("Insurance companies in Norway refuse to pay for surgery on knees.", 200)

    assert check.verdict == "not found"
    assert check.where is None
    assert check.score < 0.3


def test_a_listener_hears_what_is_said_a_little_later_but_not_long_before(transcript):
    claim = "Somnadil binds to the orexin receptor."

    assert [transcript.check(claim, at).verdict for at in (165, 270)] == ["said here", "said nearby"]


def test_too_little_to_tell_is_neither_found_nor_flagged(transcript):
    check = transcript.check("The brain stays awake because of a chemical messenger.", 200)

    assert check.verdict == "can't tell"
    assert FLAGGED <= check.score < HERE
    assert check.where is None


# An invented talk that says each of these numbers elsewhere, so that none is a discrepancy with the whole recording.
DRIVING = """
Most of the cars on the road today are L2 cars, where the driver watches the traffic and holds the wheel.
The founders filed an 83(b) election in the first month after they received their shares of the company.
During the pandemic of COVID nineteen the factories of the company stood still for the whole spring.
The assistant in the dashboard runs on GPT four and answers every question of the driver in a second.
The company sold forty cars in that spring, in nineteen ninety, and the price rose by fifty percent.
"""


@pytest.mark.parametrize(
    ("claim", "line", "missing"),
    [
        ("Cars on the road are Level 2 cars: the driver watches the traffic and holds the wheel.", 0, ()),
        ("Founders filed an 83b election in the month after they received shares.", 1, ()),
        ("Factories of the company stood still in the COVID-19 pandemic in spring.", 2, ()),
        ("During COVID-40 the factories of the company stood still for the spring.", 2, ()),
        ("The assistant in the dashboard runs on GPT-4 and answers every question.", 3, ()),
        ("The assistant in the dashboard runs on GPT-40 and answers every question.", 3, ()),
        *(
            (f"In {label} 40 founders filed an election in the month after they received shares of the company.", 1, ())
            for label in ("step", "phase", "part", "stage", "chapter", "type")
        ),
        ("Founders filed 40 elections in the month after they received shares.", 1, ("40",)),
        ("Founders filed an election in the 1990s, a month after they received shares.", 1, ("1990",)),
        ("Founders filed an election at level 50% in the month after they received shares.", 1, ("50%",)),
    ],
)
def test_the_number_of_a_label_or_name_is_no_figure(claim, line, missing):
    spoken = Transcript(
        [Cue(at * 200.0, at * 200.0 + 60, "", text) for at, text in enumerate(DRIVING.split("\n")[1:-1])]
    )

    check = spoken.check(claim, line * 200)

    assert check.missing == missing
    assert check.verdict == ("partly" if missing else "said here")


def test_too_little_to_tell_stays_so_with_a_discrepancy(transcript):
    check = transcript.check("The brain stays awake because of a chemical messenger of 77 atoms.", 200)

    assert (check.verdict, [found.text for found in check.discrepancies]) == ("can't tell", ["77"])


def test_a_citation_past_the_end_has_no_score(transcript):
    check = transcript.check("It binds to the orexin receptor.", 5000)

    assert (check.verdict, check.score, check.excerpt) == ("said elsewhere", 0.0, "")
    assert check.where.start_seconds == 210  # the second sentence of a cue that begins at 200


def test_nothing_is_said_against_a_claim_where_the_transcript_has_nothing(silences_count):
    begin = [Cue(10.0 * number, 10.0 * number + 9, "", "The owls hunt at night.") for number in range(60)]
    end = [Cue(3000.0 + 10 * number, 3009.0 + 10 * number, "", "The gulls hunt by day.") for number in range(60)]
    claim = "This is the receptor that is called TrkB in the cell."

    holed = Transcript([*begin, *end])
    checks = {second: holed.check(claim, second) for second in (300, 540, 580, 900, 2980, 3000, 3610, 5000)}

    assert {second: check.verdict for second, check in checks.items()} == {
        300: "not found",
        540: "not found",
        580: "can't tell",  # most of what a listener hears from there on isn't in the transcript
        900: "can't tell",
        2980: "not found",
        3000: "not found",
        3610: "not found",
        5000: "can't tell",  # after the end
    }
    assert checks[900].reason == "the transcript has nothing there"
    assert {check.discrepancies for check in checks.values()} == {()}  # who knows whether the rest says “TrkB”?
    assert [found.text for found in Transcript(begin).check(claim, 300).discrepancies] == ["TrkB"]
    assert holed.check("The gulls hunt by day.", 900).verdict == "said elsewhere"


@pytest.mark.parametrize("text", ["[Music]", "And with that, good night to all of you. " * 10])
def test_a_last_cue_that_goes_on_for_minutes_has_nothing_after_its_words(silences_count, text):
    talk = [Cue(10.0 * number, 10.0 * number + 9, "", "The owls hunt at night.") for number in range(360)]
    claim = "This is the receptor that is called TrkB in the cell."

    transcript = Transcript([*talk, Cue(3600.0, 4400.0, "", text)])
    after, before = transcript.check(claim, 3750), transcript.check(claim, 300)

    assert (after.verdict, after.reason) == ("can't tell", "the transcript has nothing there")
    assert after.discrepancies == ()
    assert [found.text for found in before.discrepancies] == ["TrkB"]  # the rest isn't missing


def test_context_tells_what_a_claim_is_about(transcript):
    without = transcript.locate("It takes only twenty minutes.")
    with_context = transcript.locate("It takes only twenty minutes.", context="Napping. Attention of pilots.")

    assert with_context[0].start_seconds == 773  # the sentence after “Let me tell you about napping.”
    assert without[0] != with_context[0]


def test_a_suggestion_starts_at_the_sentence_that_says_it():
    sentences = [sentence for _, text in TALK for sentence in re.findall(r"[^.?]+[.?]", text)]
    words = [(number, word) for number, sentence in enumerate(sentences) for word in sentence.split()]
    lines = [words[at : at + 4] for at in range(0, len(words), 4)]
    talk = [(2 * at, " ".join(word for _, word in line)) for at, line in enumerate(lines)]
    start = next(second for second, text in talk if text.startswith("Danish") or " Danish" in text)

    for punctuated in (True, False):
        plain = talk if punctuated else [(at, text.lower().replace(".", "").replace("?", "")) for at, text in talk]
        [candidate] = Transcript(cues(plain)).locate("A Danish registry followed users and counted cases.", 1)
        assert abs(candidate.start_seconds - start) <= 2
        first = candidate.excerpt.removeprefix("… ").split()[0]
        assert not punctuated or first[0].isupper()


def test_candidates_are_distinct_moments_best_first(transcript):
    candidates = transcript.locate("The liver clears it more slowly.", limit=3)

    assert len(candidates) == 3
    assert candidates[0].start_seconds <= 530 <= candidates[0].end_seconds
    assert [candidate.score for candidate in candidates] == sorted(
        (candidate.score for candidate in candidates), reverse=True
    )
    starts = sorted(candidate.start_seconds for candidate in candidates)
    assert all(after - before > 20 for before, after in pairwise(starts))
    assert all(candidate.start_seconds == int(candidate.start_seconds) for candidate in candidates)


def test_a_range_is_checked_over_its_whole_length(transcript):
    claim = "Caffeine has a half life of five hours."

    assert transcript.check(claim, 600).verdict == "said nearby"
    assert transcript.check(claim, 600, 740).verdict == "said here"


def test_misheard_names_count_as_said(transcript):
    check = transcript.check("Odile Ferand noticed the yellow powder.", 95)

    assert check.matched_words == ("Odile", "Ferand", "noticed", "yellow", "powder")
    assert check.verdict == "said here"


def test_fine_and_coarse_cues_give_the_same_verdicts():
    fine = [
        Cue(cue.start_seconds + 2.0 * i, cue.start_seconds + 2.0 * i + 2, "", " ".join(words[i * 4 : i * 4 + 4]))
        for cue in cues()
        for words in [cue.text.lower().replace(",", "").replace(".", "").split()]
        for i in range(-(-len(words) // 4))
    ]
    coarse = [
        Cue(a.start_seconds, b.end_seconds, "", f"{a.text} {b.text}")
        for a, b in zip(cues()[::2], cues()[1::2], strict=True)
    ]

    for transcript in (Transcript(fine), Transcript(coarse)):
        assert transcript.check("It binds to the orexin receptor.", 200).verdict == "said here"
        assert transcript.check("Grapefruit juice blocks an enzyme in the liver.", 130).verdict == "said elsewhere"
        assert transcript.check("Knee surgery in Norway is refused by insurers.", 200).verdict == "not found"


def test_cues_with_the_same_time_are_spread_over_the_long_cue_before_them():
    broken = [Cue(0.0, 420.0, "", TALK[0][1]), *(Cue(420.0, 421.0, "", text) for _, text in TALK[1:13])]
    broken += cues()[13:]

    candidates = Transcript(broken).locate("Orexin holds the brain awake, like a hand on a light switch.", 1)

    assert 150 < candidates[0].start_seconds < 300


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("", "the claim has no words to look for"),
        ("It is.", "the claim has no words to look for"),
        ("睡眠薬は脳の受容体に結合する。", "the claim and the transcript are not in the same language"),
        (
            "Der Wirkstoff bindet sich fest an Rezeptoren im Gehirn und dämpft dadurch deren Tätigkeit.",
            "the claim and the transcript are not in the same language",
        ),
        (  # “die”, “also” and “am” are English words, too
            "Am Abend ist die Wirkung also so stark, dass man die Augen nicht mehr offen hält.",
            "the claim and the transcript are not in the same language",
        ),
    ],
)
def test_what_cannot_be_compared_is_not_checked(transcript, claim, reason):
    assert transcript.check(claim, 200) == ClaimCheck("not checked", reason=reason)
    assert transcript.locate(claim) == []


@pytest.mark.parametrize("nothing", [[], [Cue(0.0, 5.0, "", "")], [Cue(0.0, 5.0, "", "[music]")]])
def test_without_words_there_is_no_transcript(nothing):
    check = Transcript(nothing).check("It binds to the receptor.", 3)

    assert check == ClaimCheck("not checked", reason="there is no transcript")


GERMAN = (
    (0, "Heute sprechen wir über die Gezeiten und darüber, warum das Meer zweimal am Tag steigt."),
    (30, "Der Mond zieht das Wasser an, und auf der anderen Seite der Erde entsteht ein zweiter Flutberg."),
    (60, "Die Fischer an der Küste rechnen seit Jahrhunderten mit Springflut und Nippflut."),
    (300, "Ein Kraftwerk in der Bretagne gewinnt seit langem Strom aus dem Tidenhub der Mündung."),
    (330, "Die Turbinen drehen sich in beide Richtungen, bei Ebbe und bei Flut."),
)
JAPANESE = (
    (0, "今日は潮の満ち引きについて話します。海は一日に二回上がります。"),
    (30, "月が水を引き寄せるので、地球の反対側にも満潮が生まれます。"),
    (300, "フランスの発電所は潮の差から電気を作っています。"),
)


@pytest.mark.parametrize(
    ("talk", "claim", "seconds", "verdict"),
    [
        (GERMAN, "Das Kraftwerk in der Bretagne gewinnt Strom aus dem Tidenhub.", 300, "said here"),
        (GERMAN, "Das Kraftwerk in der Bretagne gewinnt Strom aus dem Tidenhub.", 30, "said elsewhere"),
        (GERMAN, "The tidal power station turns in both directions.", 330, "not checked"),
        (JAPANESE, "月が水を引き寄せる", 30, "said here"),
        (JAPANESE, "発電所は潮の差から電気を作る", 30, "said elsewhere"),
        (JAPANESE, "The moon attracts the water of the sea.", 30, "not checked"),
    ],
)
def test_other_languages_are_compared_by_their_plain_words(talk, claim, seconds, verdict):
    assert Transcript(cues(talk)).check(claim, seconds).verdict == verdict


# What is said of nicotine is written in digits, of cocaine in words, and the summary at the end repeats both in digits.
DRUGS = (
    (0, "Welcome. Today we compare how strongly several drugs act on the messenger substance of reward."),
    (60, "Nicotine raises it to two and a half times above baseline, if only very briefly, and people crave more."),
    (120, "Then cocaine. Cocaine will increase the level in the bloodstream two and a half times above baseline."),
    (180, "Amphetamine, which is sold under many names, gives about 10 times as much for some hours."),
    (300, "Chess players and climbers have told us that they feel something similar, and quite without any of it."),
    (420, "The weather was nice on the day of that race, and the walkers doubled their pace."),
    (600, "In the next part we look at cold water, which many people fear and which takes some getting used to."),
    (900, "To sum up: 2.5 times above baseline, cocaine. 2.5 times, nicotine. And then there is chocolate."),
)


@pytest.fixture(scope="module")
def drugs():
    return Transcript(cues(DRUGS))


@pytest.mark.parametrize(
    ("claim", "seconds", "missing"),
    [
        ("Cocaine increases the level by about 2.5 times, much like nicotine, but with a rapid rise", 120, ()),
        ("Cocaine increases the level two and a half times above baseline.", 120, ()),
        ("Cocaine increases the level 2.5-fold above baseline.", 120, ()),
        ("Nicotine raises it to 250% of baseline.", 60, ()),
        ("Amphetamine gives a tenfold amount for some hours.", 180, ()),
        ("The walkers increased their pace two times on the day of the race.", 420, ()),
        ("Cocaine increases the level three times above baseline.", 120, ("three times",)),
        ("Cocaine increases the level sevenfold above baseline.", 120, ("sevenfold",)),
        ("Cocaine increases the level 4x above baseline.", 120, ("4x",)),
        ("Amphetamine gives five percent as much for some hours.", 180, ("five percent",)),
        ("The walkers increased their pace four times on the day of the race.", 420, ("four times",)),
    ],
)
def test_a_factor_is_looked_up_however_it_is_written(drugs, claim, seconds, missing):
    check = drugs.check(claim, seconds)

    assert (check.verdict, check.missing) == ("partly" if missing else "said here", missing)


def test_checks_are_deterministic():
    claim, context = "Morning sunlight moves the inner clock.", "Light."

    assert Transcript(cues()).check(claim, 600, None, context) == Transcript(cues()).check(claim, 600, None, context)


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_long_recording_that_repeats_itself_is_indexed(count):
    terms = [f"word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(60)]
    texts = [" ".join(terms[i::count]) for i in range(count)]

    transcript = Transcript([Cue(60.0 * i, 60.0 * i + 60, "", texts[i % count]) for i in range(120)])

    assert transcript.locate(f"{terms[0]} {terms[count]}", 1) != []


WORDS = {word for _, text in TALK for word in text.lower().replace(",", "").replace(".", "").split()}
SNIPPETS = [
    "the", "not", "10", "ten", "%", "$", "5mg", ",", "and", "or", "sleep", "brain", "a.", "月が水", "“no”", "1e9",
    "99999999999999999999", "[x]", "é", "٣", "²", "½",
]  # fmt: skip
NUMBERS = st.floats() | st.integers(-10, 10_000).map(float)
TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(SNIPPETS),
    max_size=20,
).map(" ".join)
CUES = st.lists(st.builds(Cue, NUMBERS, NUMBERS, st.text(max_size=3), TEXTS), max_size=12)


@given(CUES, TEXTS, NUMBERS, st.none() | NUMBERS, TEXTS)
def test_a_check_never_raises_and_scores_are_shares(transcript_cues, claim, start, end, context):
    transcript = Transcript(transcript_cues)

    check = transcript.check(claim, start, end, context)

    assert check.verdict in VERDICTS
    assert 0.0 <= check.score <= 1.0
    assert check.candidates == tuple(transcript.locate(claim, context=context))
    assert all(
        0.0 <= candidate.score <= 1.0 and 0.0 <= candidate.start_seconds < candidate.end_seconds
        for candidate in check.candidates
    )
    assert check == Transcript(transcript_cues).check(claim, start, end, context)
    assert not check.missing or check.verdict == "partly"
    assert check.verdict != "partly" or check.missing or check.discrepancies
    assert not check.discrepancies or check.verdict != "said here"
    assert (check.where is not None) == (check.verdict in ("said nearby", "said elsewhere"))


@given(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=12).map(" ".join), st.integers(0, 940))
def test_a_citation_that_is_moved_to_the_better_match_is_not_flagged_again(claim, seconds):
    transcript = Transcript(cues())
    check = transcript.check(claim, seconds)

    assert not [candidate for candidate in check.candidates if candidate.excerpt.startswith("…")]  # mid-sentence
    if check.where:
        moved = transcript.check(claim, check.where.start_seconds)
        assert moved.verdict in ("said here", "partly", "can't tell")


@given(TEXTS, st.integers(0, 940))
def test_any_claim_on_the_talk_gives_finite_figures(claim, seconds):
    check = Transcript(cues()).check(claim, seconds)

    assert all(
        isinstance(candidate, Candidate) and math.isfinite(candidate.end_seconds) for candidate in check.candidates
    )
