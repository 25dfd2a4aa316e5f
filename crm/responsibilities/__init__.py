from flask import Flask

from crm.responsibilities.history import describe_responsibilities


def register_responsibilities(_app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    describe_responsibilities()
