"""Jobs that are written here are those that web writes: compared with its sources."""

import re
import unittest
from pathlib import Path
from uuid import UUID

import rows
import turns

SHARED = Path(__file__).parents[2] / "services/shared"
ITEM, TURNS, ENTRIES = (SHARED / "backends/src/jobs" / name for name in ("item.rs", "turns.rs", "entries.rs"))
EVENTS = SHARED / "domain/src/events.rs"
JOB = "10ad7e57-8b86-4011-b42d-00c04fc964ff"


def attributes(source, begin, end):
    """{name of an attribute: text or number} that a part of a source writes."""
    part = source[source.index(begin) : source.index(end, source.index(begin))]
    return dict(re.findall(r'\("([a-z0-9_]+)", (text|number)\(', part))


def kinds(row):
    """The same of a row."""
    return {name: {"S": "text", "N": "number"}[next(iter(value))] for name, value in row.items()}


class Rows(unittest.TestCase):
    """Attribute by attribute."""

    def setUp(self):
        self.row = rows.pending(rows.made_up(1), JOB, "a.vcf", (12, "v1"), "gas-inputs")
        self.base = attributes(ITEM.read_text(), "fn to_item", "pub(super) fn from_item")

    def test_a_row_has_the_attributes_that_web_writes(self):
        self.assertEqual(kinds(self.row), self.base)

    def test_a_job_in_turn_has_some_more(self):
        more = attributes(TURNS.read_text(), "fn in_turn", "\n}")
        self.assertEqual(len(more), 4)
        self.assertEqual(kinds(rows.in_turn(self.row)), self.base | more)

    def test_a_job_that_waits_has_one_more(self):
        self.assertIn('[("awaits_turn", number(1))]', TURNS.read_text())
        self.assertEqual(kinds(rows.awaiting(self.row)), self.base | {"awaits_turn": "number"})

    def test_the_shard_is_that_of_the_ids_last_byte(self):
        self.assertEqual(int(re.search(r"SHARDS: u8 = (\d+)", ITEM.read_text())[1]), rows.SHARDS)
        self.assertEqual(rows.in_turn(self.row)["pending_shard"], {"S": "3"})

    def test_a_message_is_that_of_the_services(self):
        job = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
        self.assertIn(f'r#"{rows.message(job)}"#', EVENTS.read_text())

    def test_ids_are_marked_and_still_ids(self):
        first, second = rows.job_id(), rows.job_id()
        self.assertTrue(first.startswith("10ad7e57-") and str(UUID(first)) == first)
        self.assertNotEqual(first, second)


class Turns(unittest.TestCase):
    """Expression by expression."""

    def test_expressions_are_those_of_the_services(self):
        theirs, ours = ENTRIES.read_text(), Path(turns.__file__).read_text()
        self.assertIn(f'HAS_ROOM: &str = "{turns.HAS_ROOM}"', theirs)
        for expression in (
            "attribute_not_exists(waiting_shard) AND ({HAS_ROOM})",
            "SET #plan = :plan ADD jobs :job",
            "SET waiting_shard = :shard, #plan = :plan ADD waited :one",
        ):
            self.assertIn(f'"{expression}"', theirs)
            self.assertIn(f'"{expression}"', ours)
        self.assertIn('"waits {:012} {job}"', theirs)
        row = {"submit_time": {"N": "1700000000"}, "job_id": {"S": JOB}}
        self.assertEqual(turns.waits(row), f"waits 001700000000 {JOB}")

    def test_premium_has_more_turns_but_never_more_than_half_of_the_places(self):
        class Places(turns.Turns):
            """Annotators with this many places."""

            def _places(self):
                return self.here

        found = Places(None, "annotations", "turns", 2, 20)
        for places, most in ((0, 2), (4, 2), (11, 5), (40, 20), (200, 20)):
            found.here = places
            self.assertEqual((found.most("Premium"), found.most("Free")), (most, 2))
