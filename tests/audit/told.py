"""A record of every audited class with something in every audited field, and how a reader of English reads it."""

from datetime import UTC, date, datetime, time

from crm.accounts.models import Absence, ApiToken, Role, Scope, Unit, User
from crm.arenas.models import Arena, ArenaMember, ArenaSession, ArenaSkip
from crm.attachments.models import Attachment
from crm.calendars.models import CalendarFeed
from crm.collaborations.models import Collaboration
from crm.database import now
from crm.enquiries.models import Enquiry
from crm.establishments.models import Establishment, Proposal
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    FollowUp,
    Interaction,
    InteractionSignal,
)
from crm.invitations.models import InboundMessage
from crm.organisations.models import Affiliation, Contact, Organisation, OrganisationName
from crm.plan.models import FocusArea, Goal, Measure, Plan, Strategy, SubStrategy, Target
from crm.scheduling.models import Guest
from crm.sites.models import Site
from tests.audit.told_first_line import HISTORIES as FIRST_LINE_HISTORIES
from tests.audit.told_first_line import TOLD as FIRST_LINE
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_tag,
    make_unit,
    make_user,
    measure,
    saved,
)

NOON = datetime(2026, 7, 3, 10, 0, tzinfo=UTC)


def a_plan():
    """The one that parts are put into: periods of plans do not overlap."""
    return db.session.query(Plan).filter_by(title="Plan nå").first() or make_plan(title="Plan nå")


def user():
    member = User(
        name="Kari Nes",
        email="kari@eksempel.example",
        role=Role.first_line,
        unit_id=make_unit("Plan og miljø").id,
        phone="+4763800000",
        language="nn",
        wants_digest=True,
        is_service=True,
        deactivated_at=NOON,
    )
    deputy = make_user(name="Ola Vik")
    member.absences.append(Absence(starts_on=date(2026, 7, 3), ends_on=date(2026, 7, 9), deputy=deputy))
    return saved(member), {
        "Name": "Kari Nes",
        "E-mail address": "kari@eksempel.example",
        "Role": "First-line service",
        "Unit": "Plan og miljø",
        "Telephone": "63 80 00 00",
        "Language": "Nynorsk",
        "E-mail in the morning": "Yes",
        "Service": "Yes",
        "Deactivated": "3 Jul 2026 12:00",
        "Absences": "3 Jul 2026 to 9 Jul 2026, deputy Ola Vik",
    }


def unit():
    return saved(Unit(name="Næring")), {"Name": "Næring"}


def api_token():
    owner = make_user(name="Kari Nes")
    token = ApiToken(
        name="Nettsiden",
        scope=Scope.write,
        token_hash="x",
        user_id=owner.id,
        expires_at=NOON,
        revoked_at=NOON,
    )
    return saved(token), {
        "Name": "Nettsiden",
        "The token may": "Read and write",
        "User": "Kari Nes",
        "Expires": "3 Jul 2026 12:00",
        "Revoked": "3 Jul 2026 12:00",
    }


def organisation():
    manager, deputy = make_user(name="Kari Nes"), make_user(name="Ola Vik")
    made = Organisation(
        name="Berger AS",
        kind="school",
        status="bankrupt",
        organisation_number="974760673",
        legal_form="AS",
        industry_code="62.010",
        employees=1234,
        municipality_number="3205",
        street="Storgata 1",
        postcode="2000",
        city="Lillestrøm",
        website="https://berger.example",
        email="post@berger.example",
        phone="+4763800000",
        about="Bygger hus",
        account_manager_id=manager.id,
        deputy_id=deputy.id,
        tags=[make_tag("mat")],
        names=[OrganisationName(kind="trade", name="Bergerbygg")],
    )
    return saved(made), {
        "Name": "Berger AS",
        "Kind": "School",
        "Status": "Bankrupt",
        "Organisation number": "974 760 673",
        "Legal form": "AS",
        "Industry code": "62.010",
        "Employees": "1,234",
        "Municipality": "Lillestrøm",
        "Street address": "Storgata 1",
        "Postcode": "2000",
        "Town": "Lillestrøm",
        "Website": "https://berger.example",
        "E-mail": "post@berger.example",
        "Telephone": "63 80 00 00",
        "About": "Bygger hus",
        "Account manager": "Kari Nes",
        "Deputy": "Ola Vik",
        "Tags": "mat",
        "Other names": "Bergerbygg (Trade name)",
    }


