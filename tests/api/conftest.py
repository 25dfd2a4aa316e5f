import pytest

from tests.support.api import Api
from tests.support.factories import make_user


@pytest.fixture
def call(app):
    """An API client for a user (an advisor unless told), with a token of the scope."""

    def make(user=None, scope="write", **fields):
        return Api(app, user or make_user(**fields), scope)

    return make


@pytest.fixture
def api(call):
    """A manager's client, who may read and write everything."""
    return call(role="manager", language="en")
