"""When two names may mean one organisation. Pure."""

from difflib import SequenceMatcher

from crm.database import folded

LEGAL_FORMS = frozenset(
    {"as", "asa", "ans", "da", "enk", "sa", "ba", "ks", "nuf", "iks", "kf", "stiftelsen", "stiftelse"}
)
"""Words that people leave out or add at will, folded."""
ALIKE = 0.84


def core(name: str) -> str:
    """The name's words folded, without its legal form; all of them where nothing else would be left."""
    words = folded(name).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


def likeness(one: str, other: str) -> float:
    """From 0 to 1, of two cores; 1 where they differ only in blanks, and high where one begins with the other."""
    a, b = one.replace(" ", ""), other.replace(" ", "")
    if a == b:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 5 and longer.startswith(f"{shorter} "):
        return 0.9
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
