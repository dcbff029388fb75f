"""What may be done with each thing that a pasted text names: a verdict for each use and each who asks, side by side.

A thing that nothing here goes by is a finding that is not known. Of one that only a pasted bill of materials describes
the document may forbid something, and never allows anything: it is the word of whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from kg.answers.advice.decisive import doubts_of
from kg.answers.advice.listed import unknown_answer
from kg.answers.advice.notice import write_notice
from kg.answers.advice.proposal import Proposal
from kg.answers.advice.what_if import MOST_CARD, planned_ancestry, planned_parents
from kg.answers.contract import DecisiveAnswer, DutyAnswer, GapAnswer, LicenseAnswer, Ref
from kg.answers.license import answer_ancestry
from kg.answers.license_parents import LicenseAncestry, read_ancestry
from kg.answers.local import local_licenses
from kg.answers.missing import tell_absent
from kg.answers.show import Labels, tell_missing
from kg.errors import DataError, InputError, UnknownId
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import SEVERITY, worst
from kg.licenses.states import LICENSED
from kg.licenses.terms import Use, Verdict
from kg.messages.message import Message
from kg.model.claim import kind_of
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.pasted._entries import PastedEntry
from kg.pasted._reading import CARD, read_paste
from kg.pasted._shapes import PasteSort
from kg.snapshot.snapshot import Snapshot

MOST_TEXT = 200_000  # characters
MOST_COLUMNS = 8
_MOST_ANSWERS = 160  # cells of the table
_MOST_THINGS = 60
_NEAR = 3  # names that may have been meant
_PARENTS = 4


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is pasted, and what is asked of it."""

    text: str
    file: str = ""  # name of the file that it is from, which decides how it is read
    uses: Sequence[Use] = ("commercial",)
    # Profiles by what to call them; none = of whom nothing is known
    who: Mapping[str, Profile] = {}
    lang: str = "en"


class CheckColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A use, for one who asks."""

    use: Use
    who: str  # a country, "" where none is said
    profile: Profile


class CheckCell(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on a thing in a column."""

    verdict: Verdict
    sentence: str
    decisive: DecisiveAnswer | None
    doubts: list[str]  # how sure it is that the clause decides


