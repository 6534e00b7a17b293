"""CloudWatch's metric math, as far as our templates use it: arithmetic, comparisons, AND, OR, NOT, IF and FILL.

A series is a list of points, one for each minute, oldest first; `None` is a minute without data. Numbers stand for
themselves in every minute. <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html>
"""

import functools
import operator
import re
from dataclasses import dataclass

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/^<>(),!]))")
COMPARISONS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow}
WORDS = {"&&": "AND", "||": "OR", "!": "NOT"}


class ExpressionError(ValueError):
    """A formula that is not one, or that asks for a function which is not known here."""


@dataclass(frozen=True)
class Number:
    value: float

    def over(self, series, length):
        return [self.value] * length


@dataclass(frozen=True)
class Name:
    id: str

    def over(self, series, length):
        return series[self.id]


@dataclass(frozen=True)
class Call:
    """An operation of each minute by itself. Where one of its operands has no data, it has none."""

    function: object
    operands: tuple

    def over(self, series, length):
        columns = [o.over(series, length) for o in self.operands]
        return [None if None in points else self.of(points) for points in zip(*columns)]

    def of(self, points):
        # CloudWatch drops a point that was divided by zero.
        try:
            return float(self.function(*points))
        except ZeroDivisionError:
            return None


@dataclass(frozen=True)
class If:
    """One of two by a condition; no data where the condition or what it chooses has none."""

    condition: object
    then: object
    otherwise: object

    def over(self, series, length):
        columns = (o.over(series, length) for o in (self.condition, self.then, self.otherwise))
        return [None if c is None else t if c else o for c, t, o in zip(*columns)]


@dataclass(frozen=True)
class Fill:
    """A series with its gaps filled, the newest one too: by a number, another series, or the last point before (REPEAT)."""

    operand: object
    filler: object

    def over(self, series, length):
        points, last, filled = self.operand.over(series, length), None, []
        others = self.filler.over(series, length) if self.filler else [None] * length
        for point, other in zip(points, others):
            filled.append(point if point is not None else other if self.filler else last)
            last = filled[-1]
        return filled


@functools.lru_cache
def parse(text):
    """The formula of a text."""
    return Parser(text).whole()


def evaluate(formula, series):
    """Points of a formula over series of one length: a list, oldest first, `None` where it has no data."""
    return formula.over(series, len(next(iter(series.values()), [])))


class Parser:
    """By recursive descent; what binds least stands first. OR and AND bind less than comparisons, these less than sums."""

    def __init__(self, text):
        self.text, self.tokens, self.at = text, [], 0
        end, stripped = 0, text.rstrip()
        while end < len(stripped):
            found = TOKEN.match(stripped, end)
            if not found:
                raise ExpressionError(f"{text!r} cannot be read from {stripped[end:]!r}")
            number, word, sign = found.groups()
            self.tokens.append(Number(float(number)) if number else word or WORDS.get(sign, sign))
            end = found.end()

    def whole(self):
        formula = self.either()
        if self.next() is not None:
            raise ExpressionError(f"{self.text!r} goes on with {self.next()!r} after its end")
        return formula

    def next(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *wanted):
        """The next token, if it is one of these."""
        token = self.next()
        if isinstance(token, str) and token in wanted:
            self.at += 1
            return token
        return None

    def expect(self, token):
        if not self.take(token):
            raise ExpressionError(f"{self.text!r} lacks {token!r} before {self.next()!r}")

    def chain(self, operand, functions):
        left = operand()
        while sign := self.take(*functions):
            left = Call(functions[sign], (left, operand()))
        return left

    def either(self):
        return self.chain(self.both, {"OR": lambda a, b: bool(a) or bool(b)})

    def both(self):
        return self.chain(self.comparison, {"AND": lambda a, b: bool(a) and bool(b)})

    def comparison(self):
        return self.chain(self.sum, COMPARISONS)

    def sum(self):
        return self.chain(self.product, {s: ARITHMETIC[s] for s in "+-"})

    def product(self):
        return self.chain(self.power, {s: ARITHMETIC[s] for s in "*/"})

    def power(self):
        return self.chain(self.signed, {"^": ARITHMETIC["^"]})

    def signed(self):
        if self.take("-"):
            return Call(operator.neg, (self.signed(),))
        if self.take("NOT"):
            return Call(operator.not_, (self.signed(),))
        return self.atom()

    def atom(self):
        if self.take("("):
            formula = self.either()
            self.expect(")")
            return formula
        token = self.next()
        self.at += 1
        if isinstance(token, Number):
            return token
        if not isinstance(token, str) or not token[0].isalpha():
            raise ExpressionError(f"{self.text!r} has {token!r} where a value should stand")
        return self.call(token) if self.next() == "(" else Name(token)

    def call(self, name):
        self.expect("(")
        arguments = [self.either()]
        while self.take(","):
            arguments.append(self.either())
        self.expect(")")
        if name == "IF" and len(arguments) == 3:
            return If(*arguments)
        if name == "FILL" and len(arguments) == 2:
            return Fill(arguments[0], None if arguments[1] == Name("REPEAT") else arguments[1])
        raise ExpressionError(f"{self.text!r} asks for {name} of {len(arguments)}, which is not known here")
