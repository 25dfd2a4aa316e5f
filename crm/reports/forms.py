from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from crm.accounts.directory import directory
from crm.interactions.models import InteractionKind
from crm.organisations.models import OrganisationKind
from crm.plan.queries import PlanOutline
from crm.reports.queries import Step
from crm.web.forms import DateField, Form
from crm.web.forms.choices import choices


class DaysForm(Form):
    """Which days a report is of. Shows what was asked for; `Days.parse` says what is wrong with it."""

    from_ = DateField(_l("From"), name="from")
    to = DateField(_l("To and including"))

    class Meta(Form.Meta):
        csrf = False  # it only asks

    def refuse_all(self, errors: dict[str, list[Any]]) -> None:
        """`in` has no field: what is wrong with it is told above them all."""
        super().refuse_all(
            {"from_" if name == "from" else name: messages for name, messages in errors.items()}
        )


class StepsForm(DaysForm):
    """Which days a report is of, and how long its periods are."""

    by = SelectField(
        _l("Periods"),
        choices=choices((step.value, step.label) for step in Step),
        default=Step.month.value,
        validate_choice=False,
    )


class ReportForm(Form):
    """The report's filters. Shows what was asked for; `ReportFilter.parse` says what is wrong with it."""

    plan = SelectField(_l("Plan"))
    from_ = DateField(_l("From"), name="from")
    to = DateField(_l("To and including"))
    by = RadioField(
        _l("Columns"), choices=choices((step.value, step.label) for step in Step), default=Step.year.value
    )
    kind = SelectField(_l("Kind of interaction"))
    organisation_kind = SelectField(_l("Kind of organisation"))
    advisor = SelectField(_l("Advisor"))

    class Meta(Form.Meta):
        csrf = False  # it only asks

    def __init__(self, plans: Sequence[PlanOutline], chosen: PlanOutline | None) -> None:
        super().__init__(request.args, data={"plan": str(chosen.id) if chosen else None})
        every = [("", _l("All"))]
        self.plan.choices = choices((plan.id, plan.title) for plan in plans)
        self.kind.choices = choices([*every, *((kind.value, kind.label) for kind in InteractionKind)])
        self.organisation_kind.choices = choices(
            [*every, *((kind.value, kind.label) for kind in OrganisationKind)]
        )
        # Whoever may have taken part in an interaction, those who have left included.
        people = (one for one in directory().values() if not one.is_service)
        self.advisor.choices = choices([*every, *((one.id, one.name) for one in people)])

    def refuse_all(self, errors: dict[str, list[Any]]) -> None:
        super().refuse_all(
            {"from_" if name == "from" else name: messages for name, messages in errors.items()}
        )
