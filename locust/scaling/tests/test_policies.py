"""The policies that the templates have. Expected values are literal: whoever changes a threshold changes them here, and looks at
what `locust/simulate` makes of it."""

import unittest

from scaling import policies, seed
from scaling.policies import House, Steps, Tracking

LATENCY = ("latency", policies.Metric("AWS/ApplicationELB", "TargetResponseTime", "Average"))
REQUESTS = policies.Metric("AWS/ApplicationELB", "RequestCountPerTarget", "Sum")


class OfTemplates(unittest.TestCase):
    def test_web_goes_out_at_a_hundred_requests_a_minute_for_each_task(self):
        web = policies.of_templates("web")
        self.assertEqual((web.least, web.most), (2, 10))
        self.assertEqual(web.policies[0], Tracking("requests", policies.Measure.of(REQUESTS), 100.0, 120, 300, scales_in=False))

    def test_web_comes_in_by_one_each_two_minutes_of_quiet(self):
        _, quiet = policies.of_templates("web").policies
        self.assertIsInstance(quiet, Steps)
        self.assertEqual((quiet.name, quiet.cooldown, quiet.adjustments), ("quiet", 120, ((0, None, -1),)))
        alarm = quiet.alarm
        self.assertEqual((alarm.comparison, alarm.threshold, alarm.minutes), ("GreaterThanOrEqualToThreshold", 1.0, 1))
        self.assertEqual((alarm.periods, alarm.datapoints, alarm.missing), (5, 5, "breaching"))
        self.assertEqual(alarm.measure.text, "IF(FILL(latency, 0) < 0.010 AND FILL(requests, 0) < 50, 1, 0)")
        self.assertEqual(alarm.measure.metrics, (LATENCY, ("requests", REQUESTS)))

    def test_annotators_follow_five_waiting_jobs_for_each_task(self):
        farm = policies.of_templates("annotator")
        (backlog,) = farm.policies
        self.assertEqual((farm.least, farm.most), (2, 10))
        self.assertEqual((backlog.target, backlog.out_cooldown, backlog.in_cooldown, backlog.scales_in), (5.0, 60, 300, True))
        self.assertEqual(backlog.measure.text, "waiting / IF(running < 1, 1, running)")
        self.assertEqual(dict(backlog.measure.metrics)["waiting"].name, "ApproximateNumberOfMessagesVisible")

    def test_staging_keeps_one_annotator(self):
        self.assertEqual(policies.of_templates("annotator", "staging").least, 1)

    def test_a_tracker_has_the_two_alarms_that_aws_makes(self):
        (backlog,) = policies.of_templates("annotator").policies
        self.assertEqual((backlog.high.comparison, backlog.high.threshold, backlog.high.periods), ("GreaterThanThreshold", 5.0, 3))
        self.assertEqual((backlog.low.comparison, backlog.low.threshold, backlog.low.periods), ("LessThanThreshold", 4.5, 15))

    def test_another_threshold_in_a_template_is_another_policy(self):
        path = "ecs/services/annotator.yaml"
        text = House.read().files[path]
        changed = text.replace("    Default: 5\n    Description: Jobs that may wait", "    Default: 7\n    Description: Jobs that may wait")
        self.assertNotEqual(changed, text)
        (backlog,) = policies.of_templates("annotator", house=House.read({path: changed})).policies
        self.assertEqual(backlog.target, 7.0)


class OfTheSeed(unittest.TestCase):
    def test_web_has_200_answers_and_10_ms(self):
        out, in_ = seed.rules("web").policies
        self.assertEqual((out.alarm.threshold, out.alarm.comparison, out.cooldown), (200.0, "GreaterThanThreshold", 120))
        self.assertEqual((in_.alarm.threshold, in_.alarm.comparison), (0.010, "LessThanThreshold"))
        self.assertEqual((out.change(201), in_.change(0.003)), (1, -1))

    def test_annotators_have_10_sent_in_5_minutes_and_5_received_in_2(self):
        out, in_ = seed.rules("annotator").policies
        self.assertEqual((out.alarm.threshold, out.alarm.minutes), (10.0, 5))
        self.assertEqual((in_.alarm.threshold, in_.alarm.minutes), (5.0, 2))


if __name__ == "__main__":
    unittest.main()
