from flask import Flask


def register_reports(app: Flask) -> None:
    """Routes and commands of the feature."""
