"""Whatever the audit log can hold of a record is told in words, in the reader's language."""

import pytest
import sqlalchemy as sa

from crm.audit.descriptions import described, kinds
from crm.audit.fields import Context
from crm.audit.recording import Audited, audited_columns
from crm.database import Base

AUDITED = sorted(
    (m.class_ for m in Base.registry.mappers if issubclass(m.class_, Audited)), key=lambda c: c.__name__
)
WHOLES = [kind for kind in AUDITED if kind.__audit_whole__ is None]
PARTS = [kind for kind in AUDITED if kind.__audit_whole__ is not None]
MOMENT = "2026-07-03T12:05:00+00:00"


def whole_of(part):
    return sa.inspect(part).relationships[part.__audit_whole__].mapper.class_


def columns_told():
    """Each audited column that is told, with its field."""
    for kind in WHOLES:
        fields = described(kind.__name__).fields
        for name in audited_columns(kind):
            if fields[name] is not None:
                yield f"{kind.__name__}.{name}", sa.inspect(kind).column_attrs[name].columns[0], fields[name]


@pytest.fixture(params=["nb", "nn", "en"])
def language(app, request):
    with app.test_request_context(headers={"Cookie": f"language={request.param}"}):
        yield request.param


@pytest.mark.parametrize("kind", WHOLES, ids=lambda kind: kind.__name__)
def test_every_audited_class_is_described_with_all_its_fields(app, kind):
    description = described(kind.__name__)
    assert description, "describe it in the feature's history.py"
    missing = {*audited_columns(kind), *kind.__audit_parts__} - description.fields.keys()
    assert not missing, "say how these read, or None where the event's other words tell them"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_part_is_told_with_its_whole(app, part):
    whole = whole_of(part)
    names = {r.key for r in sa.inspect(whole).relationships if r.mapper.class_ is part}
    assert described(part.__name__) is None, "nothing is recorded under its own name"
    assert (names | {part.__tablename__}) & described(whole.__name__).fields.keys()


def test_nothing_is_described_that_is_not_there(app):
    assert {kind for kind, _label in kinds()} == {kind.__name__ for kind in WHOLES}


def test_labels_are_words(language):
    for kind in WHOLES:
        description = described(kind.__name__)
        fields = [field for field in description.fields.values() if field is not None]
        labels = [str(one.label) for one in (description, *fields)]
        assert all(label and label[0].isupper() and "_" not in label for label in labels), kind
        assert len(set(labels[1:])) == len(fields), f"{kind}: two fields read alike"


def test_ids_are_told_as_names(app):
    classes = {m.local_table.name: m.class_.__name__ for m in Base.registry.mappers}
    for where, column, field in columns_told():
        wanted = [(classes[key.column.table.name], 7) for key in column.foreign_keys]
        assert list(field.references(7)) == wanted, where
        if wanted:
            assert field.in_words(7, Context(1, {wanted[0]: "Kari"})) == "Kari", where


def test_days_instants_and_truth_are_told_as_people_write_them(language):
    yes = {"en": "Yes"}.get(language, "Ja")
    day = {"en": "3 Jul 2026"}.get(language, "03.07.2026")
    for where, column, field in columns_told():
        kind = column.type.python_type if not isinstance(column.type, sa.types.TypeDecorator) else None
        if kind is bool:
            assert field.in_words(True, Context(1, {})) == yes, where
        elif isinstance(column.type, sa.Date):
            assert field.in_words("2026-07-03", Context(1, {})) == day, where
        elif type(column.type).__name__ == "UtcDateTime":
            assert field.in_words(MOMENT, Context(1, {})) == f"{day} 14:05", where
