"""Notes: the last one counts, those before are kept, and who wrote them is known."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core.actors import Action, Actor, Deed, Role
from core.errors import ForbiddenError, OptionError
from core.warehouse import audit, notes

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

NOW = datetime(2026, 1, 2, 3, 4)
LATER = datetime(2026, 2, 2)
OWNER = "amber.harbor71@example.com"


def test_last_note_counts_and_the_ones_before_are_kept(warehouse: Warehouse) -> None:
    assert notes.history(warehouse, OWNER) == ()
    assert notes.save(warehouse, OWNER, "  pays late\n", now=NOW, by="one")
    assert notes.save(warehouse, OWNER, "pays\non time", now=LATER, by="two")
    assert notes.save(warehouse, "other@example.com", "else", now=LATER, by="two")

    newest, oldest = notes.history(warehouse, OWNER)

    assert (newest.note, newest.saved_at, newest.saved_by) == (
        "pays\non time",
        LATER,
        "two",
    )
    assert (oldest.note, oldest.saved_at, oldest.saved_by) == ("pays late", NOW, "one")


def test_same_note_again_changes_nothing(warehouse: Warehouse) -> None:
    assert not notes.save(warehouse, OWNER, "  ", now=NOW, by="one")
    assert notes.save(warehouse, OWNER, "pays late", now=NOW, by="one")
    assert not notes.save(warehouse, OWNER, "pays late ", now=LATER, by="two")
    assert len(notes.history(warehouse, OWNER)) == 1


def test_empty_note_takes_the_last_away_and_an_older_one_can_come_back(
    warehouse: Warehouse,
) -> None:
    for text in ("pays late", "", "pays late"):
        assert notes.save(warehouse, OWNER, text, now=NOW, by="one")
    said = [each.note for each in notes.history(warehouse, OWNER)]
    assert said == ["pays late", "", "pays late"]


def test_note_of_a_page_is_kept_and_a_longer_one_refused(warehouse: Warehouse) -> None:
    page = "x" * notes.LONGEST
    assert notes.save(warehouse, OWNER, page, now=NOW, by="one")
    with pytest.raises(OptionError, match="4,001 characters"):
        notes.save(warehouse, OWNER, page + "x", now=NOW, by="one")
    assert notes.history(warehouse, OWNER)[0].note == page


def test_note_is_recorded_with_its_writer_and_without_its_words(
    warehouse: Warehouse,
) -> None:
    notes.save(warehouse, OWNER, "pays late", now=NOW, by="one")
    assert audit.deeds(warehouse) == (Deed(Action.NOTE, OWNER, NOW, "one"),)


def test_viewer_writes_no_note(warehouse: Warehouse) -> None:
    viewer = warehouse.acting_as(lambda: Actor("two", Role.VIEWER))
    with pytest.raises(ForbiddenError):
        notes.save(viewer, OWNER, "pays late", now=NOW, by="two")
    assert notes.history(warehouse, OWNER) == ()
