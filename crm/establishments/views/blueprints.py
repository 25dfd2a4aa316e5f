from flask import Blueprint

blueprint = Blueprint("establishments", __name__, url_prefix="/establishments")
