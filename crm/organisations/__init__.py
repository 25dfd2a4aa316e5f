from flask import Flask
from flask_babel import lazy_gettext as _l

from crm.organisations.history import describe_organisations
from crm.organisations.mergeable import joins, register_mergeable, stays
from crm.organisations.models import (
    Affiliation,
    ContactMerge,
    OrganisationKind,
    OrganisationMerge,
    OrganisationName,
    Relation,
    organisation_tags,
)
from crm.organisations.operations.merging_ties import move_affiliations, move_names, move_relations
from crm.organisations.views import contact_blueprint, organisation_blueprint
from crm.web.panels import add_panel


def register_organisations(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it tells other features' pages."""
    app.register_blueprint(organisation_blueprint)
    app.register_blueprint(contact_blueprint)
    describe_organisations()
    _register_mergeables()
    add_panel(
        "target", "organisation_kinds", lambda *_: {kind.value: kind.label for kind in OrganisationKind}
    )


def _register_mergeables() -> None:
    tags = organisation_tags.c
    work = Affiliation.__table__.c
    register_mergeable(work.organisation_id, move_affiliations, label=_l("People"), touches=work.contact_id)
    register_mergeable(work.contact_id, move_affiliations, label=_l("Affiliations"), touches=work.contact_id)
    register_mergeable(Relation.from_id, move_relations, label=_l("Relations"))
    register_mergeable(Relation.to_id, stays, label=_l("Relations"))  # moved together with the other end
    register_mergeable(OrganisationName.organisation_id, move_names, label=_l("Other names"))
    register_mergeable(tags.organisation_id, joins(tags.tag_id), label=_l("Tags"))
    for merge in (OrganisationMerge, ContactMerge):
        register_mergeable(merge.loser_id, stays)
        register_mergeable(merge.survivor_id, stays)
