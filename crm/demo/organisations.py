"""The stakeholders: those that are always there, and as many made-up ones as are asked for."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from crm.database import folded
from crm.demo.numbers import landline, organisation_number
from crm.demo.word_lists import Weighted, word_list
from crm.organisations.models import OrganisationKind, OrganisationStatus
from crm.organisations.naming import OtherName

COMPANY = OrganisationKind.company
TENANT_TAGS = {"Berger Næringsutvikling AS": "Berger", "Heia Tomteutvikling AS": "Heia"}


@dataclass(slots=True)
class Stakeholder:
    """An organisation as it is written, and what the rest of the history needs to know of it."""

    id: int
    name: str
    kind: OrganisationKind
    industry_code: str
    city: str
    municipality_number: str
    street: str | None = None
    postcode: str | None = None
    status: OrganisationStatus = OrganisationStatus.active
    organisation_number: str | None = None
    legal_form: str | None = None
    employees: int | None = None
    website: str | None = None
    email: str | None = None
    phone: str | None = None
    tags: list[str] = field(default_factory=list)
    binned: bool = False
    relations: list[tuple[str, int]] = field(default_factory=list)
    names: list[OtherName] = field(default_factory=list)

    @property
    def domain(self) -> str:
        """A reserved domain name: no mail and no visitor ever reaches it."""
        words = [word for word in folded(self.name).split() if word not in {"as", "sa"}]
        return "-".join(words)[:50].strip("-") + ".example"

    def names_told(self) -> list[dict[str, Any]]:
        """Its other names as the audit log has them."""
        return [
            {"kind": one.kind, "name": one.name, "until": one.until.isoformat() if one.until else None}
            for one in self.names
        ]


class Register:
    """Makes stakeholders one by one. The same generator gives the same ones."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._next_number = 0
        self._names: set[str] = set()
        places, trades = word_list("places")["places"], word_list("trades")
        self._places = Weighted(places, [place["weight"] for place in places])
        self._by_city = {place["city"]: place for place in places}
        self._heads: list[str] = trades["heads"] + word_list("names")["family"][20:]
        self._trades = Weighted(trades["trades"], [trade["weight"] for trade in trades["trades"]])
        self._others = Weighted(trades["others"], [other["weight"] for other in trades["others"]])
        self._share_of_others = sum(other["weight"] for other in trades["others"]) / 1000
        self._known: dict[str, int] = {}
        self._by_kind: dict[OrganisationKind, list[int]] = defaultdict(list)
        self._names_by_id: dict[int, str] = {}

    def stakeholders(self, count: int) -> Iterator[Stakeholder]:
        """The first `count`: named ones first."""
        named = word_list("stakeholders")["organisations"]
        for identifier in range(1, count + 1):
            if identifier <= len(named):
                stakeholder = self._named(identifier, named[identifier - 1])
            elif self._rng.random() < self._share_of_others:
                stakeholder = self._other(identifier)
            else:
                stakeholder = self._company(identifier)
            if not stakeholder.binned:
                self._by_kind[stakeholder.kind].append(identifier)
            yield stakeholder

    def _number(self) -> str:
        while True:
            self._next_number += 1
            number = organisation_number(self._next_number)
            if number:
                return number

    def _named(self, identifier: int, given: dict[str, Any]) -> Stakeholder:
        place = self._by_city[given["place"]]
        made_up = given.get("numbered", False)
        stakeholder = Stakeholder(
            id=identifier,
            name=given["name"],
            kind=OrganisationKind(given["kind"]),
            industry_code=given["industry"],
            city=place["city"],
            municipality_number=place["municipality"],
            organisation_number=self._number() if made_up else None,
            legal_form="AS" if given["name"].endswith(" AS") else None,
            employees=given.get("employees"),
            tags=list(given.get("tags", ())),
            names=[OtherName(**other) for other in given.get("other_names", ())],
        )
        if made_up:
            self._settle(stakeholder, place)
        for kind in ("spin_off_of", "subsidiary_of", "tenant_of", "member_of"):
            if given.get(kind) in self._known:
                stakeholder.relations.append((kind, self._known[given[kind]]))
        self._known[stakeholder.name] = identifier
        self._names.add(stakeholder.name)
        if stakeholder.name in TENANT_TAGS:
            self._names_by_id[identifier] = TENANT_TAGS[stakeholder.name]
        return stakeholder

    def _settle(self, stakeholder: Stakeholder, place: dict[str, Any]) -> None:
        """An address and ways to reach them."""
        rng = self._rng
        stakeholder.street = (
            f"{rng.choice(place['streets'])} {rng.randint(1, 98)}{rng.choice(('', '', '', 'A', 'B'))}"
        )
        stakeholder.postcode = rng.choice(place["postcodes"])
        domain = stakeholder.domain
        if rng.random() < 0.8:
            stakeholder.website = f"https://www.{domain}"
        if rng.random() < 0.7:
            stakeholder.email = f"post@{domain}"
        if rng.random() < 0.85:
            stakeholder.phone = landline(rng)

    def _unused(self, name: str, city: str) -> str:
        """The name, told apart by town and then by number where it is taken."""
        bare = name.removesuffix(" AS")
        ending = name[len(bare) :]
        for candidate in (name, f"{bare} {city}{ending}"):
            if candidate not in self._names:
                self._names.add(candidate)
                return candidate
        number = 2
        while f"{bare} {city} {number}{ending}" in self._names:
            number += self._rng.randint(1, 7)
        candidate = f"{bare} {city} {number}{ending}"
        self._names.add(candidate)
        return candidate

    def _other(self, identifier: int) -> Stakeholder:
        rng = self._rng
        other, place = self._others.pick(rng), self._places.pick(rng)
        ending = " AS" if other["legal_form"] == "AS" else ""
        name = self._unused(f"{rng.choice(self._heads)} {rng.choice(other['names'])}{ending}", place["city"])
        stakeholder = Stakeholder(
            id=identifier,
            name=name,
            kind=OrganisationKind(other["kind"]),
            industry_code=other["code"],
            city=place["city"],
            municipality_number=place["municipality"],
            organisation_number=self._number(),
            legal_form=other["legal_form"],
            employees=self._employees(8),
        )
        self._settle(stakeholder, place)
        if rng.random() < 0.2:
            stakeholder.tags.append(rng.choice(word_list("stakeholders")["tags"]["general"]))
        if stakeholder.kind is OrganisationKind.university:
            self._relate(stakeholder, "partner_of", OrganisationKind.cluster)
        return stakeholder

    def _company(self, identifier: int) -> Stakeholder:
        rng = self._rng
        trade, place = self._trades.pick(rng), self._places.pick(rng)
        sole = rng.random() < 0.04
        name = self._sole_proprietor(trade) if sole else self._company_name(trade)
        stakeholder = Stakeholder(
            id=identifier,
            name=self._unused(name, place["city"]),
            kind=COMPANY,
            industry_code=trade["code"],
            city=place["city"],
            municipality_number=place["municipality"],
            organisation_number=self._number() if rng.random() < 0.97 else None,
            legal_form="ENK" if sole else "AS",
            employees=None if sole else self._employees(trade["employees"]),
            binned=rng.random() < 0.004,
        )
        self._settle(stakeholder, place)
        luck = rng.random()
        if luck < 0.012:
            stakeholder.status = OrganisationStatus.bankrupt
        elif luck < 0.02:
            stakeholder.status = OrganisationStatus.dissolving
        if rng.random() < 0.3:
            stakeholder.tags.append(rng.choice(word_list("stakeholders")["tags"]["general"]))
        self._relate_company(stakeholder)
        return stakeholder

    def _company_name(self, trade: dict[str, Any]) -> str:
        rng = self._rng
        head = rng.choice(self._heads)
        if rng.random() < 0.15:
            head = f"{head} & {rng.choice(word_list('names')['family'])}"
        return f"{head} {rng.choice(trade['names'])} AS"

    def _sole_proprietor(self, trade: dict[str, Any]) -> str:
        names = word_list("names")
        return f"{self._rng.choice(trade['names'])} {self._rng.choice(names['given'])} {self._rng.choice(names['family'])}"

    def _employees(self, typical: int) -> int | None:
        """A skewed figure around the typical one; None under five, which the register withholds."""
        employees = round(typical * self._rng.lognormvariate(-0.2, 0.8))
        return employees if employees >= 5 else None

    def _relate(self, stakeholder: Stakeholder, kind: str, to: OrganisationKind) -> int | None:
        """Relate it to one of the kind, to an early one more often than to a late one."""
        candidates = self._by_kind[to]
        if not candidates:
            return None
        target = candidates[int(len(candidates) * self._rng.random() ** 2)]
        stakeholder.relations.append((kind, target))
        return target

    def _relate_company(self, stakeholder: Stakeholder) -> None:
        rng = self._rng
        if rng.random() < 0.08:
            self._relate(
                stakeholder, "member_of", rng.choice((OrganisationKind.cluster, OrganisationKind.association))
            )
        if rng.random() < 0.06:
            landlord = self._relate(stakeholder, "tenant_of", OrganisationKind.developer)
            if landlord in self._names_by_id:
                stakeholder.tags.append(self._names_by_id[landlord])
        if rng.random() < 0.03:
            self._relate(stakeholder, "subsidiary_of", COMPANY)
        if stakeholder.city == "Kjeller" and rng.random() < 0.3:
            self._relate(stakeholder, "spin_off_of", OrganisationKind.startup_hub)
        if rng.random() < 0.02:
            self._relate(stakeholder, "partner_of", OrganisationKind.university)
