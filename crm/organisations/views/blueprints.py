from flask import Blueprint

organisation_blueprint = Blueprint("organisations", __name__)
contact_blueprint = Blueprint("contacts", __name__)
