"""Every address is asked by people who may not read a confidential interaction, and none of them gives it away.

The walk begins at every GET address of the application and follows the links it meets: lists, search, timelines, exports,
the API and feeds. An address that needs to be told which record to show fails the walk until SAMPLES says it.
"""

import contextvars
import io
import re
import zipfile
from collections import deque
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from crm.accounts.models import Role
from crm.arenas.models import Arena, ArenaMember, ArenaSession
from crm.attachments.models import Attachment
from crm.calendars.addresses import address_of
from crm.calendars.operations import choose_team, open_feed
from crm.collaborations.models import Collaboration
from crm.enquiries.models import Enquiry
from crm.establishments.models import Establishment, Proposal
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.operations import set_further_words
from crm.interactions.policies import can_view
from crm.interactions.queries import readable
from crm.responsibilities.models import Responsibility, Topic
from crm.scheduling.models import Guest
from crm.sites.models import Site
from crm.web.clock import today
from tests.support.api import Api
from tests.support.factories import (
    make_absence,
    make_contact,
    make_follow_up,
    make_interaction,
    make_organisation,
    make_plan,
    make_unit,
    make_user,
    measure,
    saved,
)

FOUND_BY = "kanarigul"
SECRET = "Hemmelighet"
"""Stands in every text of a confidential interaction, and nowhere else; the other word is what is searched for."""
TEXT = f"{FOUND_BY.title()} {SECRET}"

OUTSIDERS = ("reader", "advisor")
"""Roles of those who may not read it: the least, and the one that may do most; the advisor did not take part."""


@pytest.fixture
def world(app, isolation):
    """A company and a person met in confidence, in every status, with something promised."""
    world = SimpleNamespace(plan=make_plan(title="Planen nå"), company=make_organisation("Aas & Sønn AS"))
    world.other = make_organisation("Berg AS")
    world.person = make_contact("Kari", "Aas", at=world.company, title="Daglig leder", primary=True)
    world.party = make_user("advisor", name="Anne Rådgiver", language="en", unit_id=make_unit("Næring").id)
    world.absence = make_absence(world.party, today(), today() + timedelta(days=2))
    world.secrets = [
        _secret(world, status=status, starts_on=day)
        for status, day in (
            ("draft", today()),
            ("planned", today() + timedelta(days=3)),
            ("cancelled", today()),
            ("held", today()),
        )
    ]
    world.secret = world.secrets[-1]
    common = {"owner": world.party, "interaction": world.secret, "organisation": world.company}
    world.follow_up = make_follow_up(TEXT, **common)
    make_follow_up(TEXT, done_at=world.secret.updated_at, done_note=TEXT, **common)
    world.topic = saved(Topic(name_nb="Lokaler"))
    world.responsibility = saved(Responsibility(topic_id=world.topic.id, user_id=world.party.id))
    world.session = _secret(world, kind="arena_session")
    world.arena = saved(Arena(name="Frokost", members=[ArenaMember(contact_id=world.person.id)]))
    world.member = world.arena.members[0]
    world.site = saved(Site(name="Berger", developer_id=world.company.id, contact_id=world.person.id))
    enquiry = saved(Enquiry(subject="Søker lager", author=world.party, due_on=today()))
    world.proposal = Proposal(site=world.site, interaction=world.secret, viewing=world.secret)
    world.search = saved(Establishment(enquiry=enquiry, proposals=[world.proposal]))
    saved(ArenaSession(id=world.session.id, arena_id=world.arena.id, agenda=TEXT, decisions=TEXT))
    world.collaboration = _secret(world, kind="collaboration")
    saved(Collaboration(id=world.collaboration.id, year=today().year, stage="ongoing", aim=TEXT, result=TEXT))
    world.attachment = _attachment(world.secret, world.party)
    saved(
        Guest(
            interaction_id=world.secrets[1].id, user_id=world.party.id, invited_by=world.party, message=TEXT
        )
    )
    world.enquiry = saved(
        Enquiry(
            subject="Hvem kan hjelpe?",
            organisation=world.company,
            contact=world.person,
            author=world.party,
            assignee=world.party,
            status="assigned",
            due_on=today(),
            interaction_id=world.secret.id,
        )
    )
    make_interaction(title="Åpent møte", organisations=[world.company], contacts=[world.person])
    db.session.commit()
    return world