def contact():
    made = Contact(
        given_name="Per",
        family_name="Aas",
        email="per@berger.example",
        phone="+4763800000",
        language="nn",
        about="Snakker fort",
    )
    made.affiliations.append(
        Affiliation(
            organisation=make_organisation("Berger AS"),
            title="Selger",
            topics=["mat", "hus"],
            primary=True,
            started_on=date(2026, 1, 1),
            ended_on=date(2026, 7, 3),
        )
    )
    return saved(made), {
        "Given name": "Per",
        "Family name": "Aas",
        "E-mail": "per@berger.example",
        "Telephone": "63 80 00 00",
        "Language": "Nynorsk",
        "About": "Snakker fort",
        "Affiliations": "Selger · Berger AS · mat, hus · our first contact (1 Jan 2026 – 3 Jul 2026)",
    }


def interaction():
    author, advisor, plan = make_user(name="Kari Nes"), make_user(name="Ola Vik"), a_plan()
    made = Interaction(
        kind="phone_call",
        status="planned",
        title="Om tomten",
        starts_on=date(2026, 7, 3),
        starts_at=NOON,
        ends_at=NOON.replace(hour=11),
        place="Rådhuset",
        notes="Ringer igjen",
        cancelled_by="them",
        outcome="cooperation",
        outcome_note="De leier sammen",
        outcome_on=date(2026, 7, 9),
        signals=[InteractionSignal(signal="needs_premises"), InteractionSignal(signal="recruiting")],
        confidential=True,
        author_id=author.id,
        organisations=[make_organisation("Berger AS"), make_organisation("Heia AS")],
        measures=[measure(plan, "1.A.1"), measure(plan, "1.A.2")],
        contact_participations=[ContactParticipation(contact=make_contact("Per", "Aas"))],
        advisor_participations=[AdvisorParticipation(user=advisor)],
    )
    return saved(made), {
        "Kind": "Phone call",
        "Status": "Planned",
        "Title": "Om tomten",
        "Date": "3 Jul 2026",
        "From": "3 Jul 2026 12:00",
        "To": "3 Jul 2026 13:00",
        "Place": "Rådhuset",
        "Notes": "Ringer igjen",
        "Confidential": "Yes",
        "Cancellation": "Cancelled by them",
        "What came of it": "They cooperate",
        "More about what came of it": "De leier sammen",
        "Known since": "9 Jul 2026",
        "Signals": "Needs premises, Is recruiting",
        "Author": "Kari Nes",
        "Organisations": "Berger AS, Heia AS",
        "Measures": "1.A.1, 1.A.2",
        "Contacts": "Per Aas",
        "Advisors": "Ola Vik",
    }


def collaboration():
    lead = make_user(name="Ola Vik")
    before = Collaboration(
        id=make_interaction(title="OsloMet 2025", kind="collaboration").id, year=2025, stage="completed"
    )
    saved(before)
    made = Collaboration(
        id=make_interaction(title="OsloMet 2026", kind="collaboration").id,
        year=2026,
        stage="ongoing",
        aim="Studenter i bedrifter",
        result="Ti studenter",
        lead_id=lead.id,
        continues_id=before.id,
        activities=[make_interaction(title="Om tomten")],
    )
    return saved(made), {
        "Year": "2026",
        "Stage": "Ongoing",
        "Aim": "Studenter i bedrifter",
        "Result": "Ti studenter",
        "Lead": "Ola Vik",
        "Continues": "OsloMet 2025",
        "Activities": "Om tomten",
    }


def follow_up():
    owner = make_user(name="Ola Vik")
    made = FollowUp(
        text="Sende kart",
        owner_id=owner.id,
        due_on=date(2026, 7, 3),
        interaction_id=make_interaction(title="Om tomten").id,
        done_note="Ringte dem",
        organisation_id=make_organisation("Berger AS").id,
    )
    return saved(made), {
        "Follow-up": "Sende kart",
        "Who does it": "Ola Vik",
        "Due": "3 Jul 2026",
        "Interaction": "Om tomten",
        "How it went": "Ringte dem",
        "Organisation": "Berger AS",
    }


