"""What programs put into a message beside what its writer wrote: whom it is forwarded from, history, a signature."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from crm.mail.reading import EMAIL, Person, person
from crm.web.clock import OSLO
from crm.web.forms.fields import tidy

_NAMES = {
    "from": ("fra", "frå", "from"),
    "sent": ("sendt", "sent", "dato", "date"),
    "to": ("til", "to"),
    "copy": (
        "kopi",
        "cc",
        "kopi til",
        "svar til",
        "reply-to",
        "viktighet",
        "importance",
        "vedlegg",
        "attachments",
    ),
    "subject": ("emne", "subject"),
}
_MEANINGS = {word: meaning for meaning, words in _NAMES.items() for word in words}
_FIELD = re.compile(
    rf"(?i)^[ \t]*\*?({'|'.join(sorted(_MEANINGS, key=len, reverse=True))}) ?:\*?[ \t]*(.{{0,1000}})$"
)
_ATTRIBUTION = re.compile(
    r"(?i)^(?=.{0,250}\d[:.]\d{2})(?=.{0,250}\b\d{4}\b|.{0,250}\d\.\d{1,2}\.\d{2}\b).{8,250}\b(skrev|skreiv|wrote)\b.{0,150}:$"
)
_RULE = re.compile(
    r"(?i)^([-_ ]{2,}.{0,40}(forwarded|videresendt|vidaresendt|original|opprinnelig|opphavleg).{0,40}[-_ ]{2,}"
    r"|[-_]{8,}|(begin forwarded message|(start på )?(videresendt|vidaresendt) melding) ?:)$"
)
_QUOTED = re.compile(r"^(> ?)+")
_CLOSING = re.compile(
    r"(?i)^(-- ?$|(med )?(vennlig|vennleg|venleg|venlig|beste?|gode?) (hilsen|helsing)|mvh\b|(hilsen|helsing)\b"
    r"|(with )?(best|kind|warm) regards|regards\b)"
)
_LABELLED = re.compile(r"(?i)\b(mob|mobil|tlf|telefon|tel|phone|ph|m|t)\b[.:]*\s*[+(\d]")
_MOBILE = re.compile(r"(?i)\bmob(il|ile)?\b")
_NOT_CALLED = re.compile(r"(?i)\b(fax|faks|telefaks|org|orgnr|konto|kto|kid|mva)\b")
_DAY_WRITTEN = re.compile(r"\b\d{1,2}[./]\d{1,2}[./](\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b")
_FIRM = re.compile(r"^[\w&.,'’ \-]{2,70} (AS|ASA|ANS|DA|SA|KF|IKS|BA)$")
_PREFIXES = re.compile(r"(?i)^\s*((sv|vs|re|fw|fwd|videresendt|vidaresendt|svar|aw|wg)\s*(\[\d+\])?:\s*)+")
_MONTHS = {
    word: number
    for number, words in enumerate(
        ["jan", "feb", "mar", "apr", "mai may", "jun", "jul", "aug", "sep", "okt oct", "nov", "des dec"], 1
    )
    for word in words.split()
}
_CLOCK = re.compile(r"(?i)\b(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?(?:\s*([ap])\.?m\b)?")
MOST_FIELDS = 12


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that stands within another: who wrote it, and its text. `before` is what stands above it."""

    before: str
    text: str
    sender: Person | None
    name: str
    subject: str
    sent_at: datetime | None


def quoted_from_others(text: str, is_ours: Callable[[str], bool]) -> Quoted | None:
    """The latest message within the text that is not from one of ours."""
    lines = [_QUOTED.sub("", line) for line in text.split("\n")]
    for place, after, fields in _heads(lines):
        sender, name = _who(fields.get("from", ""))
        if (sender is not None and is_ours(sender.email)) or not (sender or name):
            continue
        return Quoted(
            before=without_history("\n".join(_above(lines, place))),
            text="\n".join(lines[after:]).strip(),
            sender=sender,
            name=name,
            subject=fields.get("subject", ""),
            sent_at=moment_written(fields.get("sent", "")),
        )
    return None


