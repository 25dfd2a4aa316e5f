"""The box at the top of every page, and what comes up under it as one types."""

import pytest

from crm.responsibilities.models import Responsibility, Topic
from crm.responsibilities.routing import Person, RightContact
from crm.search import answers
from crm.search.marking import marked
from crm.sites.models import Site
from tests.support.factories import make_contact, make_organisation, make_user, saved

TYPING = {"HX-Request": "true"}


@pytest.fixture
def service(app, isolation):
    return make_user("first_line", language="en")


@pytest.fixture
def typed(pages, service):
    """What comes up when the first-line service types the words."""

    def get(words, user=None):
        return pages.get(
            "/search", query={"q": words}, user=user or service, headers=TYPING, most_statements=10
        )

    return get


@pytest.mark.parametrize("role", ["reader", "first_line", "advisor", "manager", "administrator"])
def test_the_box_is_on_every_page_of_whoever_may_read(pages, role):
    user = make_user(role, language="en")
    for address in ("/", "/organisations/", "/profile"):
        page = pages.get(address, user=user)
        form = page.one("header form[role=search]")
        assert form.get("action") == "/search"
        assert page.one("header input[name=q]").get("value") == ""
    assert not pages.get("/sign-in").all("header input[name=q]")


def test_each_hit_names_whom_to_ask_and_their_number(typed):
    manager = make_user(name="Håvard Aas", phone="+4798716458")
    berger = make_organisation("Berger Eiendom AS", account_manager_id=manager.id)
    page = typed("berg")
    assert page.one("a[role=option]#search-hit-1").get("href") == f"/organisations/{berger.id}"
    assert page.texts(".search-hit-title") == ["Organisation: Berger Eiendom AS"]
    assert page.texts(".search-hit-right") == ["Håvard Aas 98 71 64 58 Account manager"]
    assert page.one("[data-said]").get("data-said") == "1 hit"
    assert page.all("[role=option]")[-1].get("href") == "/search?q=berg"


def test_what_is_found_is_counted_for_who_hears_it(typed):
    for name in ("Berg AS", "Bergli AS", "Berger AS"):
        make_organisation(name)
    assert typed("berg").one("[data-said]").get("data-said") == "3 hits"


def test_it_asks_as_little_for_eight_hits_as_for_two(typed):
    for name in ("Berger Eiendom AS", "Berg Bygg AS"):
        make_organisation(name, account_manager_id=make_user().id)
    two = typed("berg")
    for n in range(6):
        make_organisation(f"Berg {n} AS", account_manager_id=make_user().id)
    many = typed("berg")
    assert len(many.all(".search-hit-right")) == 8
    assert len(many.statements) <= len(two.statements)


def test_the_first_is_marked_only_where_a_whole_number_was_typed(typed):
    make_organisation("Berg AS", organisation_number="974760673")
    assert typed("974 760 673").all("[data-number]")
    assert not typed("9747").all("[data-number]")
    assert not typed("Berg").all("[data-number]")


def test_nothing_found_leads_on(typed):
    page = typed("Fjell & Søn")
    assert "Nothing was found for “Fjell & Søn”" in page.text
    links = [link.get("href") for link in page.all("[role=option]")]
    assert links == [
        "/search?q=Fjell+%26+S%C3%B8n",
        "/enquiries/new?q=Fjell+%26+S%C3%B8n",
        "/organisations/new?name=Fjell+%26+S%C3%B8n",
    ]
    assert typed("99 88 77 66").all("[role=option]")[-1].get("href") == "/organisations/new"


def test_a_reader_is_offered_nothing_they_may_not_do(typed, pages):
    reader = make_user("reader", language="en")
    page = typed("finnes ikke", user=reader)
    assert [link.get("href") for link in page.all("[role=option]")] == ["/search?q=finnes+ikke"]
    assert "/enquiries/new" not in pages.get("/search?q=finnes+ikke", user=reader).response.text


