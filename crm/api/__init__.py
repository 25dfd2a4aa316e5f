from flask import Flask


def register_api(app: Flask) -> None:
    """Routes and commands of the feature."""
