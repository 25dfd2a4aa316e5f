from crm.collaborations.views import activities, form, lists, page
from crm.collaborations.views.blueprints import blueprint

__all__ = ["activities", "blueprint", "form", "lists", "page"]
