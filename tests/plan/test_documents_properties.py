"""Any plan that is written out reads back; any bytes at all give a plan or `UnreadableDocument`."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm.plan.documents import PlanDocument, UnreadableDocument, read_plan
from tests.plan.documents.sample import (
    FocusArea,
    Plan,
    Strategy,
    as_csv,
    as_docx,
    as_text,
    as_xlsx,
    fjelldal_plan,
    rows_of,
)

CAPITALS = st.sampled_from("ABDEHKMNOPRSTUVÆØÅÉ")
# Quotes, dashes within, spaces that do not break, letters without width, and what spreadsheets trip over.
TEXT = st.text(
    st.sampled_from("abcdeilnorstæøå AB,.;:–-—\"'«»()/&=+@%1234567890\u00a0\u200b\u00adé😀ש"), max_size=60
)
WORDING = st.builds(lambda first, rest: (first + rest).rstrip(" \u00a0\u200b\u00ad"), CAPITALS, TEXT)
ITEM = WORDING | st.builds(
    lambda first, rest: (first + rest).rstrip(" \u00a0\u200b\u00ad"), st.sampled_from("a1=+@«(5æ"), TEXT
)
TITLE = st.builds(lambda wording: f"{wording} x", WORDING)
STRATEGIES = st.builds(Strategy, WORDING, st.lists(ITEM, max_size=3), st.lists(ITEM, min_size=1, max_size=4))
PLANS = st.builds(
    Plan,
    st.none() | TITLE,
    st.lists(ITEM, max_size=3),
    st.lists(ITEM, max_size=3),
    st.lists(
        st.builds(FocusArea, WORDING, st.lists(STRATEGIES, min_size=1, max_size=3)), min_size=1, max_size=3
    ),
)
FRAGMENTS = st.sampled_from(
    [
        "1. Fjell",
        "2. Dal",
        "3. Sjø",
        "Strategi A: Heis",
        "Strategi B: Bane",
        "Strategi C:",
        "Delstrategier",
        "Tiltak",
        "- Bygge.",
        "- Måle",
        "Telle.",
        "og mer",
        "",
        "-",
        "---",
        "Hovedmål:",
        "Effektmål",
        "\u200e",
        "\u0301",
        "5",
        "Tiltak:\u200b",
        "level;code;wording",
        "measure;1.A.1;Bygge.",
        "strategy;;Heis",
        "focus_area;1;Fjell",
        '"',
    ]
)
unhurried = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@settings(unhurried, max_examples=150)
@given(
    plan=PLANS,
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_text_reads_back(plan, ending, encoding):
    assert rows_of(read_plan("plan.txt", as_text(plan, ending=ending, encoding=encoding))) == list(
        plan.rows()
    )


@settings(unhurried, max_examples=150)
@given(plan=PLANS, delimiter=st.sampled_from(";,\t"))
def test_csv_reads_back(plan, delimiter):
    assert rows_of(read_plan("plan.csv", as_csv(plan, delimiter=delimiter))) == list(plan.rows())


@unhurried
@given(plan=PLANS)
def test_workbook_reads_back(plan):
    assert rows_of(read_plan("plan.xlsx", as_xlsx(plan))) == list(plan.rows())


@unhurried
@given(plan=PLANS)
def test_word_reads_back(plan):
    assert rows_of(read_plan("plan.docx", as_docx(plan))) == list(plan.rows())


def reads_or_refuses(content):
    try:
        document = read_plan("plan", content)
    except UnreadableDocument as error:
        refusal = error
    else:
        assert isinstance(document, PlanDocument)
        assert document.rows()
        return
    assert refusal.line is None or refusal.line >= 1
    assert str(refusal)


@settings(unhurried, max_examples=300)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\xd8")
@example(b"\xef\xbb\xbf")
def test_any_bytes(content):
    reads_or_refuses(content)


@settings(unhurried, max_examples=300)
@given(st.lists(FRAGMENTS | st.text(max_size=30), max_size=25))
def test_any_order_of_lines(lines):
    reads_or_refuses("\n".join(lines).encode("utf-8", "surrogatepass"))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("render", [as_text, as_csv, as_docx, as_xlsx])
def test_any_mutation(render):
    whole = render(fjelldal_plan())
    places = st.integers(0, len(whole) - 1)

    @unhurried
    @given(st.lists(st.tuples(places, st.integers(0, 20), st.binary(max_size=12)), min_size=1, max_size=4))
    def mutate(changes):
        content = whole
        for place, cut, new in changes:
            content = content[:place] + new + content[place + cut :]
        reads_or_refuses(content)

    mutate()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("render", [as_docx, as_xlsx])
def test_any_mutation_inside_a_package(render):
    with zipfile.ZipFile(io.BytesIO(render(fjelldal_plan()))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    telling = [name for name in parts if name.endswith((".xml", ".rels"))]

    @unhurried
    @given(
        st.sampled_from(telling),
        st.floats(0, 1),
        st.integers(0, 40),
        st.sampled_from([b"", b"<", b"x", b"<w:p/>", b"999999999", b"-1", b'"']),
    )
    def mutate(name, share, cut, new):
        place = int(share * len(parts[name]))
        changed = {**parts, name: parts[name][:place] + new + parts[name][place + cut :]}
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for part, content in changed.items():
                package.writestr(part, content)
        reads_or_refuses(target.getvalue())

    mutate()
