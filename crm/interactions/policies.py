"""Who may read and change what. Pure: everything they look at is loaded."""

from crm.accounts.models import Permission, User
from crm.interactions.models import FollowUp, Interaction, InteractionStatus


def takes_part(user: User, interaction: Interaction) -> bool:
    """Whether the user wrote it or took part in it."""
    return user.id == interaction.author_id or any(
        participation.user_id == user.id for participation in interaction.advisor_participations
    )


def can_view(user: User, interaction: Interaction) -> bool:
    """Confidential ones are for those who took part, managers and administrators."""
    return (
        not interaction.confidential
        or user.may(Permission.READ_CONFIDENTIAL)
        or takes_part(user, interaction)
    )


def can_edit(user: User, interaction: Interaction) -> bool:
    return user.may(Permission.LOG_INTERACTIONS) and (
        user.may(Permission.EDIT_ALL_INTERACTIONS) or takes_part(user, interaction)
    )


def can_join(user: User, interaction: Interaction) -> bool:
    """Whoever may read what is planned or held, and logs interactions, may say that they take part in it, too. From then on
    they may change it, as all who take part may.
    """
    return (
        user.may(Permission.LOG_INTERACTIONS)
        and can_view(user, interaction)
        and not interaction.is_binned
        and interaction.status in {InteractionStatus.planned, InteractionStatus.held}
    )


def can_bin(user: User, interaction: Interaction) -> bool:
    return user.may(Permission.BIN) and can_edit(user, interaction)


def can_edit_follow_up(user: User, follow_up: FollowUp) -> bool:
    """Its owner, whoever may edit the interaction it was promised in, managers and administrators."""
    if not user.may(Permission.LOG_INTERACTIONS):
        return False
    return (
        user.id == follow_up.owner_id
        or user.may(Permission.EDIT_ALL_INTERACTIONS)
        or (follow_up.interaction is not None and takes_part(user, follow_up.interaction))
    )
