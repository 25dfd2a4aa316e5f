"""Templates are compiled once a language: what the reader, and a mail's reader, get is in theirs all the same."""

import pytest
from flask import render_template, url_for
from flask_babel import force_locale
from jinja2 import DictLoader

PAGES = {
    "page.html": '{% from "part.html" import tail %}{{ _("Yes") }}|{{ _("Remove %(name)s", name=name) }}|{{ tail() }}',
    "part.html": '{% macro tail() %}{{ _("Cancel") }} {{ url_for("web.about") }}{% endmacro %}',
    "mail.txt": '{{ _("Remove %(name)s", name=name) }} {{ url_for("web.about", _external=True) }}',
    "percent.html": '{{ _("100 %%") }} {{ _("<b>%(name)s</b>", name=name) }}',
}


@pytest.fixture
def templates(app, monkeypatch):
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(PAGES))
    monkeypatch.setattr(app.jinja_env, "_compiled", {})
    with app.test_request_context():
        yield


def test_each_language_has_its_own_text_in_imported_parts_as_well(templates):
    for locale, yes, cancel in (
        ("nb_NO", "Ja", "Avbryt"),
        ("en_GB", "Yes", "Cancel"),
        ("nb_NO", "Ja", "Avbryt"),
    ):
        with force_locale(locale):
            assert render_template("page.html", name="x").startswith(f"{yes}|")
            assert render_template("page.html", name="x").endswith(f"|{cancel} {url_for('web.about')}")


def test_values_are_escaped_in_pages_and_left_alone_in_mails(templates):
    with force_locale("en_GB"):
        assert "Remove O&#39;Brien &lt;i&gt;" in render_template("page.html", name="O'Brien <i>")
        assert render_template("mail.txt", name="O'Brien <i>").startswith("Remove O'Brien <i> http://")


def test_messages_are_markup_and_a_doubled_percent_is_one(templates):
    assert render_template("percent.html", name="<") == "100 % <b>&lt;</b>"
