from crm.invitations.operations.expiring import expire
from crm.invitations.operations.questions import answer_question, settle_invitee, welcome_contact
from crm.invitations.operations.receiving import receive
from crm.invitations.operations.replies import is_reply_to_us
from crm.invitations.operations.series import lay_out_further
from crm.invitations.operations.taking import let_wait, refuse_message, take_in

__all__ = [
    "answer_question",
    "expire",
    "is_reply_to_us",
    "lay_out_further",
    "let_wait",
    "receive",
    "refuse_message",
    "settle_invitee",
    "take_in",
    "welcome_contact",
]
