"""Jobs that are written here are those that web writes."""

import re
import unittest
from pathlib import Path
from uuid import UUID

import rows

ITEM = Path(__file__).parents[2] / "services/shared/backends/src/jobs/item.rs"
EVENTS = Path(__file__).parents[2] / "services/shared/domain/src/events.rs"


class Rows(unittest.TestCase):
    """Attribute by attribute."""

    def test_a_row_has_the_attributes_that_web_writes(self):
        source = ITEM.read_text()
        written = source[source.index("fn to_item") : source.index("pub(super) fn from_item")]
        theirs = dict(re.findall(r'\("([a-z0-9_]+)", (text|number)\(', written))
        ours = rows.pending(rows.made_up(1), rows.job_id(), "a.vcf", (12, "v1"), "gas-inputs")
        kinds = {"S": "text", "N": "number"}
        self.assertEqual({name: kinds[next(iter(value))] for name, value in ours.items()}, theirs)

    def test_the_shard_is_that_of_the_ids_last_byte(self):
        shards = int(re.search(r"SHARDS: u8 = (\d+)", ITEM.read_text())[1])
        self.assertEqual(shards, rows.SHARDS)
        job = "10ad7e57-8b86-4011-b42d-00c04fc964ff"
        self.assertEqual(rows.pending(rows.made_up(1), job, "a.vcf", (1, None), "b")["pending_shard"], {"S": "3"})

    def test_a_message_is_that_of_the_services(self):
        job = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
        self.assertIn(f'r#"{rows.message(job)}"#', EVENTS.read_text())

    def test_ids_are_marked_and_still_ids(self):
        first, second = rows.job_id(), rows.job_id()
        self.assertTrue(first.startswith("10ad7e57-") and str(UUID(first)) == first)
        self.assertNotEqual(first, second)
