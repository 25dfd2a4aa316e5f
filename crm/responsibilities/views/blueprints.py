from flask import Blueprint

blueprint = Blueprint("responsibilities", __name__)
