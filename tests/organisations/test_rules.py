import pytest

from crm.organisations import rules
from crm.organisations.similarity import ALIKE, core, likeness
from crm.web.validation import Invalid
from tests.support.factories import organisation_number

WRONG_CHECK_DIGIT = "974760674"


@pytest.fixture(autouse=True)
def language(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("974 760 673", "974760673"),
        ("974760673", "974760673"),
        (" 974\u00a0760\u00a0673 ", "974760673"),
        ("NO 974 760 673 MVA", "974760673"),
        ("974.760.673", "974760673"),
        ("974\u200b760673", "974760673"),
        ("", None),
        (None, None),
    ],
)
def test_organisation_number_is_read_as_people_type_it(typed, stored):
    assert rules.organisation_number(typed) == stored


@pytest.mark.parametrize("typed", ["12345678", "1234567890", "abc", "97476067X", "٩٧٤٧٦٠٦٧٣"])
def test_organisation_number_that_is_not_nine_digits(typed):
    with pytest.raises(ValueError, match="974 760 673"):
        rules.organisation_number(typed)


def test_wrong_check_digit_has_a_message_of_its_own():
    with pytest.raises(ValueError, match=r"sifferet|digit"):
        rules.organisation_number(WRONG_CHECK_DIGIT)


def test_made_up_numbers_of_the_tests_are_valid():
    assert all(rules.organisation_number(organisation_number(n)) for n in range(200))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("example.no", "https://example.no"),
        ("www.example.no/om oss".replace(" ", "-"), "https://www.example.no/om-oss"),
        ("http://example.no", "http://example.no"),
        ("//example.no", "https://example.no"),
        ("example.no:8080/x", "https://example.no:8080/x"),
        ("https://blåbær.no", "https://blåbær.no"),
        ("", None),
    ],
)
def test_website_gets_its_scheme(typed, stored):
    assert rules.website(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "ftp://example.no",
        "data:text/html,x",
        "example",
        "http://",
        "https://bank.no@evil.no",
        "http://[::1",
        "mailto:a@b.no",
        "two words.no",
        "https://example.no:port",
    ],
)
def test_website_that_is_none_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011  the message is the reader's language
        rules.website(typed)


@pytest.mark.parametrize(
    ("rule", "typed", "stored"),
    [
        (rules.industry_code, "62.010", "62.010"),
        (rules.industry_code, "62010", "62.010"),
        (rules.phone, "63 80 00 00", "+4763800000"),
        (rules.phone, "+46 8 123 456 78", "+46812345678"),
        (rules.email, " Kari@Example.NO ", "kari@example.no"),
        (rules.municipality_number, "0301", "0301"),
        (rules.postcode, "2000", "2000"),
        (rules.postcode, "se-111 20", "SE-111 20"),
        (rules.legal_form, "as", "AS"),
        (rules.legal_form, "sær", "SÆR"),
        (rules.employees, 0, 0),
        (rules.employees, None, None),
        (rules.organisation_name, " Berg \u200b& \n Sønner  AS", "Berg & Sønner AS"),
        (rules.organisation_name, "<b>Fet</b> & \u202eSnudd🎉", "<b>Fet</b> & Snudd🎉"),
        (rules.words, "mat,  Eksport ; MAT\nås, Aas", ["mat", "Eksport", "ås"]),
        (rules.words, ["mat", ""], ["mat"]),
        (rules.words, None, []),
    ],
)
def test_values_are_stored_in_one_form(rule, typed, stored):
    assert rule(typed) == stored


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        (rules.organisation_name, ""),
        (rules.organisation_name, "\u200b\u202e"),
        (rules.organisation_name, "🎉🎉"),
        (rules.organisation_name, "x" * 201),
        (rules.industry_code, "6.2010"),
        (rules.industry_code, "IT"),
        (rules.employees, -1),
        (rules.employees, 10**9),
        (rules.municipality_number, "320"),
        (rules.municipality_number, "٣٢٠٥"),
        (rules.postcode, "200"),
        (rules.postcode, "SE-" + "1" * 20),
        (rules.email, "kari"),
        (rules.email, "kari@"),
        (rules.email, "a" * 300 + "@example.no"),
        (rules.phone, "ring meg"),
        (rules.phone, "123"),
        (rules.legal_form, "A S 1"),
        (rules.words, "🎉"),
        (rules.words, "x" * 61),
        (rules.words, [f"ord{n}" for n in range(31)]),
        (rules.text(20_000), "x" * 200_000),
        (rules.line(80), "x" * 200_000),
    ],
)
def test_what_cannot_be_stored_is_refused(rule, typed):
    with pytest.raises(ValueError):  # noqa: PT011  the message is the reader's language
        rule(typed)


def test_every_wrong_field_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        rules.checked(rules.ORGANISATION, {"name": "", "email": "x", "city": "Lillestrøm", "employees": -1})
    assert refused.value.errors.keys() == {"name", "email", "employees"}


def test_unknown_fields_are_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="colour"):
        rules.checked(rules.ORGANISATION, {"colour": "red"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Berger Eiendom AS", "Berger Eiendom"),
        ("Berger Eiendom AS", "BERGER EIENDOM ASA"),
        ("Kunnskapsbyen Lillestrøm", "Kunnskaps byen Lillestrom"),
        ("Aas Bakeri", "Ås Bakeri ENK"),
        ("Kjeller Innovasjon AS", "Kjeler Innovasjon"),
        ("Scale Up", "ScaleUp AS"),
        ("Sørumsand Elektro", "Sørumsand Elektro Service AS"),
    ],
)
def test_names_that_may_mean_the_same(one, other):
    assert likeness(core(one), core(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [("Berger Eiendom AS", "Heia Eiendom AS"), ("Oslo AS", "Os AS"), ("Lillestrøm Kino", "Strømmen Kino")],
)
def test_names_that_mean_two(one, other):
    assert likeness(core(one), core(other)) < ALIKE
