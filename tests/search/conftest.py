"""What searching is tested with."""

from collections.abc import Callable

import pytest

from crm.search.queries import Found, find
from tests.support.factories import make_user


@pytest.fixture
def searched(app) -> Callable[..., Found]:
    """Searches as an advisor, or as whom is named."""

    def search(query: str, viewer=None, **options) -> Found:
        with app.test_request_context():
            return find(query, viewer or make_user(), **options)

    return search


@pytest.fixture
def titles(searched) -> Callable[..., list[str]]:
    return lambda query, **options: [hit.title for hit in searched(query, **options).hits]
