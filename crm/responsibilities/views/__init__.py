from crm.responsibilities.views import form, lists, topics
from crm.responsibilities.views.blueprints import blueprint

__all__ = ["blueprint", "form", "lists", "topics"]
