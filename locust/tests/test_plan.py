"""What is planned does not depend on what happens."""

import unittest
from itertools import islice

from plan import Habits, Kind, Plan, Stage, lives
from shapes.steps import Steps


class Lives(unittest.TestCase):
    """Who comes and goes, and when."""

    def test_people_come_in_batches_of_a_second(self):
        self.assertEqual(lives([Stage(10, 5, 2)]), [(0, 10), (0, 10), (1, 10), (1, 10), (2, 10)])

    def test_people_may_come_more_slowly_than_one_a_second(self):
        self.assertEqual(lives([Stage(10, 3, 0.5)]), [(0, 10), (2, 10), (4, 10)])

    def test_who_does_not_come_before_the_stage_ends_does_not_come(self):
        self.assertEqual(lives([Stage(2, 100, 1)]), [(0, 2), (1, 2)])

    def test_the_last_stage_may_be_nobodys(self):
        self.assertEqual(lives([Stage(10, 2, 2), Stage(10, 0, 1)]), [(0, 10), (0, 11)])

    def test_the_steps_of_the_course(self):
        came = [came for came, _ in lives(Steps().stages(300))]
        self.assertEqual(len(came), 300)
        self.assertEqual((came[99], came[100], came[299]), (19, 320, 326))

    def test_the_steps_with_fewer_people_take_as_long(self):
        whole, fewer = Steps().stages(15), [stage.with_people(67) for stage in Steps().stages(15)]
        self.assertEqual([(stage.users, stage.rate) for stage in fewer], [(67, 3), (201, 20), (0, 20)])
        self.assertEqual([stage.seconds for stage in fewer], [stage.seconds for stage in whole])
        self.assertEqual(Stage(10, 30, 1).with_people(50), Stage(10, 15, 0.5))


class Clicks(unittest.TestCase):
    """How many there are."""

    def test_a_person_clicks_at_once_and_then_every_two_to_five_seconds(self):
        due = [at for at, _ in islice(Habits().due(7), 1000)]
        pauses = [later - earlier for earlier, later in zip(due, due[1:])]
        self.assertEqual(due[0], 0)
        self.assertTrue(all(2 <= pause <= 5 for pause in pauses))
        self.assertAlmostEqual(sum(pauses) / len(pauses), 3.5, delta=0.1)

    def test_the_same_person_clicks_at_the_same_times_again(self):
        first, second = (list(islice(Habits().due(3), 50)) for _ in range(2))
        self.assertEqual(first, second)
        self.assertNotEqual(first, list(islice(Habits().due(4), 50)))

    def test_one_in_fifty_clicks_signs_in_anew(self):
        anew = sum(anew for number in range(200) for _, anew in islice(Habits().due(number), 100))
        self.assertAlmostEqual(anew / 20_000, 0.02, delta=0.003)

    def test_a_hundred_people_in_a_minute(self):
        plan = Plan([Stage(60, 100, 100)], Habits())
        self.assertEqual(plan.people, 100)
        # One at once, then one every 3.5 s.
        self.assertAlmostEqual(plan.clicks, 100 * (1 + 60 / 3.5), delta=60)


class Requests(unittest.TestCase):
    """Those that clicks make."""

    def test_a_cycle_begins_again(self):
        self.assertEqual(Kind("Any", (1, 3, 1)).planned([False] * 5), 1 + 3 + 1 + 1 + 3)

    def test_signing_in_anew_is_a_click_of_its_own(self):
        self.assertEqual(Kind("Any", (1, 3, 1), 2).planned([False, True, False]), 1 + 2 + 3)
        self.assertEqual(Kind("Any", (1, 3, 1)).planned([False, True, False]), 5)

    def test_people_who_come_together_begin_at_different_clicks_of_those_that_one_may_begin_with(self):
        reads_on = Kind("Reads on", (1, 3, 1, 1, 1, 1, 1), rests=3)
        self.assertEqual([reads_on.first(number) for number in range(6)], [0, 6, 5, 4, 0, 6])
        self.assertEqual([reads_on.planned([False] * 3, number) for number in range(4)], [5, 5, 3, 3])
        self.assertEqual(Kind("Any", (1, 3)).first(7), 0)

    def test_of_several_kinds_each_counts_by_its_share(self):
        plan = Plan([Stage(1, 10, 10)], Habits())
        self.assertEqual(plan.requests({Kind("One", (1,)): 0.5, Kind("Three", (3,)): 0.5}), 20)
