"""An invented talk about ketamine, as long as the episode that the demo article cites.

It says what the article claims in other words, at the times where the real recording does. In between, the speaker
talks about other things.
"""

import random

from articles.core.recordings.transcripts import Cue

DURATION = 6161
CUE_SECONDS = 8

# Text by start second.
SAID = {
    410: "People also take it for fun. At parties it is a recreational drug, people feel dissociated, "
    "and at higher doses they fall into what users call the k-hole. The potential for abuse is real.",
    490: "And I have seen the addiction side of that: somebody uses it often and it harms their work, "
    "their private life, their relationships.",
    524: "Over the last five to ten years, so in the last decade, the use of ketamine in clinics has grown a lot.",
    1150: "What does it do first? It is an NMDA receptor antagonist, meaning it blocks the NMDA receptor.",
    1505: "The striking thing is how fast relief comes: within minutes to hours the symptoms of depression ease, "
    "whereas common antidepressants take weeks or months, and this relief can hold for several days.",
    1716: "It has been tried in bipolar depression, in post-traumatic stress disorder, in obsessive compulsive "
    "disorder, for anxiety, and for several substance addictions, alcohol among them.",
    3361: "BDNF, brain-derived neurotrophic factor, is at the centre: it helps neurons make new connections and adapt.",
    3436: "So the blockade, against what you would expect, raises neuroplasticity: BDNF is released and the circuits "
    "that have to do with mood change, and mood improves with them.",
    5461: "Higher doses are dangerous. They can lead to anaesthesia, hallucinations and dissociation, and together "
    "with alcohol or other substances to an overdose; lasting cognitive impairment has been seen.",
}

FILLER = (
    "mice swim in a tank and we count how long they float before they give up",
    "that reminds me of a student who asked about morning light and breakfast",
    "let us take a step back and look at the tools that a laboratory has for this",
    "you can picture a seesaw with two children of about the same weight on it",
    "serotonin and dopamine each have their own story and we told it elsewhere",
    "there is a paper from the nineties which most people in the field still quote",
    "if you go for a walk after lunch you will notice your eyes relax at the horizon",
    "questions about sleep came up again and again so here is the short answer",
    "one half of the animals got the sugar pellet and the other half got nothing",
    "remember that a cell has a wall and little gates in the wall that open and shut",
    "some of you wrote to me about cold water and I will come back to that in spring",
    "the habenula is a small structure with a long name and a gloomy reputation",
)


def cues():
    """Return the talk in cues of eight seconds."""
    chance = random.Random(7)  # noqa: S311
    spoken = {}
    for start, text in SAID.items():
        words = text.split()
        for number in range(0, len(words), 18):
            spoken[start // CUE_SECONDS + number // 18] = " ".join(words[number : number + 18])
    return [
        Cue(
            float(number * CUE_SECONDS),
            float(min((number + 1) * CUE_SECONDS, DURATION)),
            "Speaker",
            spoken.get(number) or chance.choice(FILLER),
        )
        for number in range(-(-DURATION // CUE_SECONDS))
    ]


def excerpt(moments):
    """Return the cues within half a minute of what is said or of `moments`, in seconds: a sixth of the talk."""
    return [cue for cue in cues() if any(abs(cue.start_seconds - moment) < 30 for moment in (*SAID, *moments))]


def as_vtt(spoken=None):
    """Return the talk, or the given cues, as a WebVTT file."""
    blocks = [
        f"{_clock(cue.start_seconds)} --> {_clock(cue.end_seconds)}\n<v {cue.speaker}>{cue.text}"
        for cue in spoken or cues()
    ]
    return "\n\n".join(["WEBVTT", *blocks]).encode()


def _clock(seconds):
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.000"
