from flask import Blueprint

accounts = Blueprint("accounts", __name__)
users = Blueprint("users", __name__, url_prefix="/users")
tokens = Blueprint("tokens", __name__, url_prefix="/profile/tokens")
