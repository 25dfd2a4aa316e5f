from flask_babel import gettext as _

from crm.accounts.models import User
from crm.audit.recording import record
from crm.extensions import db
from crm.plan.models import Measure, MeasureStatus
from crm.plan.rules import check_label
from crm.web.validation import Invalid, check_version


def edit_measure(
    *,
    measure: Measure,
    label_nb: str | None,
    label_nn: str | None,
    label_en: str | None,
    status: str,
    lead_id: int | None,
    version: int | None,
    actor: User,
) -> Measure:
    """The measure with new labels, status and lead. Raises Invalid, or Stale where `version` is no longer its own.

    A label left empty falls back on bokmål.
    """
    check_version(measure, version)
    given = {"nb": label_nb, "nn": label_nn, "en": label_en}
    errors = check_label(given)
    if status not in set(MeasureStatus):
        errors["status"] = [_("Choose a status")]
    if lead_id is not None and lead_id != measure.lead_id:
        lead = db.session.get(User, lead_id)
        if lead is None or not lead.is_active or lead.is_service:
            errors["lead_id"] = [_("Choose somebody who uses the system now")]
    if errors:
        raise Invalid(errors)
    labels = {language: label for language, label in given.items() if label}
    if labels != measure.labels:
        measure.labels = labels
    measure.status = MeasureStatus(status)
    measure.lead_id = lead_id
    record(measure, actor=actor)
    return measure
