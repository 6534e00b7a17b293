"""The scaler against what AWS documents, and our policies against loads."""

import unittest

from scaling import alarms, pages, policies, seed
from scaling.metrics import Metrics
from scaling.policies import Alarm, Measure, Metric, Scaled, Steps, Tracking
from scaling.scaler import Scaler

LOAD = Metric("test", "load", "Sum")
TASKS = Metric("test", "tasks", "Average")


def alarm(periods=3, datapoints=3, missing="missing"):
    return Alarm(Measure.of(LOAD), "GreaterThanThreshold", 1.0, periods, datapoints, missing=missing)


def points(text):
    """`0 - X` of AWS's tables: within the threshold, missing, beyond it."""
    return [{"0": 0, "-": None, "X": 2}[p] for p in text.split()]


def tracking(**other):
    return Tracking(**{"name": "track", "measure": Measure.of(LOAD), "target": 100.0, "out_cooldown": 120, "in_cooldown": 300,
                       "scales_in": True} | other)


class Course:
    """A scaler that is told one number a minute."""

    def __init__(self, *chosen, least=2, most=50, capacity=None, late=0):
        self.metrics, self.minute = Metrics(late), 0
        self.scaler = Scaler(Scaled("test", least, most, chosen), capacity, starts=0)

    def minutes(self, *loads):
        """Capacity at the end of each minute."""
        capacities = []
        for load in loads:
            self.metrics.tell(self.minute, {LOAD: load})
            self.minute += 1
            capacities.append(self.scaler.decide(self.minute, self.metrics))
        return capacities


class Alarms(unittest.TestCase):
    """AWS's own tables: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html"""

    def rows(self, rows, **settings):
        for text, *expected in rows:
            for missing, state in zip(("missing", "ignore", "breaching", "notBreaching"), expected):
                with self.subTest(text, missing=missing):
                    self.assertEqual(alarms.state(alarm(missing=missing, **settings), points(text), "before"), state)

    def test_three_of_three(self):
        self.rows([("0 - X - X", "OK", "OK", "OK", "OK"),
                   ("0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"),
                   ("- - - - 0", "OK", "OK", "OK", "OK"),
                   ("- - - - -", "INSUFFICIENT_DATA", "before", "ALARM", "OK"),
                   ("- - X - -", "ALARM", "before", "ALARM", "OK")])

    def test_two_of_three(self):
        self.rows([("0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"),
                   ("0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"),
                   ("0 - 0 - -", "OK", "OK", "OK", "OK")], datapoints=2)


class Trackers(unittest.TestCase):
    def test_the_published_example_adds_five_tasks(self):
        """1,500 messages, 10 tasks, 0.1 s each, 10 s acceptable: 100 for each task are, 150 wait, so 5 more.
        https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html"""
        backlog = Measure("waiting / tasks", (("waiting", LOAD), ("tasks", TASKS)))
        course = Course(tracking(measure=backlog, target=10 / 0.1), most=20, capacity=10)
        for minute in range(3):
            course.metrics.tell(minute, {LOAD: 1500, TASKS: 10})
        self.assertEqual(course.scaler.decide(3, course.metrics), 15)

    def test_three_minutes_above_the_target_scale_out_and_two_do_not(self):
        self.assertEqual(Course(tracking(), capacity=2).minutes(50, 50, 50, 250, 250, 250), [2, 2, 2, 2, 2, 5])

    def test_capacity_is_rounded_up(self):
        self.assertEqual(Course(tracking(), capacity=3).minutes(101, 101, 101)[-1], 4)

    def test_a_load_at_the_target_changes_nothing(self):
        self.assertEqual(Course(tracking(), capacity=3).minutes(*[100] * 20)[-1], 3)

    def test_within_the_cooldown_only_a_larger_step_counts_from_where_it_began(self):
        course = Course(tracking(), capacity=2)
        # 2 → 5; in the next minute 400 for each of the 2 that there were are 8.
        self.assertEqual(course.minutes(250, 250, 250, 400, 90), [2, 2, 5, 8, 8])

    def test_after_the_cooldown_it_counts_from_what_is_there(self):
        course = Course(tracking(), capacity=2)
        self.assertEqual(course.minutes(*[250] * 5), [2, 2, 5, 5, 13])

    def test_the_bounds_hold(self):
        self.assertEqual(Course(tracking(), most=10, capacity=2).minutes(*[5000] * 3)[-1], 10)
        self.assertEqual(Course(tracking(), least=2, capacity=2).minutes(*[0] * 40)[-1], 2)

    def test_fifteen_minutes_below_scale_in_by_one_for_each_cooldown(self):
        course = Course(tracking(), capacity=6).minutes(*[20] * 26)
        self.assertEqual(course[13:21], [6, 5, 5, 5, 5, 5, 4, 4])

    def test_between_nine_tenths_and_the_target_nothing_is_taken_away(self):
        self.assertEqual(Course(tracking(), capacity=6).minutes(*[91] * 60)[-1], 6)

    def test_silence_is_no_low_load(self):
        self.assertEqual(Course(tracking(), capacity=6).minutes(*[95] * 3, *[None] * 60)[-1], 6)

    def test_with_scale_in_switched_off_tasks_stay(self):
        self.assertEqual(Course(tracking(scales_in=False), capacity=6).minutes(*[1] * 60)[-1], 6)

    def test_the_largest_of_several_wins(self):
        both = tracking(), tracking(name="other", target=50.0)
        self.assertEqual(Course(*both, capacity=2).minutes(250, 250, 250)[-1], 10)

    def test_tasks_go_when_every_tracker_agrees(self):
        # 60 is low for a target of 100 and high for one of 60.
        both = tracking(), tracking(name="other", target=60.0)
        self.assertEqual(Course(*both, capacity=6).minutes(*[60] * 40)[-1], 6)

    def test_a_scale_out_within_the_cooldown_of_a_scale_in_happens_at_once(self):
        course = Course(tracking(), capacity=6)
        self.assertEqual(course.minutes(*[20] * 15)[-1], 5)
        self.assertEqual(course.minutes(300, 300, 300)[-1], 15)

    def test_a_late_metric_that_is_filled_with_zero_never_scales_out(self):
        """Why the backlog of the templates is not filled: the newest point always is, and never above the target."""
        for text, expected in (("FILL(load, 0)", 2), ("load", 10)):
            with self.subTest(text):
                course = Course(tracking(measure=Measure(text, (("load", LOAD),))), most=10, capacity=2, late=1)
                self.assertEqual(course.minutes(*[5000] * 20)[-1], expected)