def test_a_site_and_a_topic_are_answered_first(typed):
    """“berger tomt”: who answers for premises at Berger, the developer's person, and the site itself."""
    ola = make_user(name="Ola Vik", phone="+4763800002")
    developer = make_organisation("Utbygging AS", kind="developer")
    per = make_contact("Per", "Eier", at=developer, phone="+4798716458")
    site = saved(Site(name="Berger næringsområde", developer=developer, contact=per))
    topic = saved(Topic(name_nb="Lokaler og tomter", name_en="Premises and plots"))
    saved(Responsibility(topic=topic, site=site, user=ola))
    page = typed("berger tomter")
    assert "Ola Vik" in page.texts(".search-asked")[0]
    calls = [link.get("href") for link in page.all(".search-asked a[href^='tel:']")]
    assert calls == ["tel:+4763800002", "tel:+4798716458"], "ours, and theirs"
    assert "Who answers for this: Ola Vik, 63 80 00 02" in page.one("[data-said]").get("data-said")
    assert page.one(f".search-asked a[href='/contacts/{per.id}']").text == "Per Eier"
    assert page.all(".search-hit")[0].get("href") == f"/sites/{site.id}"
    hand_over = page.one(".search-asked a[href^='/enquiries/new']").get("href")
    assert hand_over == f"/enquiries/new?topic={topic.id}&site={site.id}&q=berger+tomter"


def test_a_company_and_a_topic_give_the_company(typed):
    make_organisation("Tomta Bakeri AS")
    company = make_organisation("Østby Mekaniske AS")
    saved(Topic(name_nb="Lokaler og tomter"))
    titles = [hit.get("href") for hit in typed("ostby mekansike tomt").all(".search-hit")]
    assert titles[0] == f"/organisations/{company.id}", "misspelt, and with a topic beside"


def test_a_deputy_a_unit_and_nobody_are_told_as_what_they_are(typed, monkeypatch):
    gone, here = Person(1, "Kari Nes"), Person(2, "Ola Vik", "+4763800002")
    first, second, third = (make_organisation(name).id for name in ("Berg AS", "Bergli AS", "Bergum AS"))
    rights = {
        None: RightContact("nobody", "Nobody is responsible for this"),
        first: RightContact("account_manager", "Kari Nes is away, this is the deputy", gone, here),
        second: RightContact("nobody", "Nobody is responsible for this"),
        third: RightContact("topic", "Answers for premises", unit="Næring"),
    }
    monkeypatch.setattr(answers, "right_contacts", lambda *_, **__: rights)
    assert typed("berg").texts(".search-hit-right") == [
        "Ola Vik 63 80 00 02 Kari Nes is away, this is the deputy",
        "Nobody is responsible for this",
        "Næring Answers for premises",
    ]


def test_a_person_of_theirs_is_found_too(typed):
    person = make_contact("Kari", "Solheim", at=make_organisation("Berg AS"))
    assert typed("solh").one("#search-hit-1").get("href") == f"/contacts/{person.id}"


@pytest.mark.parametrize("words", ["", " ", "\x00", "%", "'\"<b>", "x" * 5000, "\ud7ff\u202e", "🙂 b"])
def test_it_bears_whatever_is_typed(typed, pages, service, words):
    typed(words)
    assert pages.get("/search", query={"q": words}, user=service).h1 == "Search"


@pytest.mark.parametrize(
    ("title", "words", "shown"),
    [
        ("Berger AS", "berg", "<mark>Berg</mark>er AS"),
        ("Aas & Sønn", "ås", "<mark>Aas</mark> &amp; Sønn"),
        ("Ås skole", "aas", "<mark>Ås</mark> skole"),
        ("Sørumsand Bygg", "soerum", "<mark>Sørum</mark>sand Bygg"),
        ("<b>Bolig</b>", "b", "&lt;<mark>b</mark>&gt;<mark>B</mark>olig&lt;/<mark>b</mark>&gt;"),
        ("Nordby AS", "by", "Nordby AS"),
        ("Nordby AS", "", "Nordby AS"),
    ],
)
def test_what_was_typed_is_marked_however_it_is_spelt(title, words, shown):
    assert marked(title, words) == shown