def arena():
    made = Arena(
        name="Frokost",
        purpose="Å møtes",
        host_id=make_organisation("Berger AS").id,
        host_unit_id=make_unit("Frokostenheten").id,
        rhythm="FREQ=WEEKLY;BYDAY=TH",
        starts_on=date(2026, 1, 1),
        begins_at=time(8, 30),
        minutes=90,
        place="Rådhuset",
        ended_on=date(2026, 12, 31),
        measures=[measure(a_plan(), "1.A.1")],
        skips=[ArenaSkip(occurs_on=date(2026, 7, 3))],
    )
    made.members.append(
        ArenaMember(
            organisation=make_organisation("Heia AS"),
            contact=make_contact("Per", "Aas"),
            started_on=date(2026, 1, 1),
        )
    )
    return saved(made), {
        "Name": "Frokost",
        "Purpose": "Å møtes",
        "Host": "Berger AS",
        "Hosted by our unit": "Frokostenheten",
        "Rhythm": "Every Thursday",
        "First day": "1 Jan 2026",
        "From": "08:30",
        "Length in minutes": "90",
        "Place": "Rådhuset",
        "Last day": "31 Dec 2026",
        "Measures": "1.A.1",
        "Members": "Per Aas · Heia AS (since 1 Jan 2026)",
        "Left out": "3 Jul 2026",
    }


def a_site(name, **values):
    """No two share a name: an earlier one gives way to it."""
    for earlier in db.session.query(Site).filter_by(name=name, deleted_at=None):
        earlier.deleted_at = now()
        saved(earlier)
    return saved(Site(name=name, **values))


def establishment():
    made = Establishment(
        id=saved(Enquiry(subject="Søker lager", author=make_user(), due_on=date(2026, 7, 3))).id,
        stage="established",
        area_from=800,
        area_to=25_000,
        premises=["warehouse"],
        needed_from=date(2027, 1, 1),
        jobs=20,
        power=500,
        focus_area=5,
        measure_id=measure(a_plan(), "1.A.1").id,
        organisation_id=make_organisation("Lager AS").id,
        site_id=a_site("Berger").id,
        established_on=date(2026, 12, 1),
    )
    made.proposals.append(Proposal(site=a_site("Heia"), words="Nær E6"))
    return saved(made), {
        "Stage": "Established here",
        "Area from": "800 m²",
        "Area to": "25,000 m² (25 daa)",
        "Kinds of premises": "Warehouse and logistics",
        "Needed from": "1 Jan 2027",
        "Jobs": "20",
        "Power": "500 kW",
        "Focus area": "5",
        "Measure": "1.A.1 Merkelapp 1A1",
        "Company established": "Lager AS",
        "Site": "Berger",
        "Established on": "1 Dec 2026",
        "Proposals": "Heia: Proposed (Nær E6)",
    }


def site():
    made = a_site(
        "Berger",
        place="Ved E6",
        developer_id=make_organisation("Berger AS").id,
        contact_id=make_contact("Kari", "Berg").id,
        regulation="ready",
        total_area=25_000,
        free_area=800,
        power=2_000,
        free_from=date(2027, 1, 1),
        premises=["plot", "office"],
        focus_areas=[5],
        attracts="Logistikk",
        website="https://www.example.no",
        about="Flatt",
    )
    return made, {
        "Name": "Berger",
        "Place": "Ved E6",
        "Developer": "Berger AS",
        "Contact": "Kari Berg",
        "Regulation status": "Ready to build on",
        "Total area": "25,000 m² (25 daa)",
        "Free area": "800 m²",
        "Power": "2 MW",
        "Free from": "1 Jan 2027",
        "Kinds of premises": "Building plot, Offices",
        "Focus areas to attract": "5",
        "What it is to attract": "Logistikk",
        "Website": "https://www.example.no",
        "About the site": "Flatt",
    }


