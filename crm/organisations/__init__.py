from flask import Flask


def register_organisations(app: Flask) -> None:
    """Routes and commands of the feature."""
