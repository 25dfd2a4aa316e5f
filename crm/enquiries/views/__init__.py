from crm.enquiries.views import lists, new, page, steps
from crm.enquiries.views.blueprints import blueprint

__all__ = ["blueprint", "lists", "new", "page", "steps"]
