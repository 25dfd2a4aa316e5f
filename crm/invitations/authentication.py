"""Whether a message comes from whom it says: by the checks of our own mail server, or by the sender's signature."""

import re
from collections.abc import Callable
from functools import partial

import dkim
import structlog
from dkim.dnsplug import get_txt

from crm.invitations.models import Proof
from crm.invitations.reading import Opened
from crm.organisations.queries.by_address import domain_of

Lookup = Callable[..., bytes | None]
"""Asks the domain name system for a text record: `lookup(name, timeout=seconds)`."""
MOST_SIGNATURES = 5
SECONDS_TO_ANSWER = 5
log = structlog.get_logger("crm")


def proof_of(message: Opened, *, trusted: str | None, lookup: Lookup = get_txt) -> Proof | None:
    """What tells that the address it is from sent it; None where nothing does. `trusted` is what our own mail server calls
    itself in its Authentication-Results.
    """
    sender = message.sender
    if sender is None:
        return None
    domain = domain_of(sender.email)
    if trusted and _server_vouches(message, trusted, domain):
        return Proof.mail_server
    return Proof.dkim if _is_signed(message, domain, lookup) else None


def _server_vouches(message: Opened, trusted: str, domain: str) -> bool:
    """Only the topmost header of our server counts: it writes above what came in. Others may be forged."""
    for value in message.all_of("Authentication-Results"):
        clauses = _clauses(value)
        name = clauses[0].split()[0] if clauses and clauses[0].split() else ""
        if name.casefold() == trusted.casefold():
            return any(_vouches(clause, domain) for clause in clauses[1:])
    return False


def _clauses(value: str) -> list[str]:
    """The header's clauses without comments; a semicolon in quotes or a comment separates nothing."""
    clauses, current, depth, quoted = [], "", 0, False
    previous = ""
    for letter in value:
        escaped, previous = previous == "\\", "" if previous == "\\" else letter
        if escaped:
            current += letter if not depth else ""
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
        elif letter == ")" and not quoted:
            depth = max(0, depth - 1)
        elif letter == ";" and not quoted and not depth:
            clauses.append(current.strip())
            current = ""
        elif not depth:
            # What is quoted is a value and never a word of the header's own.
            current += "_" if quoted and (letter.isspace() or letter in "=;") else letter
    return [*clauses, current.strip()]


def _vouches(clause: str, domain: str) -> bool:
    """DMARC passed for the domain that the message is from, or a signature of that very domain was good."""
    words = dict(re.findall(r"([A-Za-z.-]+)\s*=\s*(\S+)", clause))
    words = {name.lower(): value.lower() for name, value in words.items()}
    if clause.lower().startswith("dmarc"):
        return words.get("dmarc") == "pass" and words.get("header.from") == domain
    if clause.lower().startswith("dkim"):
        signed = words.get("header.d") or domain_of(words.get("header.i"))
        return words.get("dkim") == "pass" and signed == domain
    return False


def _is_signed(message: Opened, domain: str, lookup: Lookup) -> bool:
    """Whether a signature of the very domain is good. One that covers only the beginning of the text is none."""
    headers = message.headers.get_all("DKIM-Signature", []) if message.headers is not None else []
    for place, header in enumerate(headers[:MOST_SIGNATURES]):
        tags = dict(re.findall(r"(?:^|;)\s*([a-z]+)\s*=\s*([^;]*)", str(header)))
        if "".join(tags.get("d", "").split()).lower() != domain or "l" in tags:
            continue
        try:
            checker = dkim.DKIM(message.raw, timeout=SECONDS_TO_ANSWER)
            if checker.verify(idx=place, dnsfunc=partial(_looked_up, lookup)):
                return True
        except (dkim.DKIMException, ValueError, KeyError, IndexError, OSError) as error:
            log.info("signature not good", error=type(error).__name__)
    return False


def _looked_up(lookup: Lookup, name: bytes | str, timeout: int = SECONDS_TO_ANSWER) -> bytes | None:
    return lookup(name, timeout=timeout)
