"""The data: recordings, articles and revisions, evidence, reviews and the audit log, discussion, and accounts."""

from .accounts import IssuedPassword, Mailbox, Notice, Presence, Profile, RankChange, SavedView, Upload, Watch
from .approvals import ApprovalRule
from .articles import TOMBSTONE, WITHHELD, Article, PreviousSlug, RelatedArticles, Topic
from .discussion import (
    Comment,
    CommentedPassage,
    CorrectionRequest,
    DraftLink,
    FollowUp,
    GuestComment,
    Quotation,
    SuggestedEdit,
)
from .evidence import Check, Confirmation, Dismissal, Exemption, LintIssue, SourceIssue, Tally, Transcript
from .lookups import named, same_name, with_name
from .published import Rendering, SearchEntry, TranscriptWindow
from .record import ChainLink, LogEntry, Review, RowRecord
from .recordings import Chapter, Cue, Edition, Episode, RecordingChange, Show, Stretch
from .responses import PublicVersion, StoredResponse
from .revisions import Citation, Contributor, DraftVersion, ImageUse, Link, Revision, Section, Source, may_read_all
from .tasks import BackgroundTask, ScheduledJob, TaskFilePart
