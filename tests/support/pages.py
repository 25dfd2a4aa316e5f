"""A browser without a screen: it asks for pages as a user would, and holds every answer to the house rules."""

import contextvars
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import html5lib
import sqlalchemy as sa
from cssselect import HTMLTranslator
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from crm.accounts import sessions
from crm.accounts.directory import directory
from crm.accounts.models import Permission, User
from crm.arenas.queries import memberships
from crm.establishments.queries import measures_in_use
from crm.extensions import db
from crm.plan.queries import outlines
from crm.responsibilities.queries import ours
from crm.sites.queries import developed

NAMELESS = {"hidden", "submit", "button", "image", "reset"}
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)", re.IGNORECASE)
MOST_STATEMENTS = 8
WORDS = re.compile(r"\binteractions(_\d+)?\.(title|notes|place|search_text)\b|\binteractions_words\b")
ASKS = re.compile(r"\bconfidential\b|\bauthor_id = ")  # one's own can be read


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The SQL statements sent meanwhile, without the transaction's own."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


class Page:
    """An answer, parsed."""

    def __init__(self, pages: "Pages", response: Any, statements: list[str], user: User | None) -> None:
        self.pages = pages
        self.response = response
        self.statements = statements
        self.user = user
        self.status = response.status_code
        self.location = response.headers.get("Location")
        self.is_html = response.mimetype == "text/html" and bool(response.data)
        if self.is_html:
            parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
            self.tree = parser.parse(response.get_data(as_text=True))
            self.errors = parser.errors

    def all(self, css: str) -> list[Any]:
        return list(self.tree.xpath(HTMLTranslator().css_to_xpath(css)))

    def one(self, css: str) -> Any:
        found = self.all(css)
        assert len(found) == 1, f"{len(found)} elements match {css}"
        return found[0]

    @property
    def text(self) -> str:
        return text_of(self.one("body"))

    @property
    def h1(self) -> str:
        return text_of(self.one("h1"))

    def texts(self, css: str) -> list[str]:
        return [text_of(element) for element in self.all(css)]

    def fields(self, form: str | None = None) -> dict[str, list[str]]:
        """What a browser would send for the form as it stands."""
        sent: dict[str, list[str]] = {}
        for element in self._form(form).iter("input", "select", "textarea"):
            name, kind = element.get("name"), element.get("type", "text")
            if (
                not name
                or element.get("disabled") is not None
                or kind in {"submit", "button", "file", "image"}
            ):
                continue
            if element.tag == "select":
                options = list(element.iter("option"))
                chosen = [o for o in options if o.get("selected") is not None]
                if not chosen and element.get("multiple") is None:
                    chosen = options[:1]
                values = [o.get("value", text_of(o)) for o in chosen]
            elif element.tag == "textarea":
                values = [(element.text or "").removeprefix("\n")]
            elif kind in {"checkbox", "radio"}:
                values = [element.get("value", "on")] if element.get("checked") is not None else []
            else:
                values = [element.get("value", "")]
            sent.setdefault(name, []).extend(values)
        return sent

    def _form(self, css: str | None) -> Any:
        if css is not None:
            return self.one(css)
        forms = [f for f in self.all("main form") if f.get("method", "get").lower() == "post"]
        assert forms, "no form to post on the page"
        return forms[0]

    def submit(self, form: str | None = None, **values: Any) -> "Page":
        """Fill in the form (by its CSS, else the first that posts in main) and send it. None leaves a field out."""
        element = self._form(form)
        sent = self.fields(form)
        for name, value in values.items():
            if value is None:
                sent.pop(name, None)
            else:
                sent[name] = list(value) if isinstance(value, list | tuple) else [value]
        target = element.get("action") or self.response.request.full_path
        if element.get("method", "get").lower() == "get":
            return self.pages.get(target, user=self.user, query=sent)
        return self.pages.post(target, sent, user=self.user)

    def follow(self) -> "Page":
        assert self.location, f"{self.status} is no redirect"
        return self.pages.get(self.location, user=self.user)


def text_of(element: Any) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


