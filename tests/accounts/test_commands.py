import pytest
import sqlalchemy as sa

from crm.accounts import tokens
from crm.accounts.models import User
from crm.extensions import db
from tests.accounts.conftest import PASSWORD
from tests.support.factories import make_user


@pytest.fixture
def run(app):
    def command(*words):
        db.session.commit()
        result = app.test_cli_runner().invoke(args=list(words))
        db.session.expire_all()
        return result

    return command


def test_first_link_only_while_there_is_nobody(run, pages):
    result = run("users", "first-link")
    link = result.stdout.splitlines()[-1]
    assert result.exit_code == 0
    page = pages.get(link.removeprefix("http://127.0.0.1:8000"))
    assert (
        page.submit(
            name="Ola", email="ola@kommune.example", new_password=PASSWORD, password_again=PASSWORD
        ).status
        == 302
    )
    again = run("users", "first-link")
    assert (again.exit_code, again.stdout) == (0, "")


def test_create_prints_the_invitation(run, pages, mail, link_in):
    result = run(
        "users", "create", "Kari@Kommune.example", "--name", "Kari", "--role", "manager", "--unit", "Næring"
    )
    assert result.exit_code == 0
    assert result.stdout.strip().endswith(link_in(mail()[0]))
    user = db.session.scalars(sa.select(User)).one()
    assert (user.email, user.role, user.unit.name) == ("kari@kommune.example", "manager", "Næring")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("users", "create", "finnes@kommune.example", "--name", "X Y", "--role", "reader"), 1),
        (("users", "create", "tull", "--name", "X Y", "--role", "reader"), 1),
        (("users", "create", "a@b.example", "--name", "X", "--role", "konge"), 2),
        (("users", "create", "a@b.example"), 2),
        (("users", "reset", "ingen@kommune.example"), 1),
        (("tokens", "create", "Kart", "--scope", "read", "--user", "ingen@kommune.example"), 1),
        (("tokens", "create", "Kart", "--scope", "alt"), 2),
        (("tokens", "create", "Kart", "--scope", "read", "--days", "366"), 2),
        (("tokens", "create", " ", "--scope", "read"), 1),
    ],
)
def test_errors(run, words, code):
    make_user(email="finnes@kommune.example")
    result = run(*words)
    assert result.exit_code == code
    assert result.stdout == ""
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1


def test_reset_and_list(run, make_member):
    member = make_member(name="Kari Nordmann")
    make_user(name="Borte", is_service=True)
    assert "/links/" in run("users", "reset", member.email).stdout
    assert run("users", "list").stdout == f"{member.email}\tadvisor\tKari Nordmann\n"
    assert len(run("users", "list", "--all").stdout.splitlines()) == 2


@pytest.mark.parametrize(("scope", "role"), [("read", "reader"), ("write", "advisor")])
def test_a_token_of_its_own_user(run, scope, role):
    result = run("tokens", "create", "Kartløsning 🗺️", "--scope", scope)
    assert result.exit_code == 0
    token = tokens.authenticate_token(result.stdout.splitlines()[-1])
    assert (token.scope, token.user.role, token.user.is_service) == (scope, role, True)


def test_a_token_for_somebody(run, make_member):
    member = make_member()
    result = run("tokens", "create", "Kart", "--scope", "read", "--user", member.email.upper(), "--days", "1")
    assert tokens.authenticate_token(result.stdout.splitlines()[-1]).user_id == member.id