def _heads(lines: list[str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Where each message within begins, where its text does, and what its head says."""
    after = 0
    for place, line in enumerate(lines):
        if place < after:
            continue
        found = _FIELD.match(line)
        if found and _MEANINGS[found[1].lower()] in {"from", "sent", "subject"}:
            end, fields = _head(lines, place)
            if "from" in fields and len(fields) >= 3:
                after = end
                yield place, end, fields
        elif length := _attribution(lines, place):
            after = place + length
            yield place, after, {"from": " ".join(lines[place:after])}


def _head(lines: list[str], place: int) -> tuple[int, dict[str, str]]:
    """The lines of a head, to the first empty one; what goes on in the next line belongs to the one before."""
    fields: dict[str, str] = {}
    last, end = "", place
    for line in lines[place : place + MOST_FIELDS]:
        found = _FIELD.match(line)
        if found:
            last = _MEANINGS[found[1].lower()]
            fields.setdefault(last, found[2].strip())
        elif not line.strip() or last not in {"to", "copy"}:
            break
        end += 1
    return end, fields


def _attribution(lines: list[str], place: int) -> int:
    """How many lines say who wrote what follows; 0 where none do. Programs break the line where it gets long."""
    if not re.search(r"\d", lines[place]):
        return 0
    for length in (1, 2, 3):
        if not all(line.strip() for line in lines[place : place + length]):
            return 0
        joined = " ".join(lines[place : place + length]).strip()
        if len(joined) > 400:
            return 0
        if _ATTRIBUTION.match(joined):
            return length
    return 0


def _who(written: str) -> tuple[Person | None, str]:
    """Whose address stands there, and what they are called."""
    found = EMAIL.search(written[:1000])
    if found is None:
        return None, "" if _ATTRIBUTION.match(written) else turned(written)
    before = re.sub(r"(?i)mailto:", "", written[: found.start()])
    if _ATTRIBUTION.match(written):
        before = re.split(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?|\bskr?ei?v\b", before)[-1]
    name = turned(re.sub(r"[<>\[\]\"*]", " ", before).strip(" ,;'("))
    who = person(re.sub(r"(?i)^mailto:", "", found[0]).strip("'*."), name)
    return who, name


def turned(name: str) -> str:
    """A name as people say it: Exchange writes `Nordmann, Ola`."""
    family, comma, given = tidy(name).strip("'\"").partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() and "," not in given else tidy(name)


def _above(lines: list[str], place: int) -> list[str]:
    above = lines[:place]
    while above and (not above[-1].strip() or _RULE.match(above[-1].strip())):
        above.pop()
    return above


def without_history(text: str) -> str:
    return parted(text)[0]


def parted(text: str) -> tuple[str, str]:
    """What was written now, and the earlier messages under it."""
    lines = text.split("\n")
    bare = [_QUOTED.sub("", line) for line in lines]
    place = next((begins for begins, _after, _fields in _heads(bare)), len(lines))
    rest = next(
        (n for n, line in enumerate(lines) if line.startswith(">") and _all_quoted(lines[n:])), len(lines)
    )
    place = min(place, rest)
    return "\n".join(_above(lines, place)).strip(), "\n".join(bare[place:]).strip()


def _all_quoted(lines: list[str]) -> bool:
    return all(line.startswith(">") or not line.strip() for line in lines[:400])


def phone_in(text: str) -> str | None:
    """A telephone number (E.164), rather from the signature than from the text, rather one that says it is one."""
    lines = text[-6_000:].split("\n")
    closing = next((n for n, line in enumerate(lines) if _CLOSING.match(line.strip())), None)
    signature = lines[closing:] if closing is not None else lines[-12:]
    for some in (signature, lines):
        likely = [line for line in some if not _NOT_CALLED.search(line)]
        mobile = [line[found.start() :] for line in likely if (found := _MOBILE.search(line))]
        for line in (*mobile, *filter(_LABELLED.search, likely), *likely):
            for number in PhoneNumberMatcher(_DAY_WRITTEN.sub("x", line[:300]), "NO", Leniency.VALID):
                return str(format_number(number.number, PhoneNumberFormat.E164))
    return None


def firm_in(text: str) -> str:
    """What the signature says of where the writer works: a line that ends as firms' names do."""
    lines = [tidy(line) for line in text[-6_000:].split("\n")]
    closing = next((n for n, line in enumerate(lines) if _CLOSING.match(line)), len(lines))
    return next((line for line in lines[closing:] if _FIRM.match(line)), "")


def without_prefixes(subject: str) -> str:
    return tidy(_PREFIXES.sub("", subject[:1_000]))


def moment_written(words: str) -> datetime | None:
    """When a head says that it was sent, as people's programs write it in Norwegian or English; the clock is ours."""
    words = words[:120].lower()
    clock = _CLOCK.search(re.sub(r"\d{1,2}\.\d{1,2}\.\d{2,4}", lambda day: "x" * len(day[0]), words))
    numbered = re.search(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b", words)
    named = re.search(r"\b(\d{1,2})\.? ([a-z]{3})[a-z]*\.?,? (\d{4})\b", words)
    american = re.search(r"\b([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})\b", words)
    try:
        if numbered:
            d, m, y = (int(one) for one in numbered.groups())
        elif named:
            d, m, y = int(named[1]), _MONTHS[named[2]], int(named[3])
        elif american:
            d, m, y = int(american[2]), _MONTHS[american[1]], int(american[3])
        else:
            return None
        hour, minute = (int(clock[1]), int(clock[2])) if clock else (12, 0)
        if clock and clock[3]:
            hour = hour % 12 + (12 if clock[3] == "p" else 0)
        return datetime(y, m, d, hour, minute, tzinfo=OSLO)
    except (KeyError, ValueError):
        return None
