"""Metric math, evaluated minute by minute."""

import unittest

from scaling.expressions import ExpressionError, evaluate, parse


def over(text, **series):
    return evaluate(parse(text), series)


class Expressions(unittest.TestCase):
    def test_a_point_that_is_missing_makes_its_minute_miss(self):
        self.assertEqual(over("a / b", a=[10, None, 9], b=[2, 2, 3]), [5, None, 3])

    def test_a_division_by_zero_is_no_point(self):
        self.assertEqual(over("a / b", a=[1, 4], b=[0, 2]), [None, 2])

    def test_fill_puts_a_number_into_every_gap_the_newest_too(self):
        self.assertEqual(over("FILL(a, 0)", a=[3, None, 4, None]), [3, 0, 4, 0])

    def test_fill_repeats_the_last_point(self):
        self.assertEqual(over("FILL(a, REPEAT)", a=[None, 3, None, 4, None]), [None, 3, 3, 4, 4])

    def test_if_chooses_by_a_series(self):
        self.assertEqual(over("IF(a < 1, 1, a)", a=[0, 5, None]), [1, 5, None])

    def test_products_bind_more_than_sums_and_comparisons_more_than_and(self):
        self.assertEqual(over("a + 2 * 3 == 7 AND a < 2 OR a > 8", a=[1, 2, 9]), [1, 0, 1])

    def test_what_is_to_the_left_comes_first(self):
        self.assertEqual(over("8 - a - 2", a=[3]), [3])
        self.assertEqual(over("8 / a / 2", a=[2]), [2])

    def test_signs_and_words_mean_the_same(self):
        self.assertEqual(over("(a > 0 && a < 3) || a == 5", a=[1, 4, 5]), over("(a > 0 AND a < 3) OR a == 5", a=[1, 4, 5]))

    def test_not_and_minus_stand_before_a_value(self):
        self.assertEqual(over("-a + 1", a=[3]), [-2])
        self.assertEqual(over("IF(NOT (a > 2), 1, 0)", a=[1, 3]), [1, 0])

    def test_the_formula_of_quiet_says_one_in_silence(self):
        quiet = "IF(FILL(latency, 0) < 0.010 AND FILL(requests, 0) < 50, 1, 0)"
        self.assertEqual(over(quiet, latency=[0.003, 0.003, None, 0.2], requests=[60, 40, None, 40]), [0, 1, 1, 0])

    def test_what_cannot_be_read_is_refused(self):
        for text in ("a +", "IF(a, 1)", "ANOMALY_DETECTION_BAND(a)", "(a", "a b", "a ? 1"):
            with self.subTest(text), self.assertRaises(ExpressionError):
                parse(text)


if __name__ == "__main__":
    unittest.main()
