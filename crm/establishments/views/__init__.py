from crm.establishments.views import need, proposals, searches
from crm.establishments.views.blueprints import blueprint

__all__ = ["blueprint", "need", "proposals", "searches"]
