from crm.enquiries.views import lists, mail, new, page, steps
from crm.enquiries.views.blueprints import blueprint

__all__ = ["blueprint", "lists", "mail", "new", "page", "steps"]
