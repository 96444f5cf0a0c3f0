"""The data: recordings, articles and revisions, evidence, reviews and the audit log, discussion, and people."""

from .approvals import ApprovalRule
from .articles import WITHHELD, Article, PreviousSlug
from .discussion import Comment, CorrectionRequest, FollowUp, Quotation
from .evidence import Check, Confirmation, Dismissal, Exemption, LintIssue, SourceIssue, Tally, Transcript
from .jobs import ScheduledJob
from .log import ChainLink, LogEntry, Review, RowRecord
from .lookups import IntegerIn
from .margin import CommentedPassage, SuggestedEdit
from .names import named, same_name, with_name
from .people import IssuedPassword, Mailbox, Notice, Presence, Profile, RankChange, SavedView, Upload, Watch
from .published import Rendering, SearchEntry, TranscriptWindow
from .recordings import Chapter, Cue, Edition, Episode, RecordingChange, Show, Stretch
from .responses import PublicVersion, StoredResponse
from .revisions import Citation, Contributor, DraftVersion, ImageUse, Link, Revision, Section, Source, may_read_all
from .sharing import DraftLink, GuestComment
from .tasks import BackgroundTask, TaskFilePart
from .topics import RelatedArticles, Topic
