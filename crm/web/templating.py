"""Templates, compiled once for each language: calls that always give the same answer are answered at compile time.

A page asks for some hundred translated texts and a dozen fixed addresses. Looked up at every rendering they cost more
than all else in a page together; written into the compiled template they cost nothing.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.templating import Environment
from flask_babel import gettext
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from werkzeug.routing import BuildError

from crm.web.icons import icon, mark
from crm.web.locale import language


class LanguageEnvironment(Environment):
    """Keeps each template once a language: `{% include %}` and `{% from %}` find the reader's, too."""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._url_map = app.url_map
        self.globals.update(icon=icon, mark=mark)
        self._compiled: dict[tuple[str, str], Template] = {}

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002  Jinja's own name
        key = (language(), name)
        found = self._compiled.get(key)
        if found is None:
            assert self.loader is not None
            found = self._compiled[key] = self.loader.load(self, name, self.make_globals(globals))
        return found

    def make_globals(self, d: Any) -> Any:
        """One dict instead of Jinja's chain of them, which is searched at every import. All globals are there when the
        first template is compiled.
        """
        return {**self.globals, **(d or {})}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        answering = _Answering(self, Markup if escapes else str)
        return answering.visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    def path(self, endpoint: str) -> str | None:
        """The path of an endpoint that needs no values; None for one that does."""
        try:
            return self._url_map.bind("").build(endpoint)
        except BuildError:
            return None


class _Answering(NodeTransformer):
    """Puts answers in the place of calls whose arguments stand in the template.

    Messages are text of our own, and markup where the template is; in each, `%%` stands for `%`.
    """

    def __init__(self, environment: LanguageEnvironment, text: type[str]) -> None:
        self.text = text
        self.answers: dict[str, Callable[..., Any]] = {
            "_": lambda message: text(gettext(message)) % {},
            "asset": environment.globals["asset"],  # type: ignore[dict-item]
            "icon": icon,
            "mark": mark,
            "url_for": environment.path,
        }

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802  named after Jinja's node
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        constant = node.args and all(isinstance(one, nodes.Const) for one in node.args)
        if name not in self.answers or not constant or node.dyn_args or node.dyn_kwargs:
            return node
        arguments = [one.as_const() for one in node.args]
        if not node.kwargs:
            found = self.answers[name](*arguments)
            return node if found is None else nodes.Const(found, lineno=node.lineno)
        if name != "_":
            return node
        values = nodes.Dict([nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs])
        return nodes.Mod(nodes.Const(self.text(gettext(*arguments))), values, lineno=node.lineno)
