"""The only way to change a show, an episode, its chapters, its editions or its transcript.

Articles depend on recordings, so every change takes the same steps: lock the articles that cite the recording, save,
recheck their citations, derive their texts again, store their pages, and record the change in their logs. What readers
see under a text that is published, approved or in review is held for a second person (decision 12).
"""

from .approved_recordings import (
    changed_since_approval,
    changes_to,
    require_as_submitted,
    require_reviewed,
    require_unchanged,
    review_digest,
    with_changed_recordings,
)
from .corrections import correct_cue, discard_correction, undo_correction
from .episodes import (
    EpisodeChange,
    change_episode,
    delete_recordings,
    get_or_create_show,
    save_episode,
    save_show,
    save_stretches,
)
from .speakers import rename_file, rename_speakers
from .steps import why_second_person
from .transcripts import ReplacedTranscript, remove_transcript, replace_transcript
