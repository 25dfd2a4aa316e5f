from flask import Flask

from crm.enquiries.history import describe_enquiries


def register_enquiries(_app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    describe_enquiries()
