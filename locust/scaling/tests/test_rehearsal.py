"""What a rehearsal measures and how it judges, without containers."""

import json
import unittest
import urllib.request
from types import SimpleNamespace

from scaling.policies import Scaled
from scaling.rehearsal import verdict
from scaling.rehearsal.agent import Agent
from scaling.rehearsal.counters import read, total
from scaling.rehearsal.course import Course, Row
from scaling.scaler import Change

METRICS = """# HELP gas_http_requests_total HTTP requests answered
gas_http_requests_total{method="GET",route="/",status="200"} 40
gas_http_requests_total{method="GET",route="/healthz",status="200"} 9
gas_http_requests_total{method="POST",route="/login",status="502"} 2
process_cpu_seconds_total 1.5
"""


class Counted(unittest.TestCase):
    def test_samples_are_summed_by_what_their_labels_are_and_are_not(self):
        found = read(METRICS)
        self.assertEqual(total(found, "gas_http_requests_total", not_route="/healthz"), 42)
        self.assertEqual(total(found, "gas_http_requests_total", not_route="/healthz", status="5.."), 2)
        self.assertEqual(total(found, "process_cpu_seconds_total"), 1.5)


class Protected(unittest.TestCase):
    def test_a_task_protects_itself_and_lets_go(self):
        agent = Agent("127.0.0.1")
        self.addCleanup(agent.close)
        for on, expected in ((True, {"127.0.0.1"}), (False, set())):
            request = urllib.request.Request(f"{agent.uri}/task-protection/v1/state", json.dumps({"ProtectionEnabled": on}).encode(), method="PUT")
            with urllib.request.urlopen(request, timeout=5) as answer:
                self.assertEqual(json.load(answer)["protection"]["ProtectionEnabled"], on)
            self.assertEqual(agent.protected, expected)


def course(wanted, tasks, *changes):
    scaler = SimpleNamespace(changes=[Change(minute, before, after, "test") for minute, before, after in changes])
    rows = [Row(minute, w, t, 0, ()) for minute, (w, t) in enumerate(zip(wanted, tasks))]
    return SimpleNamespace(scaled=Scaled("test", 2, 10, ()), scaler=scaler, rows=rows, loaded=lambda: 1)


class Settled(unittest.TestCase):
    def test_a_course_ends_three_minutes_after_the_last_task_went(self):
        one = Course(None, Scaled("test", 2, 10, ()), None, 1, 99)
        seen = []
        for wanted, tasks in [(2, 2)] * 4 + [(10, 10), (2, 3)] + [(2, 2)] * 3:
            one.rows.append(Row(len(one.rows), wanted, tasks, 0, ()))
            seen.append(one.settled())
        self.assertEqual(seen, [False] * 8 + [True])


class Judged(unittest.TestCase):
    def complaints(self, *of):
        return list(verdict.complaints(course(*of)))

    def test_from_two_to_ten_and_back_is_right(self):
        self.assertEqual(self.complaints([2, 10, 2], [2, 10, 2], (6, 2, 10), (20, 10, 2)), [])

    def test_who_is_late_is_told(self):
        self.assertEqual(self.complaints([2, 10, 2], [2, 10, 2], (8, 2, 10), (20, 10, 2)), ["asked for no task within 6 minutes of the load"])

    def test_who_goes_to_and_fro_is_told(self):
        said = self.complaints([2, 10, 2], [2, 10, 2], (6, 2, 10), (7, 10, 9), (8, 9, 10), (20, 10, 2))
        self.assertEqual(said, ["went to and fro: 3 turns"])

    def test_who_stays_is_told(self):
        self.assertEqual(self.complaints([2, 10, 10], [2, 10, 10], (6, 2, 10)), ["ended with 10 tasks, not with 2"])

    def test_who_never_has_what_was_asked_for_is_told(self):
        self.assertEqual(self.complaints([2, 10, 2], [2, 7, 2], (6, 2, 10), (20, 10, 2)), ["had 7 healthy tasks at most, not 10"])


if __name__ == "__main__":
    unittest.main()
