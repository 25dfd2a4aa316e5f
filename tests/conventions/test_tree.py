"""What must never be in the repository, and what every file keeps to."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Written so that this file does not name what it looks for.
FORBIDDEN = re.compile(
    r"pyp[i]\.org|pythonhoste[d]|registry\.np[m]js|de[b]\.debian|/hom[e]/|/roo[t]/|/wor[k]/"
)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}")


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: nothing to list")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_registry_host_path_of_a_machine_or_secret():
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found = FORBIDDEN.search(text) if "vendor" not in path.parts else None
        assert not found, f"{path.relative_to(ROOT)}: {found.group()}"
        assert not SECRET.search(text), path


def test_no_module_is_named_for_nothing():
    nameless = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [p for p in tracked() if p.stem in nameless or nameless & set(p.relative_to(ROOT).parts)]


def test_files_stay_small():
    long = {
        str(p.relative_to(ROOT)): n
        for p in tracked()
        if p.suffix == ".py"
        and p.is_relative_to(ROOT / "crm")
        and (n := len(p.read_text().splitlines())) > 320
    }
    assert not long, "a file past about 300 lines becomes a package"


def test_imports_stand_at_the_top():
    inside = re.compile(r"^[ \t]+(?:from|import) (?:crm|config)\b", re.MULTILINE)
    for path in (ROOT / "crm").rglob("*.py"):
        text = re.sub(r'(?s)""".*?"""', "", path.read_text())
        assert not inside.search(text), f"{path}: an import inside a function hides a cycle"
