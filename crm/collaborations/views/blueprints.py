from flask import Blueprint

blueprint = Blueprint("collaborations", __name__, url_prefix="/collaborations")
