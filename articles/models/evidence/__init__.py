"""Evidence for citations: transcripts and automatic checks, and what people decide about them."""

from .checks import Check, LintIssue, SourceIssue, Tally, Transcript
from .judgements import Confirmation, Dismissal, Exemption
