"""Bokmål and nynorsk are complete; English is what the code is written in."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = ["extract", "-F", "babel.cfg", "-k", "_l", "-o", str(target), "crm", "templates", "config.py"]
    subprocess.run([Path(sys.executable).parent / "pybabel", "--quiet", *command], cwd=ROOT, check=True)
    with target.open("rb") as file:
        return read_po(file)


def strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_message_is_translated_and_no_stale_one_is_kept(template, language):
    with (ROOT / f"crm/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    wanted = {m.id for m in template if m.id}
    have = {m.id: m for m in catalogue if m.id}
    assert not wanted - have.keys(), "run make translations, then translate these"
    assert not have.keys() - wanted, "run make translations: these are no longer used"
    assert not [m.id for m in have.values() if m.fuzzy or not all(strings(m))]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_placeholders_are_those_of_the_message(language):
    with (ROOT / f"crm/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set(re.findall(r"%\((\w+)\)s|%[sd]", ids[-1]))
        for string in strings(message):
            found = set(re.findall(r"%\((\w+)\)s|%[sd]", string))
            # A singular may leave its number out: "one visit".
            assert found == wanted or (len(ids) == 2 and wanted - found <= {"num"}), (message.id, string)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_norwegian_is_not_left_in_english(language):
    """The same words in both would be a forgotten translation, save for names and short words alike in both."""
    with (ROOT / f"crm/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    words = re.compile(r"%\(\w+\)s|[^\W\d_]{2,}")
    same = [
        m.id
        for m in catalogue
        if m.id
        and m.string == m.id
        and isinstance(m.id, str)
        and len([w for w in words.findall(m.id) if not w.startswith("%")]) > 2
    ]
    assert not same
