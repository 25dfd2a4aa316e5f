"""Templates: all used, all words translatable, nothing let through unescaped."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
NAMES_OF_OURS = {"Næringskontakt", "CSV", "XLSX", "DOCX", "API", "Bokmål", "Nynorsk", "English", "MB"}
SPOKEN = r"""(?:title|alt|placeholder|aria-label|label)="([^"{}]+)\""""


def parsed(path):
    return Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(
        path.read_text()
    )


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_no_word_is_bare(path):
    html = "".join(data.data for data in parsed(path).find_all(nodes.TemplateData))
    html = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", html)
    spoken = re.findall(SPOKEN, path.read_text())
    visible = re.sub(r"&\w+;|&#\d+;", " ", re.sub(r"(?s)<[^<>]*>|<[^<>]*$|^[^<>]*>", " ", html))
    # Where an expression stands inside a tag, the pieces around it are attributes, not words.
    visible = re.sub(r"""[\w-]+="[^"]*"?|"[^"]*""", " ", visible)
    words = {word for text in [visible, *spoken] for word in re.findall(r"[^\W\d_]{2,}", text)}
    assert not words - NAMES_OF_OURS


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_nothing_is_declared_safe(path):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text())


def test_every_template_is_used():
    sources = [p.read_text() for p in [*ALL, *(ROOT / "crm").rglob("*.py")]]
    for path in ALL:
        name = str(path.relative_to(TEMPLATES))
        assert any(f'"{name}"' in source for source in sources), f"{name} is used nowhere"
