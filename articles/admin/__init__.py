"""The admin: where articles are written and reviewed. Importing it registers every ModelAdmin."""

from .articles.admin import ArticleAdmin
from .articles.topics.admin import TopicAdmin
from .correction_requests.admin import CorrectionRequestAdmin
from .pages.lists import LogEntryAdmin, ReviewAdmin
from .people.accounts import AccountAdmin
from .people.approval_rules import ApprovalRuleAdmin
from .people.groups import GroupsAdmin
from .people.mailboxes import MailboxAdmin
from .people.profiles import ProfileAdmin
from .people.ranks import RankChangeAdmin
from .recordings.episodes.admin import EpisodeAdmin
from .recordings.shows import ShowAdmin
from .review.admin import RevisionAdmin
from .tasks.admin import BackgroundTaskAdmin
