"""What both databases share, and the few places where they differ. Knows nothing of requests."""

from crm.database.base import Base, Binned, SortKey, Timestamped, UtcDateTime, Versioned, now
from crm.database.days import local_day
from crm.database.finding import GIVEN, among, among_texts, word_parameters, words_match
from crm.database.first_words import Groups, first_by_words, groups_of_words, ways_of_words
from crm.database.norwegian import folded, sort_key
from crm.database.transactions import begin_reading, end_reading, engine_options

__all__ = [
    "GIVEN",
    "Base",
    "Binned",
    "Groups",
    "SortKey",
    "Timestamped",
    "UtcDateTime",
    "Versioned",
    "among",
    "among_texts",
    "begin_reading",
    "end_reading",
    "engine_options",
    "first_by_words",
    "folded",
    "groups_of_words",
    "local_day",
    "now",
    "sort_key",
    "ways_of_words",
    "word_parameters",
    "words_match",
]
