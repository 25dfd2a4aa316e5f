"""Every address says who may ask for it, and means it."""

import re

import pytest

from crm.accounts.models import Permission, Role
from crm.web.guards import PUBLIC, declared_access
from tests.support.factories import make_user

SAMPLE = {"int": "1", "default": "x", "string": "x", "path": "x"}


def rules(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method, declared_access(app.view_functions[rule.endpoint], method)


def address(rule):
    """The rule with something in the place of each variable; who may ask is decided before it is looked up."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda m: SAMPLE.get(m[1] or "default", "1"), rule.rule)


def test_every_endpoint_declares_a_known_permission_or_that_it_is_public(app):
    undeclared = [f"{method} {rule.rule}" for rule, method, access in rules(app) if access is None]
    unknown = [
        f"{rule.rule}: {access}"
        for rule, _, access in rules(app)
        if access not in {PUBLIC, None, *Permission}
    ]
    assert not undeclared
    assert not unknown


def test_signed_out_nothing_but_what_is_public_is_shown(app, pages):
    for rule, method, access in rules(app):
        if access == PUBLIC:
            continue
        page = pages.request(method, address(rule))
        if rule.endpoint.startswith("api"):
            assert page.status == 401, rule
        elif method == "GET":
            assert page.status == 302, rule
            assert page.location.startswith("/sign-in"), rule
        else:
            # The form comes back with what was typed (see errors.stale_form).
            assert page.status == 400, rule


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_what_it_lacks(app, pages, role):
    user = make_user(role)
    app.config["WTF_CSRF_ENABLED"] = False  # so that it is the guard that answers
    try:
        for rule, method, access in rules(app):
            if access == PUBLIC or rule.endpoint.startswith("api") or access in role.permissions:
                continue
            assert pages.request(method, address(rule), user=user).status == 403, (rule, access)
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


def test_addresses_are_kebab_case(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        plain = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"[a-z0-9./-]*", plain), rule.rule


def test_an_endpoint_that_declares_nothing_is_refused_to_everybody(make_app):
    app = make_app(migrated=False)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 403
