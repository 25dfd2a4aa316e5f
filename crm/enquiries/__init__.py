from flask import Flask

import crm.enquiries.models  # noqa: F401  tables


def register_enquiries(_app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
