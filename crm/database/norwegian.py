"""Norwegian text, folded for finding and for order. Python does it for both databases, since neither does it alike."""

import re
import unicodedata

_FOLDS = str.maketrans({"æ": "a", "ø": "o", "å": "a", "đ": "d", "ß": "ss", "þ": "th", "ð": "d", "ł": "l"})
_DOUBLED = re.compile(r"a[ae]+|oe+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SORTS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "đ": "d", "ł": "l", "ð": "d"})


def _without_accents(value: str) -> str:
    if value.isascii():
        return value
    return "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))


def folded(value: str) -> str:
    """Words for finding: lower case, one blank between, and one form for what people spell in several ways,
    so that *Aas*, *As* and *Ås* meet, as do *Soerumsand* and *Sørumsand*. Same on both databases, since
    neither folds Norwegian letters by itself.
    """
    value = _without_accents(unicodedata.normalize("NFKC", value).casefold()).translate(_FOLDS)
    value = _DOUBLED.sub(lambda found: found.group()[0], value)
    return _NOT_WORD.sub(" ", value).strip()


def sort_key(value: str) -> str:
    """Text whose order by code point is Norwegian: æ ø å after z, aa as å, accents and case aside.

    Kept in a column (`SortKey`) so that one index serves order and paging alike on both databases.
    """
    value = unicodedata.normalize("NFKC", value).casefold().replace("aa", "å").translate(_SORTS)
    return re.sub(r"[^a-z0-9{|}]+", " ", _without_accents(value)).strip()[:200]
