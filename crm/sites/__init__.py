from flask import Flask

import crm.sites.models  # noqa: F401  tables


def register_sites(_app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