class CheckedThing(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that the text names, with a verdict for each column."""

    what: str  # as written; "" of the model of a card
    lines: list[int]  # of the text, 1-based
    kind: str
    id: str | None  # of the graph; None if nothing goes by it
    label: str
    told_by: str  # whose word it rests on: data, card, bom, or nobody's
    makers: list[Ref]
    families: list[Ref]
    made_from: list[Ref]
    declared: list[Ref]
    verdict: Verdict  # the worst of its cells
    cells: list[CheckCell]
    checklist: list[DutyAnswer]
    gaps: list[GapAnswer]
    changes: list[str]
    near: list[Ref]  # that may have been meant, of what is not known


class CheckAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a pasted text names, judged; a text that names nothing has no verdict."""

    sort: PasteSort
    file: str  # how code was read
    columns: list[CheckColumn]
    things: list[CheckedThing]
    counts: dict[Verdict, int]  # things by their worst verdict
    left_out: int  # lines or finds that were not judged
    notes: list[str]  # what of the text was not read
    notice: str  # NOTICE text for all of it


_Ask = Callable[[Use, Profile], LicenseAnswer]


def check_paste(snapshot: Snapshot, request: CheckRequest) -> CheckAnswer:
    """What may be done with each thing that a pasted text names.

    Args:
        snapshot: an open snapshot.
        request: the text and the question.

    Raises:
        InputError: the text is empty or too long, it is a card or a bill of materials that cannot be read, or there
            are too many columns.
    """
    columns = _columns(request)
    if not request.text.strip():
        raise InputError(Message("paste something: a name, an address, a card, a file"))
    if len(request.text) > MOST_TEXT:
        raise InputError(Message("a pasted text has at most %(num)s characters", num=MOST_TEXT))
    most = min(_MOST_THINGS, _MOST_ANSWERS // len(columns))
    try:
        content = read_paste(snapshot, request.text, request.file, most)
    except DataError as error:  # what is wrong is wrong with what was pasted
        raise InputError(error.what) from error
    judge = _Judge(snapshot, request, columns)
    found = [judge.judge(one) for one in content.entries]
    things = [thing for thing, _ in found]
    return CheckAnswer(
        sort=content.sort,
        file=content.file,
        columns=columns,
        things=things,
        counts={
            verdict: number
            for verdict in SEVERITY
            if (number := sum(one.verdict == verdict for one in things))
        },
        left_out=content.left_out,
        notes=[note.text(request.lang) for note in content.notes],
        notice=write_notice(snapshot, [passed_on for _, passed_on in found], request.lang)
        if found
        else "",
    )


def _columns(request: CheckRequest) -> list[CheckColumn]:
    found = [
        CheckColumn(use=use, who=name, profile=profile)
        for use in dict.fromkeys(request.uses)
        for name, profile in (request.who or {"": NOBODY}).items()
    ]
    if not 0 < len(found) <= MOST_COLUMNS:
        raise InputError(
            Message(
                "choose at most %(num)s pairs of a use and a country, and at least one",
                num=MOST_COLUMNS,
            )
        )
    return found


class _Judge:
    """Judges the things of one text."""

    def __init__(
        self, snapshot: Snapshot, request: CheckRequest, columns: Sequence[CheckColumn]
    ) -> None:
        self._snapshot, self._request, self._columns = snapshot, request, columns
        self._lang = request.lang
        self._labels = Labels(snapshot, request.lang)
        self._absent: dict[str, UnknownId] = {}
        self._cards: dict[str | None, LicenseAncestry] = {}  # by the name of the model

    def judge(self, one: PastedEntry) -> tuple[CheckedThing, LicenseAnswer]:
        """A thing with its verdicts, and the answer on passing it on, for a NOTICE."""
        ask, told_by = self._asked(one)
        answers = [ask(column.use, column.profile) for column in self._columns]
        passing = (answer for answer in answers if answer.use == "redistribute")
        passed_on = next(passing, None) or ask("redistribute", self._columns[0].profile)
        first = answers[0]
        missing = self._missing(one) if one.id is None and one.kind != CARD else None
        thing = CheckedThing(
            what=one.what,
            lines=list(one.lines),
            kind=one.kind,
            id=one.id,
            label=first.label,
            told_by=told_by,
            makers=self._refs(one, DEVELOPER),
            families=self._refs(one, IN_FAMILY),
            made_from=self._made_from(one),
            declared=[self._labels.ref(license) for license in first.declared],
            verdict=worst(answer.verdict for answer in answers),
            cells=[self._cell(answer) for answer in answers],
            checklist=_duties(answers),
            gaps=list({gap.text: gap for answer in answers for gap in answer.gaps}.values()),
            changes=list(dict.fromkeys(text for answer in answers for text in answer.changes)),
            near=self._near(missing) if missing else [],
        )
        return thing, passed_on

    def _cell(self, answer: LicenseAnswer) -> CheckCell:
        return CheckCell(
            verdict=answer.verdict,
            sentence=answer.sentence,
            decisive=answer.decisive,
            doubts=doubts_of(answer.decisive, self._lang) if answer.decisive else [],
        )

    # ---- who answers

    def _asked(self, one: PastedEntry) -> tuple[_Ask, str]:
        """What answers on a thing, and whose word that rests on."""
        if one.kind == CARD:
            return self._of_card(), "card"
        if one.id:
            return self._known(one, one.id)
        if any(claim.property not in ("label", "hubId") for claim in one.claims):
            return self._of_document(one), "bom"
        return self._unknown(one), ""

    def _known(self, one: PastedEntry, id: str) -> tuple[_Ask, str]:
        try:
            ancestry = read_ancestry(self._snapshot, id)
        except InputError as error:  # a license, an organization
            return self._unknown(msgspec.structs.replace(one, why=error.message)), ""
        return (
            lambda use, who: answer_ancestry(self._snapshot, ancestry, use, who, self._lang)
        ), "data"

    def _of_card(self) -> _Ask:
        if len(self._request.text) > MOST_CARD:
            raise InputError(Message("a card has at most %(num)s characters", num=MOST_CARD))
        return lambda use, who: answer_ancestry(
            self._snapshot, self._planned(who.name), use, who, self._lang
        )

    def _planned(self, name: str | None) -> LicenseAncestry:
        """The model of a pasted card with its ancestors."""
        if name not in self._cards:
            proposal = Proposal(card=self._request.text)
            self._cards[name] = planned_ancestry(self._snapshot, proposal, name, self._lang)
        return self._cards[name]

    def _of_document(self, one: PastedEntry) -> _Ask:
        """By what a pasted document says: it may forbid, and what it allows is not known."""
        unknown = self._unknown(one)

        def ask(use: Use, who: Profile) -> LicenseAnswer:
            said = local_licenses(self._snapshot, one.claims, use, who, self._lang)
            bare = unknown(use, who)
            found = max(said, key=lambda a: SEVERITY.index(a.verdict), default=bare)
            forbids = SEVERITY.index(found.verdict) > SEVERITY.index(bare.verdict)
            return found if forbids else bare

        return ask

    def _unknown(self, one: PastedEntry) -> _Ask:
        why = one.why or _absent(self._snapshot, one)
        return lambda use, who: unknown_answer(self._snapshot, one.what, use, who, self._lang, why)

    def _missing(self, one: PastedEntry) -> UnknownId:
        """Why nothing goes by a name, with what is close to it."""
        if one.what not in self._absent:
            error = UnknownId(one.what, self._snapshot.near(one.what))
            self._absent[one.what] = tell_missing(self._snapshot, error, self._lang)
        return self._absent[one.what]

    def _near(self, missing: UnknownId) -> list[Ref]:
        ids = [id for id in missing.near if kind_of(id) in LICENSED]
        return [self._labels.ref(id) for id in ids[:_NEAR]]

    # ---- what it is

    def _refs(self, one: PastedEntry, property: str) -> list[Ref]:
        values = self._snapshot.entity(one.id).values(property) if one.id else ()
        return [self._labels.ref(str(value)) for value in values if value]

    def _made_from(self, one: PastedEntry) -> list[Ref]:
        """What gave a thing its weights; of a card, all that it names."""
        if one.kind == CARD:
            card = self._planned(self._columns[0].profile.name)
            ids: Iterable[str] = planned_parents(self._snapshot, card)
        else:
            ids = self._parents(one.id) if one.id else ()
        return [self._named(id) for id in list(dict.fromkeys(ids))[:_PARENTS]]

    def _named(self, id: str) -> Ref:
        ref = self._labels.ref(id)
        return Ref(id, ref.label.removeprefix("hf/"))

    def _parents(self, id: str) -> Iterator[str]:
        snapshot = self._snapshot
        weights = snapshot.vocabulary.edges("weights")
        for edge in snapshot.lineage.parents(snapshot.number(id), weights):
            yield snapshot.id_at(edge.parent)


def _absent(snapshot: Snapshot, one: PastedEntry) -> Message:
    """That nothing goes by a name."""
    if one.kind == "dataset":
        return Message("no data set goes by %(name)s", name=one.what)
    return tell_absent(snapshot, one.what)


def _duties(answers: Sequence[LicenseAnswer]) -> list[DutyAnswer]:
    """What must be done in the columns in which it may be used; in all, where it may in none."""
    may = [answer for answer in answers if answer.verdict != "prohibited"] or answers
    found: dict[tuple[str, str], DutyAnswer] = {}
    for answer in may:
        for duty in answer.checklist:
            found.setdefault((duty.duty, duty.text), duty)
    return sorted(found.values(), key=lambda duty: (not duty.sure, not duty.broken))
