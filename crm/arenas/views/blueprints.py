from flask import Blueprint

blueprint = Blueprint("arenas", __name__)