def arena_session():
    made = ArenaSession(
        id=make_interaction(kind="arena_session", title="Frokost i juli").id,
        arena_id=saved(Arena(name="Frokost")).id,
        proposed_for=date(2026, 7, 3),
        agenda="Nye tomter",
        decisions="Vi søker",
    )
    return saved(made), {
        "Dialogue arena": "Frokost",
        "Proposed for": "3 Jul 2026",
        "Agenda": "Nye tomter",
        "What was decided": "Vi søker",
    }


def attachment():
    made = Attachment(
        interaction_id=make_interaction(title="Om tomten").id,
        name="Referat.pdf",
        media_type="application/pdf",
        size=1_240_000,
        width=1,
        height=1,
        digest="x",
        thumbnail_key="x",
        uploaded_by_id=make_user(name="Ola Vik").id,
        removed_at=NOON,
    )
    return saved(made), {
        "Interaction": "Om tomten",
        "Name": "Referat.pdf",
        "Kind": "PDF",
        "Size": "1.2 MB",
        "Added by": "Ola Vik",
    }


def guest():
    meeting = make_interaction(title="Om tomten", status="planned")
    made = Guest(
        interaction_id=meeting.id,
        contact_id=make_contact("Per", "Aas").id,
        invited_by_id=make_user(name="Kari Nes").id,
        message="Velkommen",
        answer="ACCEPTED",
        withdrawn_at=NOON,
    )
    return saved(made), {
        "Interaction": "Om tomten",
        "Invited by": "Kari Nes",
        "Message": "Velkommen",
        "Answer": "Coming",
        "Taken off": "3 Jul 2026 12:00",
    }


def inbound_message():
    made = InboundMessage(
        digest="x",
        message_key="y",
        via="mailbox",
        state="waiting",
        reason="unknown_sender",
        proof="dkim",
        sender_id=make_user(name="Kari Nes").id,
        received_at=NOON,
        answered_at=NOON.replace(hour=11),
        results=[["planned", 1, None]],
    )
    return saved(made), {
        "Came in": "By e-mail",
        "State": "Waiting",
        "Why not": "The sender is not a user.",
        "Proved by": "Signature of the sender's mail server (DKIM)",
        "Sender": "Kari Nes",
        "Received at": "3 Jul 2026 12:00",
        "Answered at": "3 Jul 2026 13:00",
    }


def plan():
    made = Plan(title="Plan før", starts_on=date(2022, 1, 1), ends_on=date(2024, 12, 31), state="active")
    return saved(made), {
        "Title": "Plan før",
        "First day": "1 Jan 2022",
        "Last day": "31 Dec 2024",
        "State": "In force",
    }


LABELS = {"nb": "Næring", "en": "Business"}
LABELLED = {"labels": LABELS, "wording": "Vi vil vokse"}
SHOWN = {"Short labels": "Næring · Business", "Official wording": "Vi vil vokse"}


def goal():
    of = a_plan()
    made = Goal(plan_id=of.id, kind="impact", position=3, **LABELLED)
    return saved(made), {"Kind": "Impact goal", "Number": "3", "Plan": "Plan nå", **SHOWN}


def focus_area():
    of = a_plan()
    made = FocusArea(plan_id=of.id, number=7, **LABELLED)
    return saved(made), {"Number": "7", "Plan": "Plan nå", **SHOWN}


def strategy():
    of = a_plan().focus_areas[0]
    made = Strategy(focus_area_id=of.id, letter="F", **LABELLED)
    made.sub_strategies.append(SubStrategy(position=1, wording="Vi lager rom"))
    return saved(made), {
        "Letter": "F",
        "Focus area": "1 Område 1",
        "Sub-strategies": "Vi lager rom",
        **SHOWN,
    }


