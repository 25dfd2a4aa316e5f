"""Somebody with a browser: keeps the connection and the cookies, signs in, fills forms, takes the time."""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode, urljoin

Fields = list[tuple[str, str]]
MOST_KEPT = 4 << 20


@dataclass
class Answer:
    status: int
    seconds: float
    first_byte: float
    body: bytes
    weight: int


@dataclass
class Visitor:
    port: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    connection: HTTPConnection | None = None

    def get(self, path: str, *, compressed: bool = False) -> Answer:
        return self.ask("GET", path, compressed=compressed)

    def post(self, path: str, fields: Fields) -> Answer:
        return self.ask("POST", path, urlencode(fields).encode())

    def ask(self, method: str, path: str, body: bytes | None = None, *, compressed: bool = False) -> Answer:
        """The answer and how long it took from the first byte sent to the last one read."""
        try:
            return self._asked(method, path, body, compressed=compressed)
        except (HTTPException, OSError):
            self.connection = None  # the server closed a kept connection: once is no failure
            return self._asked(method, path, body, compressed=compressed)

    def _asked(self, method: str, path: str, body: bytes | None, *, compressed: bool) -> Answer:
        self.connection = self.connection or HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = self._headers(path, body, compressed=compressed)
        began = time.perf_counter()
        self.connection.request(method, quote(path, safe="/?&=%+:,;@"), body, headers)
        response = self.connection.getresponse()
        first = response.read(1)
        at_first = time.perf_counter()
        weight, kept = len(first), [first]
        while chunk := response.read(1 << 16):
            weight += len(chunk)
            if weight < MOST_KEPT:
                kept.append(chunk)
        ended = time.perf_counter()
        for value in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        if response.will_close:
            self.connection.close()
            self.connection = None
        return Answer(response.status, ended - began, at_first - began, b"".join(kept), weight)

    def _headers(self, path: str, body: bytes | None, *, compressed: bool) -> dict[str, str]:
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"User-Agent": "bench", "Accept": "text/html,*/*"} | self.headers
        if compressed:
            headers["Accept-Encoding"] = "br, gzip"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": origin,
                "Referer": origin + path,
            }
        return headers

    def sign_in(self, email: str, password: str) -> bool:
        """True when the page after signing in can be read."""
        page = Page(self.get("/sign-in").body)
        form = page.form_with("password")
        if form is None:
            return False
        name = next((n for n in ("email", "username") if n in dict(form.fields)), "email")
        fields = form.filled({name: email, "password": password})
        answer = self.post(form.action or "/sign-in", fields)
        return answer.status in {302, 303} and self.get("/organisations/").status != 302


@dataclass
class Form:
    action: str
    method: str
    fields: Fields = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, values: dict[str, str | list[str]]) -> Fields:
        """What a browser would send with these fields changed."""
        fields = [(name, value) for name, value in self.fields if name not in values]
        for name, value in values.items():
            fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
        return fields


class Page(HTMLParser):
    """The forms of a page, and what it links to and loads."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.assets: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._textarea: str | None = None
        self.feed(body.decode("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and a.get("href"):
            self.links.append(a["href"])
        elif tag == "link" and a.get("rel") == "stylesheet":
            self.assets.append(a["href"])
        elif tag == "script" and a.get("src"):
            self.assets.append(a["src"])
        elif self._form is not None and "disabled" not in a:
            self._field(tag, a)

    def _field(self, tag: str, a: dict[str, str]) -> None:
        assert self._form is not None
        name = a.get("name")
        if tag == "input" and name:
            kind = a.get("type", "text")
            if kind in {"checkbox", "radio"}:
                self._form.choices.setdefault(name, []).append(a.get("value", "on"))
                if "checked" in a:
                    self._form.fields.append((name, a.get("value", "on")))
            elif kind not in {"submit", "button", "image", "file"}:
                self._form.fields.append((name, a.get("value", "")))
        elif tag == "textarea" and name:
            self._textarea = name
            self._form.fields.append((name, ""))
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            self._form.choices.setdefault(self._select, []).append(a.get("value", ""))
            if "selected" in a:
                self._form.fields.append((self._select, a.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            name, value = self._form.fields[-1]
            self._form.fields[-1] = (name, value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def form_with(self, *names: str) -> Form | None:
        """The first form posted that has all of these fields."""
        for form in self.forms:
            known = {name for name, _ in form.fields} | set(form.choices)
            if form.method == "post" and known.issuperset(names):
                return form
        return None


def resolved(path: str, link: str) -> str:
    return urljoin(path, link)
