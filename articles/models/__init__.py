"""The data: recordings, articles and revisions, evidence, reviews and the audit log, discussion, and people."""

from .articles import Article, PreviousSlug
from .checks import Check, Confirmation, Dismissal, Exemption, LintIssue, Tally, Transcript
from .discussion import Comment, CorrectionRequest, Quotation
from .jobs import ScheduledJob
from .log import ChainLink, LogEntry, Review
from .lookups import IntegerIn
from .names import named, same_name, with_name
from .published import Rendering, SearchEntry, TranscriptWindow
from .ranks import RankChange
from .recordings import Chapter, Cue, Edition, Episode, RecordingChange, Show, Stretch
from .revisions import Citation, Contributor, DraftVersion, Link, Revision, Section, Source, may_read_all
from .topics import RelatedArticles, Topic
from .uploads import Upload
from .users import Mailbox, Notice, Presence, Profile, Watch
