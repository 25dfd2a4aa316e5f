from flask import Flask

from crm.plan.commands import plan
from crm.plan.history import describe_plan
from crm.plan.views import blueprint


def register_plan(app: Flask) -> None:
    """Routes and commands of the feature, and how its records read."""
    app.register_blueprint(blueprint)
    app.cli.add_command(plan)
    describe_plan()
