"""A day of jobs: when they are requested, and how long an annotator is at each.

Requests follow the hours (two and a half times as many in the afternoon as in the small hours), and one minute of the morning brings a
burst. All of it is drawn from one seed, so that two runs are the same.
"""

from dataclasses import dataclass

import numpy

SECONDS = 86_400
# Requests vary by this much around their mean, with the most of them at 14:00.
SWING, PEAK = 0.45, 14 * 3600
# Of an hour in which there is room, so that what follows is seen: 09:30.
BURST_AT = 9 * 3600 + 1800


@dataclass(frozen=True)
class Sample:
    """One of the sample inputs, its bytes, the CPU seconds that it took on one core here (dev build, science optimised, hg19
    without its sequence, 27 November 2026), and its share of the day. The shares are ours: mostly small files, as people with a
    free account may send no others."""

    name: str
    size: int
    cpu: float
    share: float


SAMPLES = [
    Sample("test", 10_154, 0.03, 0.10),
    Sample("free_1", 33_102, 0.03, 0.35),
    Sample("free_2", 140_030, 0.07, 0.25),
    Sample("premium_1", 175_701, 0.14, 0.12),
    Sample("premium_2", 279_731, 0.05, 0.10),
    Sample("premium_3", 2_800_595, 0.29, 0.05),
    Sample("1000g_chr22_slice", 3_394_074, 0.33, 0.03),
]
# What a job waits for S3, DynamoDB and SNS on AWS: some twelve calls of 20 ms. A guess; here they are emulators on loopback.
CALLS = 0.25
# What BacklogPerTask is made of, and the cost sheet of ecs/README.md.
PLANNED = 120.0


@dataclass(frozen=True)
class Day:
    """Jobs in the order of their requests, and the seconds that each takes."""

    requested: numpy.ndarray
    takes: numpy.ndarray


def requests(jobs, burst, seed=14):
    """The second of each request, ascending."""
    draw = numpy.random.default_rng(seed)
    edges = numpy.arange(0, SECONDS + 60, 60)
    # The integral of 1 + SWING cos, of which a uniform number finds its second.
    share = edges + SWING * SECONDS / (2 * numpy.pi) * numpy.sin(2 * numpy.pi * (edges - PEAK) / SECONDS)
    share = (share - share[0]) / (share[-1] - share[0])
    usual = numpy.interp(draw.random(jobs - burst), share, edges)
    return numpy.sort(numpy.concatenate([usual, BURST_AT + 60 * draw.random(burst)]))


def measured(jobs, seed=15):
    """Seconds of each job at the speed that was measured, on one processor to itself."""
    draw = numpy.random.default_rng(seed)
    kinds = draw.choice(len(SAMPLES), size=jobs, p=[s.share for s in SAMPLES])
    return CALLS + numpy.array([s.cpu for s in SAMPLES])[kinds]


def planned(jobs):
    """The two minutes that the policy was made for."""
    return numpy.full(jobs, PLANNED)
