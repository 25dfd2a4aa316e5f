from crm.api.v1.interactions.views import blueprint

__all__ = ["blueprint"]
