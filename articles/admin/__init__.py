"""The admin: where articles are written and reviewed. Importing it registers every ModelAdmin."""

from .accounts.accounts import AccountAdmin
from .accounts.approval_rules import ApprovalRuleAdmin
from .accounts.groups import GroupsAdmin
from .accounts.mailboxes import MailboxAdmin
from .accounts.profiles import ProfileAdmin
from .accounts.ranks import RankChangeAdmin
from .articles.admin import ArticleAdmin
from .articles.topics.admin import TopicAdmin
from .correction_requests.admin import CorrectionRequestAdmin
from .recordings.episodes.admin import EpisodeAdmin
from .recordings.shows import ShowAdmin
from .review.admin import RevisionAdmin
from .review.record import LogEntryAdmin, ReviewAdmin
from .tasks.admin import BackgroundTaskAdmin
