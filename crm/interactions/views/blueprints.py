from flask import Blueprint

interaction_blueprint = Blueprint("interactions", __name__)
follow_up_blueprint = Blueprint("follow_ups", __name__)
