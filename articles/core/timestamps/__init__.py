"""Parses and formats timestamps, and finds the citation marks of a text: `[00:06:31]`."""

from .addresses import recording_of, youtube_video
from .attempts import Malformed
from .characters import UNSEEN, seen, seen_address
from .clock import format_iso, format_label, format_timestamp, one_field_lower
from .code import code_spans, indented_code, is_escaped
from .grammar import CLOCK_PATTERN, EXAMPLE, Form, Time, TimestampError, parse_time, parse_typed
from .intended import Intended, find_intended
from .lines import Lines
from .marks import Mark, Moment, find_marks, format_mark
from .references import DistantLink, distant_links, link_targets
