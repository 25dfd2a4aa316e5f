"""What typed words are about, by the topics and sites that there are."""

from typing import NamedTuple

from crm.responsibilities.queries.keeping import ours
from crm.responsibilities.words import besides, meaning
from crm.web.locale import language


class Understood(NamedTuple):
    """The topic and the site that words speak of, with their names in the reader's language; None where there is none.
    `besides` are the words, folded, that are not about the topic; "" where all are, or none is.
    """

    topic_id: int | None = None
    topic: str | None = None
    site_id: int | None = None
    site: str | None = None
    besides: str = ""


def understood(words: str) -> Understood:
    """“tomt på Berger” speaks of premises and of Berger. No statement but those for what is kept."""
    topic, site = meaning(words, ours())
    return Understood(
        topic.id if topic else None,
        topic.name(language()) if topic else None,
        site.id if site else None,
        site.name if site else None,
        besides(topic, words) if topic else "",
    )
