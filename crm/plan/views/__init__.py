from crm.plan.views import editing, importing, pages
from crm.plan.views.blueprint import blueprint

__all__ = ["blueprint", "editing", "importing", "pages"]
