from crm.arenas.views import arenas, attendance, members, sessions
from crm.arenas.views.blueprints import blueprint

__all__ = ["arenas", "attendance", "blueprint", "members", "sessions"]
