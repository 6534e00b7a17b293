"""The model of a farm and of a day: what must hold whatever the policies say."""

import dataclasses
import unittest

import numpy
from scaling import costs, day, policies, seed, simulation
from scaling.farm import Farm
from scaling.metrics import Metrics
from scaling.policies import House, Scaled
from scaling.scaler import Scaler


def run(scaled, requested, takes, minutes, late=2, concurrency=1):
    scaler = Scaler(scaled)
    return Farm(scaler, Metrics(late), concurrency).run(requested, takes, minutes), scaler


class Farms(unittest.TestCase):
    fixed = Scaled("test", 2, 2, ())

    def test_jobs_begin_in_their_order_as_soon_as_there_is_a_place(self):
        course, _ = run(self.fixed, [0, 0, 0, 200], [90, 90, 30, 30], 5)
        self.assertEqual(course.began.tolist(), [0, 0, 90, 200])

    def test_what_did_not_begin_has_no_number(self):
        course, _ = run(self.fixed, [0, 0, 0], [300, 300, 1], 2)
        self.assertTrue(numpy.isnan(course.began[2]))
        self.assertEqual(course.minutes[-1].waiting, 1)

    def test_nothing_is_lost_between_the_queue_and_the_end(self):
        jobs = day.requests(3000, 500)
        course, _ = run(policies.of_templates("annotator"), jobs, numpy.full(len(jobs), 30.0), 1440, concurrency=2)
        self.assertEqual(numpy.isfinite(course.began).sum(), 3000)
        self.assertEqual(sum(m.sent for m in course.minutes), 3000)
        self.assertEqual(sum(m.received for m in course.minutes), 3000)
        self.assertTrue((course.began >= jobs).all())

    def test_tasks_stay_within_their_bounds(self):
        course, scaler = run(policies.of_templates("annotator"), [0] * 500, [120] * 500, 300)
        self.assertEqual({min(m.tasks for m in course.minutes), max(m.tasks for m in course.minutes)}, {2, 10})
        self.assertTrue(all(2 <= c.after <= 10 for c in scaler.changes))

    def test_a_task_that_works_is_not_stopped(self):
        """A job of 20 minutes for each of ten tasks, and a tracker that sees nothing wait."""
        course, scaler = run(policies.of_templates("annotator"), [0] * 60, [1200] * 60, 300, late=0)
        first_in = next(c.minute for c in scaler.changes if c.after < c.before)
        self.assertGreater(course.minutes[first_in + 2].tasks, scaler.changes[-1].after)
        self.assertEqual(numpy.isfinite(course.began).sum(), 60)
        self.assertEqual(course.minutes[-1].tasks, 2)

    def test_sixty_jobs_at_once_bring_ten_tasks_and_two_in_the_end(self):
        course, scaler = run(policies.of_templates("annotator"), [1200] * 60, [120] * 60, 120, concurrency=2)
        self.assertEqual([(c.minute - 20, c.after) for c in scaler.changes if c.after > c.before], [(5, 10)])
        drained = next(n for n, m in enumerate(course.minutes) if n > 20 and not m.waiting) - 20
        self.assertEqual((drained, course.minutes[-1].tasks), (10, 2))

    def test_the_first_rules_take_tasks_away_while_jobs_wait(self):
        course, scaler = run(seed.rules("annotator"), [1200] * 60, [120] * 60, 120, concurrency=2)
        waiting = [course.minutes[c.minute - 1].waiting for c in scaler.changes if c.after < c.before]
        self.assertGreater(max(waiting), 40)

    def test_more_tasks_at_most_make_nobody_wait_longer(self):
        jobs, ours = day.requests(4000, 1000), policies.of_templates("annotator")
        waits = []
        for most in (10, 40, 160):
            course, _ = run(dataclasses.replace(ours, most=most), jobs, numpy.full(4000, 60.0), 1440)
            waits.append(numpy.nanpercentile(course.began - jobs, 99))
        self.assertEqual(waits, sorted(waits, reverse=True))


class Days(unittest.TestCase):
    def test_a_day_has_its_jobs_in_order_and_its_burst_within_a_minute(self):
        requested = day.requests(10_000, 500)
        self.assertEqual((len(requested), (numpy.diff(requested) < 0).any()), (10_000, False))
        minutes = numpy.bincount((requested // 60).astype(int), minlength=1440)
        self.assertEqual(int(minutes.argmax()), 570)
        self.assertGreaterEqual(int(minutes[570]), 500)

    def test_the_afternoon_has_more_than_the_small_hours(self):
        hours = numpy.bincount((day.requests(100_000, 0) // 3600).astype(int), minlength=24)
        self.assertAlmostEqual(hours[14] / hours[2], 2.6, delta=0.2)

    def test_two_days_of_one_seed_are_the_same(self):
        self.assertTrue((day.requests(1000, 50) == day.requests(1000, 50)).all())

    def test_shares_are_a_whole(self):
        self.assertAlmostEqual(sum(s.share for s in day.SAMPLES), 1)


class Costs(unittest.TestCase):
    def test_two_annotators_cost_what_the_cost_sheet_says(self):
        """36 dollars a month each."""
        size = costs.Size.of("annotator", House.read())
        self.assertAlmostEqual(costs.of_a_day(size, 2, 2 * day.SECONDS) / 24 * 730 / 2, 36, delta=0.2)

    def test_what_is_above_the_least_is_on_spot(self):
        size = costs.Size(1, 2)
        self.assertAlmostEqual(costs.of_a_day(size, 0, 3600), 0.0125 + 2 * 0.0013)

    def test_ten_tasks_of_two_minutes_hold_ten_thousand_jobs_a_day(self):
        found = {limit.name: limit.holds for limit in costs.limits(House.read(), 120, 2)}
        self.assertAlmostEqual(found["MaxTasks 10"], 9931, delta=1)

    def test_limits_come_in_the_order_in_which_they_are_met(self):
        holds = [limit.holds for limit in costs.limits(House.read(), 120, 2)]
        self.assertEqual(holds, sorted(holds))


class Words(unittest.TestCase):
    def test_a_span_is_told_in_its_unit(self):
        self.assertEqual([simulation.span(s) for s in (0, 95, 720, 43_200)], ["0 s", "95 s", "12 min", "12 h"])


if __name__ == "__main__":
    unittest.main()
