"""Who may change sites. Pure."""

from crm.accounts.models import Permission, User
from crm.sites.models import Site


def can_edit_site(user: User, site: Site) -> bool:
    """One in the bin is restored first."""
    return user.may(Permission.EDIT_SITES) and not site.is_binned
