"""What is wrong with a text's citations of one recording as a whole: found, in words, and stored."""

from .compared import found_in_texts, marks_past_the_end
from .finding import CODE, Found, cited_with, find, of_revision
from .past_the_end import PAST_END, PastEnd, checks_of, latest, past_end
from .sources import reported
from .stored import COLUMNS, expected, forget_others, store
from .wording import in_words