class StepPolicies(unittest.TestCase):
    def steps(self, *adjustments, cooldown=120):
        return Steps("steps", alarm(1, 1), cooldown, adjustments)

    def test_one_step_a_cooldown_while_the_alarm_lasts(self):
        self.assertEqual(Course(self.steps((0, None, 1)), capacity=2).minutes(*[5] * 6), [3, 3, 4, 4, 5, 5])

    def test_the_step_is_that_of_the_interval(self):
        graded = self.steps((0, 10, 1), (10, None, 4))
        self.assertEqual(Course(graded, capacity=2).minutes(5), [3])
        self.assertEqual(Course(graded, capacity=2).minutes(50), [6])

    def test_a_larger_step_within_the_cooldown_adds_the_difference(self):
        """AWS's example: 2 more, then 3 more within the cooldown, of which 1 is left."""
        graded = self.steps((0, 10, 2), (10, None, 3))
        self.assertEqual(Course(graded, capacity=10).minutes(5, 50), [12, 13])

    def test_out_beats_in(self):
        both = self.steps((0, None, 1)), Steps("in", alarm(1, 1), 120, ((0, None, -1),))
        self.assertEqual(Course(*both, capacity=4).minutes(5), [5])


class OurPolicies(unittest.TestCase):
    def web(self, rules, *loads, late=2):
        scaler = Scaler(rules("web"))
        return [m.tasks for m in pages.run(scaler, Metrics(late), loads)], scaler.changes

    def test_web_goes_to_ten_within_seven_minutes_and_back_to_two_in_silence(self):
        tasks, changes = self.web(policies.of_templates, *[20] * 5, *[3000] * 20, *[0] * 40)
        self.assertEqual([(c.minute - 5, c.after) for c in changes if c.policy == "requests"], [(5, 10)])
        self.assertEqual([(c.minute - 25, c.after) for c in changes if c.policy == "quiet"],
                         [(5, 9), (7, 8), (9, 7), (11, 6), (13, 5), (15, 4), (17, 3), (19, 2)])
        self.assertEqual((max(tasks), tasks[-1]), (10, 2))

    def test_one_quiet_minute_takes_no_task_away(self):
        _, changes = self.web(policies.of_templates, *[20] * 5, *[3000] * 20, 30, *[3000] * 20)
        self.assertEqual([c.after for c in changes], [10])

    def test_a_steady_load_is_held_without_going_to_and_fro(self):
        _, changes = self.web(policies.of_templates, *[600] * 120, late=1)
        self.assertEqual([c.after for c in changes], [6])

    def test_where_metrics_are_later_than_the_cooldown_is_long_it_adds_twice(self):
        """What is two minutes late shows the first step's tasks a minute after the cooldown; README.md says what to do."""
        _, changes = self.web(policies.of_templates, *[600] * 120)
        self.assertEqual([c.after for c in changes], [6, 10])

    def test_the_first_rules_go_to_and_fro_for_as_long_as_there_is_load(self):
        _, changes = self.web(seed.rules, *[3000] * 60)
        self.assertEqual({c.after for c in changes}, {2, 3})
        self.assertGreater(len(changes), 30)

    def test_in_silence_the_first_rules_change_nothing_any_more(self):
        scaler, metrics = Scaler(seed.rules("web"), capacity=7), Metrics()
        pages.run(scaler, metrics, [0] * 60)
        self.assertEqual(scaler.changes, [])


if __name__ == "__main__":
    unittest.main()