def _secret(world, **values):
    """A confidential interaction with the secret in every text."""
    given = {"kind": "introduction", "title": TEXT, "notes": TEXT, "place": TEXT, "confidential": True}
    return make_interaction(
        **given | values,
        advisors=[world.party],
        organisations=[world.company, world.other],
        contacts=[world.person],
        measures=[measure(world.plan, "1.A.1")],
    )


def _attachment(interaction, user):
    made = Attachment(
        interaction_id=interaction.id,
        name=f"{TEXT}.txt",
        media_type="text/plain",
        size=1,
        digest="x",
        storage_key="x",
        uploaded_by_id=user.id,
    )
    saved(made)
    set_further_words(interaction, made.name)
    db.session.commit()
    return made


def samples(world):
    """The record that an address is about: of an endpoint by the variables' names, else by blueprint or by the name."""
    return {
        "interactions": world.secret.id,
        "organisations": world.company.id,
        "contacts": world.person.id,
        "follow_ups": world.follow_up.id,
        "arenas": world.arena.id,
        "arena_id": world.arena.id,
        "member_id": world.member.id,
        "collaborations": world.collaboration.id,
        "sites": world.site.id,
        "site_id": world.site.id,
        "enquiries": world.enquiry.id,
        "enquiry_id": world.enquiry.id,
        "establishments": world.search.id,
        "proposal_id": world.proposal.id,
        "arenas.session": {"interaction_id": world.session.id},
        "scheduling": world.secrets[1].id,
        "attachments": world.attachment.id,
        "attachments.add": {"identity": world.secret.id},
        "calendars.interaction": {"identity": world.secret.id},
        "interaction_id": world.secret.id,
        "organisation_id": world.company.id,
        "contact_id": world.person.id,
        "affiliation_id": world.person.affiliations[0].id,
        "relation_id": 1,
        "responsibilities": world.responsibility.id,
        "responsibility_id": world.responsibility.id,
        "responsibilities.edit_topic": {"identity": world.topic.id},
        "responsibilities.topic_history": {"identity": world.topic.id},
        "topic_id": world.topic.id,
        "plan_id": world.plan.id,
        "user_id": world.party.id,
        "absence_id": world.absence.id,
        "plan.strategy": {"code": "1.A"},
        "code": "1.A.1",
        "token": "x",
        "ending": "xlsx",
    }


def addresses(app, world):
    """Every GET address, with the records of the world in the places of its variables, and with what is searched for."""
    known = samples(world)
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        blueprint = rule.endpoint.partition(".")[0]
        values = {}
        for name in rule.arguments:
            own = known.get(rule.endpoint, {})
            keys = (blueprint if name == "identity" else "", name)
            found = own.get(name) or next((known[key] for key in keys if key in known), None)
            assert found is not None, f"{rule.rule}: say in `samples` which {name} to ask for"
            values[name] = found
        with app.test_request_context():
            _domain, path = rule.build(values)
        yield path
        yield f"{path}?q={FOUND_BY}"
        if not values:
            yield f"{path}?organisation={world.company.id}&kind=introduction&from=2020-01-01"


def shape(app, address):
    """What makes two addresses alike: the endpoint and the names of what they ask for, besides places in a list."""
    parts = urlsplit(address)
    try:
        endpoint, values = app.url_map.bind("localhost").match(parts.path)
    except HTTPException:
        return None
    asked = frozenset(name for name, _value in parse_qsl(parts.query)) - {"cursor"}
    return endpoint, asked, str(sorted(values.items())) if endpoint.startswith("interactions.") else ""


def everything(response):
    """What the answer says, the parts of a workbook one after another."""
    data = response.data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return data.decode("utf-8", "replace")


def own_calendar(app, user):
    """The address of the user's calendar, with what their unit does."""
    with app.test_request_context():
        feed = open_feed(user=user, actor=user)
        choose_team(feed=feed, includes_team=True, actor=user)
        db.session.commit()
        return urlsplit(address_of(feed)).path


