from crm.accounts.views import absences, profile, signing_in, tokens, users
from crm.accounts.views.blueprints import accounts as accounts_blueprint
from crm.accounts.views.blueprints import tokens as tokens_blueprint
from crm.accounts.views.blueprints import users as users_blueprint

__all__ = [
    "absences",
    "accounts_blueprint",
    "profile",
    "signing_in",
    "tokens",
    "tokens_blueprint",
    "users",
    "users_blueprint",
]
