"""One stroke style for every icon: 24 x 24, 1.75 wide, rounded. Decorative: the text beside it carries the meaning."""

from markupsafe import Markup

SHAPES = {
    "home": "M4 11.2 12 4l8 7.2M6 9.6V20h12V9.6M10 20v-5.5h4V20",
    "organisation": "M4 20V5.5L13 3v17M13 9l7 2v9M2.5 20h19M7 8.5h3M7 12h3M7 15.5h3M16.5 14v.01M16.5 17v.01",
    "people": "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11ZM3 19.5c.4-3.5 2.8-5.5 6-5.5s5.60 2 6 5.5M16 5a3 3 0 0 1 0 5.8M17.5 14.3c2 .7 3.2 2.5 3.5 5.2",
    "interaction": "M4 5.5h16v10.5h-8.5L7 20v-4H4ZM8 9.2h8M8 12.3h5",
    "collaboration": "M9 15.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM15 17.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z",
    "calendar": "M4 6h16v14H4ZM4 10.5h16M8 3.5V8M16 3.5V8",
    "plan": "M5 4h14v16H5ZM8.50 9l1.2 1.2L12 8M14.5 9H16M8.5 15l1.2 1.2L12 14M14.5 15H16",
    "chart": "M4 4v16h16M8 16.5v-4M12 16.5V8M16 16.5v-6",
    "follow-up": "M12 20.5a8.50 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.2a2.20 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM9 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
    "shield": "M12 3.50 19 6v6c0 4.2-2.8 7-7 8.5C7.8 19 5 16.2 5 12V6ZM9 12l2.2 2.2L15 10.3",
    "plus": "M12 5v14M5 12h14",
    "search": "M10.50 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20",
    "check": "M5 12.50 10 17.5 19 7",
    "close": "M6 6l12 12M18 6 6 18",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "user": "M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM4.5 20c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
    "chevron-down": "M6 9.5l6 6 6-6",
    "chevron-right": "M9.50 6l6 6-6 6",
    "chevron-left": "M14.50 6l-6 6 6 6",
    "arrow-up": "M12 19V6M6.50 11 12 5.5l5.5 5.5",
    "arrow-down": "M12 5v13M6.50 13l5.5 5.5 5.5-5.5",
    "sort": "M8.50 10 12 6.5 15.5 10M8.5 14l3.5 3.5 3.5-3.5",
    "filter": "M4 6.5h16M7 12h10M10 17.5h4",
    "edit": "M4 20l.8-4L16 4.8a1.70 1.7 0 0 1 2.4 0l.8.8a1.7 1.7 0 0 1 0 2.4L8 19.2ZM14 7l3 3",
    "bin": "M4.50 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.2 11v5.5M13.8 11v5.5",
    "restore": "M4.50 12a7.5 7.5 0 1 0 2.5-5.6M7 3v4h4",
    "download": "M12 4v11M7.50 11l4.5 4.5 4.5-4.5M4.5 19.5h15",
    "phone": "M6.50 4h3l1.5 4.5-2 1.5a11 11 0 0 0 5 5l1.5-2 4.5 1.5v3c0 1-.8 1.8-1.8 1.7C10.6 18.6 5.4 13.4 4.8 5.8 4.7 4.8 5.5 4 6.5 4Z",
    "mail": "M3.50 5.5h17v13h-17ZM4 6.5l8 6.5 8-6.5",
    "place": "M12 21c4.5-4.70 6.5-8 6.5-11a6.5 6.5 0 1 0-13 0c0 3 2 6.3 6.5 11ZM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z",
    "lock": "M6 10.5h12V20H6ZM8.50 10.5V8a3.5 3.5 0 0 1 7 0v2.5",
    "history": "M4.50 12a7.5 7.5 0 1 0 2.5-5.6M7 3v4h4M12 8v4.5l3 1.7",
    "sign-out": "M10 4H5v16h5M14 8l4 4-4 4M18 12H9.5",
    "language": "M12 20.5a8.50 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c-5 5.5-5 11.5 0 17M12 3.5c5 5.5 5 11.5 0 17",
    "file": "M6.50 3.5h7.5l4 4v13h-11.5ZM13.5 3.5V8H18M9.5 12.5h5M9.5 16h5",
    "attachment": "M19.50 11.5l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8.2-8.2a3 3 0 0 1 4.3 4.3l-8 8a1.4 1.4 0 0 1-2-2l7.3-7.3",
    "more": "M5.50 12v.01M12 12v.01M18.5 12v.01",
}


def icon(name: str, size: int = 20) -> Markup:
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" width="{0}" height="{0}" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{1}"/></svg>'
    ).format(size, SHAPES.get(name, SHAPES["more"]))


def mark(size: int = 32) -> Markup:
    """The product's mark: an N drawn as a path between four meeting points."""
    return Markup(
        '<svg class="mark" viewBox="0 0 32 32" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<rect class="mark-ground" width="32" height="32" rx="9"/>'
        '<path class="mark-line" d="M10 22.5V10l12 12V9.5" fill="none" stroke-width="2.5" stroke-linecap="round" '
        'stroke-linejoin="round"/><circle class="mark-dot" cx="10" cy="22.5" r="3"/>'
        '<circle class="mark-dot mark-dot-warm" cx="22" cy="9.5" r="3"/></svg>'
    ).format(size)
