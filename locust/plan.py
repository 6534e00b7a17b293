"""What a run is to bring: worked out from its settings before it begins, whatever the server does later.

A person clicks, waits 2 to 5 seconds from the begin of that click, and clicks again. When each click is due is drawn from a
generator that begins with the person's number, so that the same run can be worked out twice: here, to know what is planned,
and by the person (users/person.py), to know when to click. A person whom the server holds up clicks again at the next time
that is due; the times in between are lost, and the gate misses them.
"""

import math
from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True)
class Stage:
    """For `seconds` there are `users` people, or they come (and go) at `rate` a second."""

    seconds: float
    users: int
    rate: float

    def with_people(self, percent):
        """The same with so many percent of its people, who come in about the same time: in batches of whole ones, as Locust has them."""
        rate = self.rate * percent / 100
        return replace(self, users=round(self.users * percent / 100), rate=round(rate) if rate >= 1 else rate)


@dataclass(frozen=True)
class Habits:
    """How people use the site: seconds between the begins of two clicks, and how often they sign in anew, one in `every`."""

    shortest: float = 2.0
    longest: float = 5.0
    every: int = 50

    def due(self, number):
        """For ever: when the clicks of the person of this number are due, in seconds since they came, and whether the person
        has to sign in anew before."""
        random = Random(number)
        at = 0.0
        while True:
            yield at, self.every > 0 and random.random() < 1 / self.every
            at += random.uniform(self.shortest, self.longest)


@dataclass(frozen=True)
class Kind:
    """A kind of people, as the plan sees it: requests of each click, one after the other and from the begin; those of signing
    in anew, 0 for people without an account; and how many clicks at the end of the cycle a person may begin with."""

    name: str
    requests: tuple
    signing_in: int = 0
    rests: int = 0

    def first(self, number):
        """The click that the person of this number begins with: people who come together do not do everything together."""
        return -(number % (self.rests + 1)) % len(self.requests)

    def planned(self, clicks, number=0):
        """Requests of these clicks of a person, each of which says whether the person has to sign in anew."""
        total, step = 0, self.first(number)
        for anew in clicks:
            if anew and self.signing_in:
                total += self.signing_in
            else:
                total += self.requests[step % len(self.requests)]
                step += 1
        return total


def lives(stages):
    """When each person comes and goes, in seconds since the begin of the run, as Locust spawns them: a batch a second."""
    present, gone, begin = [], [], 0.0
    for stage in stages:
        end = begin + stage.seconds
        for number in range(abs(stage.users - len(present))):
            at = begin + _batch(number, stage.rate)
            if at >= end:
                break
            if stage.users > len(present):
                present.append(at)
            else:
                gone.append((present.pop(), at))
        begin = end
    return sorted(gone + [(came, begin) for came in present])


def _batch(number, rate):
    return math.floor(number / rate) if rate >= 1 else number / rate


class Plan:
    """Clicks and requests that the stages are to bring."""

    def __init__(self, stages, habits):
        self.stages, self.habits = list(stages), habits
        self.seconds = sum(stage.seconds for stage in self.stages)
        self._clicks = [self._of(number, gone - came) for number, (came, gone) in enumerate(lives(self.stages))]

    @property
    def people(self):
        """How many come in all."""
        return len(self._clicks)

    @property
    def clicks(self):
        """How many clicks are due."""
        return sum(len(clicks) for clicks in self._clicks)

    def requests(self, shares):
        """How many requests these clicks make, if people are of these kinds: {kind: its share, of 1}."""
        people = list(enumerate(self._clicks))
        of_all = sum(share * kind.planned(clicks, number) for kind, share in shares.items() for number, clicks in people)
        return round(of_all)

    def _of(self, number, seconds):
        """The clicks of one person: for each, whether they sign in anew."""
        clicks = []
        for at, anew in self.habits.due(number):
            if at >= seconds:
                return clicks
            clicks.append(anew)
