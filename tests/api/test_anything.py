"""Whatever is sent, the answer is a record or a problem, never a crash."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.arenas.models import Arena
from crm.sites.models import Site
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    measure,
    saved,
)

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.sampled_from(
        ["2026-09-03", "2026-09-03T14:00:00+02:00", "0001-01-01T00:00:00+14:00", "1.A.1", "held", "x" * 300]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
RESOURCES = ("organisations", "contacts", "interactions", "arenas", "sites")
quickly = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@pytest.fixture
def world(api, app):
    plan = make_plan()
    organisation = make_organisation()
    contact = make_contact(at=organisation)
    interaction = make_interaction(
        organisations=[organisation], contacts=[contact], measures=[measure(plan, "1.A.1")]
    )
    arena, site = saved(Arena(name="Frokost")), saved(Site(name="Berger"))
    made = (organisation, contact, interaction, arena, site)
    return dict(zip(RESOURCES, [one.id for one in made], strict=True))


def fields_of(api, resource):
    return sorted(api.get(resource).json["items"][0])


@pytest.mark.parametrize("resource", RESOURCES)
def test_any_body(api, world, resource):
    start = api.get(f"{resource}/{world[resource]}").json
    names = sorted(start)

    @quickly
    @given(st.dictionaries(st.sampled_from(names), ANYTHING, max_size=4))
    def send(body):
        for method, address in (("POST", resource), ("PATCH", f"{resource}/{world[resource]}")):
            api.request(method, address, status={200, 201, 422}, json=body, headers={"If-Match": "*"})

    send()


@pytest.mark.parametrize("resource", [*RESOURCES, "measures", "reports/measures"])
def test_any_query(api, world, resource):
    names = [
        "q", "limit", "cursor", "kind", "tag", "updated_since", "email", "phone", "organisation", "measure", "from", "to",
        "plan", "by", "municipality_number", "strategy", "focus_area", "tagged",
    ]  # fmt: skip

    @quickly
    @given(
        st.dictionaries(
            st.sampled_from(names), st.text(max_size=20) | st.sampled_from(["1", "2026-09-03", "1.A"])
        )
    )
    def ask(query):
        api.request("GET", resource, status={200, 400, 422}, query_string=query)

    ask()