def a_measure():
    of, lead = a_plan(), make_user(name="Kari Nes")
    made = Measure(
        plan_id=of.id,
        strategy_id=of.focus_areas[0].strategies[1].id,
        code="1.B.9",
        position=99,
        status="done",
        lead_id=lead.id,
        continues_id=measure(of, "1.A.1").id,
        hints={
            "interaction_kinds": ["phone_call", "not_made_yet"],
            "organisation_kinds": ["school"],
            "industry_prefixes": ["62", "72"],
        },
        **LABELLED,
    )
    return saved(made), {
        "Plan": "Plan nå",
        "Strategy": "1.B Strategi B",
        "Code": "1.B.9",
        "Status": "Done",
        "Lead": "Kari Nes",
        "Continues": "1.A.1 Merkelapp 1A1",
        "Suggested for": "Phone call, School, industry code 62, 72",
        **SHOWN,
    }


def target():
    made = Target(
        measure_id=measure(a_plan(), "1.A.1").id,
        kind="coverage",
        goal=80,
        every_year=True,
        interaction_kind="phone_call",
        organisation_kind="school",
        due_on=date(2026, 7, 3),
        labels=LABELS,
    )
    return saved(made), {
        "Measure": "1.A.1 Merkelapp 1A1",
        "Kind": "Coverage",
        "At least": "80",
        "Every year": "Yes",
        "Kind of interaction": "Phone call",
        "Kind of organisation": "School",
        "Due": "3 Jul 2026",
        "Short labels": SHOWN["Short labels"],
    }


def calendar_feed():
    owner = make_user(name="Kari Nes")
    feed = CalendarFeed(user_id=owner.id, salt="s", token_hash="h", includes_team=True, revoked_at=NOON)
    return saved(feed), {"User": "Kari Nes", "With the unit's": "Yes", "Revoked": "3 Jul 2026 12:00"}


# What each is called, and where it is shown to whoever may open it.
TOLD = {
    User: (user, "User: Kari Nes", "/users/{id}"),
    Unit: (unit, "Unit: Næring", None),
    ApiToken: (api_token, "API token: Nettsiden", "/profile/tokens/?whose=all"),
    Organisation: (organisation, "Organisation: Berger AS", "/organisations/{id}"),
    Contact: (contact, "Contact: Per Aas", "/contacts/{id}"),
    Interaction: (interaction, "Interaction: Om tomten", "/interactions/{id}"),
    Collaboration: (collaboration, "Collaboration: OsloMet 2026", "/collaborations/{id}"),
    FollowUp: (follow_up, "Follow-up: Sende kart", "/interactions/{interaction_id}#follow-ups"),
    Establishment: (establishment, "Search for a place: Søker lager", "/establishments/{id}"),
    Site: (site, "Site: Berger", "/sites/{id}"),
    Arena: (arena, "Dialogue arena: Frokost", "/arenas/{id}"),
    ArenaSession: (arena_session, "Session of a dialogue arena: Frokost i juli", "/interactions/{id}"),
    Attachment: (attachment, "Attachment: Referat.pdf", "/interactions/{interaction_id}#attachments"),
    Guest: (guest, "Invitation: Per Aas – Om tomten", "/interactions/{interaction_id}#invitations"),
    InboundMessage: (inbound_message, "Invitation: x", "/invitations/"),
    Plan: (plan, "Plan: Plan før", "/plan/?plan={id}"),
    Goal: (goal, "Goal: Business", "/plan/?plan={plan_id}"),
    FocusArea: (focus_area, "Focus area: 7 Business", "/plan/?plan={plan_id}"),
    Strategy: (strategy, "Strategy: 1.F Business", "/plan/strategies/1.F?plan={focus_area.plan_id}"),
    Measure: (a_measure, "Measure: 1.B.9 Business", "/plan/measures/1.B.9?plan={plan_id}"),
    CalendarFeed: (calendar_feed, "Calendar address: Kari Nes", None),
    Target: (target, "Target: 1.A.1 Business", "/plan/measures/1.A.1?plan={measure.plan_id}"),
} | FIRST_LINE
HISTORIES = {
    User: "/users/{id}",
    Organisation: "/organisations/{id}/history",
    Contact: "/contacts/{id}/history",
    Interaction: "/interactions/{id}/history",
    Arena: "/arenas/{id}/history",
    Site: "/sites/{id}/history",
    Establishment: "/establishments/{id}/history",
    Measure: "/plan/measures/1.B.9/history?plan={plan_id}",
} | FIRST_LINE_HISTORIES
