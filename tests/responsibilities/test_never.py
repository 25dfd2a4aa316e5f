"""What routing never does, whoever is away or has left."""

from hypothesis import given
from hypothesis import strategies as st

from crm.responsibilities.facts import Asked, Caller
from crm.responsibilities.routing import right_contact
from tests.responsibilities.facts import BERGER, DAY, FUNDING, HEIA, OFFICE, PLANNING, PREMISES, away, ours

_someone = st.one_of(st.none(), st.integers(1, 5))
_absences = st.dictionaries(
    st.sampled_from(["_1", "_2", "_3", "_4", "_5"]),
    st.one_of(st.none(), st.builds(away, st.integers(0, 20), _someone)),
)
_scopes = st.fixed_dictionaries(
    {},
    optional={
        "topic_id": st.sampled_from([PREMISES, FUNDING]),
        "site_id": st.sampled_from([BERGER, HEIA]),
        "organisation_id": st.just(50),
        "industry_prefix": st.sampled_from(["6", "62", "63"]),
        "organisation_kind": st.sampled_from(["company", "developer"]),
        "focus_area": st.integers(2, 3),
    },
).filter(bool)
_whose = st.one_of(
    st.fixed_dictionaries({"user_id": st.integers(1, 5), "deputy_id": _someone}),
    st.fixed_dictionaries({"unit_id": st.sampled_from([OFFICE, PLANNING])}),
)
_answering = st.lists(st.builds(lambda a, b: a | b, _scopes, _whose), max_size=6)
_callers = st.builds(
    lambda manager, deputy, met: Caller(50, manager, deputy, "company", "62.010", (), tuple(met)),
    _someone,
    _someone,
    st.lists(st.tuples(st.integers(1, 5), st.just(DAY)), max_size=3),
)
_asked = st.builds(
    Asked, st.just(DAY), st.sampled_from([None, PREMISES, FUNDING]), st.sampled_from([None, BERGER, HEIA])
)


@given(_callers, _asked, _answering, _absences)
def test_nobody_absent_is_named_without_the_deputy_or_that_there_is_none(caller, asked, answering, changes):
    kept = ours(*answering, **changes)
    found = right_contact(caller, asked, kept)
    for one in filter(None, (found.person, found.account_manager, *found.members)):
        assert kept.colleagues[one.id].is_active
        assert one.away_until is None
        assert kept.colleagues[one.id].away_on(DAY) is None
    for one in filter(None, (found.responsible, *found.ties)):
        assert kept.colleagues[one.id].is_active
        assert (one.away_until is None) == (kept.colleagues[one.id].away_on(DAY) is None)
    if found.away is not None:
        assert found.away.name in str(found.reason)
        assert "stedfortreder" in str(found.reason) or "deputy" in str(found.reason)
        assert found.person is None or found.person.id != found.away.id
    if found.person is None and found.responsible is None and found.unit is None:
        assert found.rule == "nobody"
    assert found.person is None or found.person.id not in {one.id for one in found.ties}