class Pages:
    """Asks for pages, as a user or signed out. Each user keeps their own cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.clients: dict[int | None, FlaskClient] = {}

    def client(self, user: User | None) -> FlaskClient:
        """The user's browser, signed in."""
        key = user.id if user is not None else None
        if key not in self.clients:
            client = self.app.test_client()
            if user is not None:
                with self.app.test_request_context():
                    from flask import session

                    sessions.start_session(db.session.get_one(User, key))
                    db.session.commit()
                    signed_in = dict(session)
                with client.session_transaction() as kept:
                    kept.update(signed_in)
            self.clients[key] = client
        return self.clients[key]

    def request(self, method: str, url: str, *, user: User | None = None, **options: Any) -> Page:
        client = self.client(user)
        (
            outlines(),
            directory(),
            memberships(),
            ours(),
            developed(),
            measures_in_use(),
        )  # read anew by the first page after a change: no page's own cost
        db.session.commit()
        with counted_statements() as statements:
            # An empty context: the request gets an application context and a session of its own.
            response = contextvars.Context().run(client.open, url, method=method, **options)
        db.session.expire_all()
        check_secrecy(statements, user)
        return Page(self, response, statements, user)

    def get(
        self,
        url: str,
        *,
        user: User | None = None,
        status: int = 200,
        query: dict[str, Any] | None = None,
        most_statements: int = MOST_STATEMENTS,
        **options: Any,
    ) -> Page:
        page = self.request("GET", url, user=user, query_string=query, **options)
        assert page.status == status, f"GET {url} gave {page.status}, not {status}: {page.location or ''}"
        writes = [s for s in page.statements if WRITES.match(s)]
        assert not writes, f"GET {url} wrote: {writes}"
        assert len(page.statements) <= most_statements, "\n\n".join(
            [f"GET {url} sent {len(page.statements)} statements", *page.statements]
        )
        if page.is_html:
            check_house_rules(page, url, partial="HX-Request" in (options.get("headers") or {}))
        return page

    def post(
        self, url: str, values: dict[str, Any] | None = None, *, user: User | None = None, **options: Any
    ) -> Page:
        """POST as it stands; a form found in a page is better sent with `page.submit`."""
        page = self.request("POST", url, user=user, data=values, **options)
        if page.is_html and page.status < 500:
            check_house_rules(page, url)
        return page


def check_secrecy(statements: list[str], user: User | None) -> None:
    """No statement for somebody who may not read all reads the words of interactions without asking which of them are
    confidential.
    """
    if user is not None and user.may(Permission.READ_CONFIDENTIAL):
        return
    for statement in statements:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")) and WORDS.search(statement):
            assert ASKS.search(statement), f"reads an interaction's words, confidential or not: {statement}"


def check_house_rules(page: Page, url: str, *, partial: bool = False) -> None:
    """What holds for every page: valid HTML, one heading, title, labels, ids, nothing inline."""
    html = page.response.get_data(as_text=True)
    errors = [
        e
        for e in page.errors
        if not (partial and e[1] in {"expected-doctype-but-got-start-tag", "expected-doctype-but-got-chars"})
    ]
    assert not errors, (
        f"{url}: invalid HTML: {[(e[0], e[1], html.splitlines()[e[0][0] - 1][:160]) for e in errors[:3]]}"
    )
    if not partial:
        title = text_of(page.one("title"))
        assert title.startswith(page.h1), (
            f"{url}: title {title!r} does not begin with the heading {page.h1!r}"
        )
        assert page.one("html").get("lang") in {"nb", "nn", "en"}
    ids = [element.get("id") for element in page.all("[id]")]
    doubled = {i for i in ids if ids.count(i) > 1}
    assert not doubled, f"{url}: id used twice: {doubled}"
    for element in page.tree.iter(etree.Element):
        for name in element.attrib:
            assert not name.startswith("on"), f"{url}: inline handler {name}"
            assert name != "style", f"{url}: inline style on {element.tag}"
    assert not page.all("style"), f"{url}: inline style sheet"
    assert all(s.get("src") for s in page.all("script") if s.get("type") != "application/json"), (
        f"{url}: inline script"
    )
    labelled = {label.get("for") for label in page.all("label[for]")}
    for element in page.all("input, select, textarea"):
        if element.get("type") in NAMELESS:
            continue
        named = (
            element.get("id") in labelled
            or element.get("aria-label")
            or element.get("aria-labelledby")
            or any(parent.tag == "label" for parent in element.iterancestors())
        )
        assert named, f"{url}: field {element.get('name')} has no label"
    for reference in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
        for element in page.all(f"[{reference}]"):
            for target in element.get(reference).split():
                assert target in ids, f"{url}: {reference} names {target}, which is not there"
    for element in page.all("a, button"):
        name = (
            text_of(element)
            or element.get("aria-label")
            or element.get("aria-labelledby")
            or element.get("title")
        )
        assert name, f"{url}: a {element.tag} without a name: {etree.tostring(element)[:160]}"
