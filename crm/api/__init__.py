"""The REST API: /api/v1, its description and the page that shows it."""

from crm.api.registration import register_api

__all__ = ["register_api"]
