from flask import Flask


def register_interactions(app: Flask) -> None:
    """Routes and commands of the feature."""
