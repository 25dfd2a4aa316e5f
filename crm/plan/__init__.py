from flask import Flask


def register_plan(app: Flask) -> None:
    """Routes and commands of the feature."""
