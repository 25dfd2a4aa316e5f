"""What those who take part in an interaction are written to about. Send it when the change is committed."""

from flask_babel import lazy_gettext as _l

from crm.accounts.models import User
from crm.interactions.models import Interaction
from crm.mail import send


def tell_joined(interaction: Interaction, joined: User) -> None:
    """To the others who take part. Of a confidential one the mail, which leaves the house, holds no word."""
    others = {user.id: user for user in (interaction.author, *interaction.advisors)}
    for user in others.values():
        if user.id != joined.id and user.is_active and not user.is_service:
            send(
                user.email,
                _l("%(name)s has joined you", name=joined.name),
                "joined",
                language=user.language,
                name=user.name,
                wait=False,
                joined=joined.name,
                title=None if interaction.confidential else interaction.title,
                day=interaction.starts_on,
                path=f"/interactions/{interaction.id}",
            )
