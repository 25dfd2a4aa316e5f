from flask import Flask


def register_search(_app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
