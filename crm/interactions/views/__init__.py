from crm.interactions.views import follow_ups, joining, lists, log, my_day, single
from crm.interactions.views.blueprints import follow_up_blueprint, interaction_blueprint

__all__ = [
    "follow_up_blueprint",
    "follow_ups",
    "interaction_blueprint",
    "joining",
    "lists",
    "log",
    "my_day",
    "single",
]
