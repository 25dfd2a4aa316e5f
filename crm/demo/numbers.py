"""Numbers that are valid but nobody's."""

from random import Random

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_FIRST, _SPAN, _STEP = 31_000_000, 9_000_000, 7_919


def organisation_number(index: int) -> str | None:
    """The made-up organisation number of this index, or None for the one in eleven that has no check digit.

    All begin with 3, which the register does not give to organisations; step and span have no common factor, so
    that none comes twice below nine million.
    """
    body = str(_FIRST + index * _STEP % _SPAN)
    check = -sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return None if check == 10 else body + str(check)


def mobile(rng: Random) -> str:
    """A valid Norwegian mobile number in E.164."""
    return (
        f"+479{rng.randrange(10_000_000):07d}"
        if rng.random() < 0.7
        else f"+4741{rng.randrange(1_000_000):06d}"
    )


def landline(rng: Random) -> str:
    """A valid number of the area in E.164."""
    return f"+4763{rng.randrange(1_000_000):06d}"
