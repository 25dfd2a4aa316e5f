"""Mail out: a text in the recipient's language, to a folder of files or to a mail server."""

from crm.mail.sending import lands_in_files, send

__all__ = ["lands_in_files", "send"]
