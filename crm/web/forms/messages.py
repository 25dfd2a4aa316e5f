"""WTForms' own messages that can reach a reader: here so that they are found and translated with ours (see `Translations`
in base.py). Most errors have words of their own at the field; these are for forms that no page of ours sends.
"""

from flask_babel import lazy_gettext as _l

BUILT_IN = (
    _l("Not a valid choice."),
    _l("Invalid Choice: could not coerce."),
    _l("Invalid choice(s): one or more data inputs could not be coerced."),
    _l("Not a valid integer value."),
    _l("This field is required."),
)
