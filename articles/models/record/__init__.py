"""The permanent record: reviews, the audit log, row records and the chain over them. Rows are added, never changed."""

from .chain import ChainLink, RowRecord
from .log import LogEntry
from .reviews import Review
