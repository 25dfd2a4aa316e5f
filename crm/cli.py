"""The flask command's groups; each feature brings its own."""

from flask import Flask

from crm.accounts import models as accounts_models
from crm.attachments import models as attachments_models
from crm.audit import models as audit_models
from crm.demo.commands import demo
from crm.files import models as files_models
from crm.interactions import models as interactions_models
from crm.invitations import models as invitations_models
from crm.jobs import models as jobs_models
from crm.organisations import models as organisations_models
from crm.plan import models as plan_models
from crm.scheduling import models as scheduling_models

__all__ = [
    "accounts_models",
    "attachments_models",
    "audit_models",
    "files_models",
    "interactions_models",
    "invitations_models",
    "jobs_models",
    "organisations_models",
    "plan_models",
    "scheduling_models",
]


def register_commands(app: Flask) -> None:
    """Mount each feature's commands."""
    app.cli.add_command(demo)