def walk(app, pages, user, first):
    """(endpoint, address, what the answer says) of all that the user meets."""
    api = Api(app, user, "read")
    waiting, met = deque(first), set()
    while waiting:
        address = waiting.popleft()
        alike = shape(app, address)
        if alike is None or alike in met or alike[0] == "static":
            continue
        met.add(alike)
        if address.startswith("/api/"):
            response = contextvars.Context().run(api.client.get, address, headers=api.headers)
            db.session.expire_all()
        else:
            response = pages.request("GET", address, user=user).response
        assert response.status_code < 500, address
        said = everything(response)
        yield alike[0], address, said
        if response.mimetype == "text/html":
            waiting += [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', said)]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_address_gives_it_away(app, pages, world, role):
    user = make_user(role, language="en", unit_id=world.party.unit_id)
    first = [own_calendar(app, user), *addresses(app, world)]
    told = [address for _endpoint, address, said in walk(app, pages, user, first) if SECRET in said]
    assert not told


def test_the_walk_sees_what_there_is_to_see(app, pages, world):
    """Else the test above would pass for want of looking."""
    seen = {
        user: {
            endpoint
            for endpoint, _address, said in walk(
                app, pages, user, [own_calendar(app, user), *addresses(app, world)]
            )
            if SECRET in said
        }
        for user in (world.party, make_user("administrator", language="en"))
    }
    assert set.union(*seen.values()) >= {
        "interactions.my_day",
        "interactions.index",
        "interactions.show",
        "interactions.edit",
        "interactions.history",
        "arenas.show",
        "collaborations.index",
        "collaborations.show",
        "arenas.session",
        "attachments.remove",
        "calendars.interaction",
        "calendars.feed",
        "scheduling.invite",
        "organisations.show",
        "contacts.show",
        "plan.measure",
        "follow_ups.index",
        "follow_ups.edit",
        "reports.interactions",
        "api_interactions.Interactions",
        "api_interactions.OneInteraction",
        "audit.index",
    }


def test_it_counts_the_same_for_all(app, pages, world):
    """A report shows everybody the same numbers, and a list that leaves rows out says how many."""
    manager, outsider = make_user("manager", language="en"), make_user("advisor", language="en")
    for address in (
        f"/reports/measures?plan={world.plan.id}",
        f"/reports/measures?plan={world.plan.id}&by=month&kind=introduction",
        f"/plan/measures/1.A.1?plan={world.plan.id}",
    ):
        answers = [pages.get(address, user=user, most_statements=14) for user in (manager, outsider)]
        counted = [page.texts("main table a") for page in answers]
        assert counted[0] == counted[1], address
        assert any(re.match(r"[12]\b", text) for text in counted[0]), address
    report = [Api(app, user).get("reports/measures", plan=world.plan.id).json for user in (manager, outsider)]
    assert report[0] == report[1]
    page = pages.get(f"/interactions/?measure=1.A.1&plan={world.plan.id}&status=held", user=outsider)
    assert "3 confidential interactions" in page.text


def test_whom_it_was_with_is_in_no_list_of_whom_was_reached(pages, world):
    """They are known to be there; that they were met is not."""
    outsider = make_user("reader", language="en")
    for kind, name in (("organisations", "Berg AS"), ("contacts", "Kari Aas")):
        address = f"/reports/measures/{kind}?plan={world.plan.id}&measure=1.A.1"
        assert name not in pages.get(address, user=outsider).text
        assert name in pages.get(address, user=world.party).text


def test_its_words_cannot_be_guessed_from_how_many_were_reached(pages, world):
    address = f"/reports/measures/organisations?plan={world.plan.id}&q={FOUND_BY}"
    outsider = make_user("reader", language="en")
    assert "Berg AS" in pages.get(address, user=world.party).text
    found = pages.get(address, user=outsider).text
    nothing = pages.get(address.replace(FOUND_BY, "finnesikke"), user=outsider).text
    assert found.replace(FOUND_BY, "finnesikke") == nothing


@pytest.mark.parametrize("role", Role)
def test_the_rule_is_the_same_for_one_and_for_many(world, role):
    author = make_user(role)
    for interaction in (*world.secrets[:2], make_interaction(confidential=True, author=author)):
        for user in (author, world.party, make_user(role)):
            asked = select(Interaction.id).where(Interaction.id == interaction.id, readable(user))
            assert (db.session.scalar(asked) is not None) == can_view(user, interaction)


def test_every_status_is_walked(world):
    assert {one.status for one in world.secrets} == set(InteractionStatus)
