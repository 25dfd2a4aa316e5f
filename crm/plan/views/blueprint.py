from flask import Blueprint, abort, request

blueprint = Blueprint("plan", __name__, url_prefix="/plan")


def asked_plan() -> int | None:
    """The id of the plan that the address names, None where it names none; 404 for what is no id."""
    given = request.args.get("plan", "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        abort(404)
    return int(given)
