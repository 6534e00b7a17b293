"""The sandbox has the stores of data.yaml, attribute by attribute: a new one, and one that version 0.1 had kept.

Template, functions and answers are read here by other code than the sandbox's own.
"""

import copy
import unittest

import emulator
from alike import unlike
from botocore.exceptions import ClientError
from intrinsic import Resolver
from laptop import identity, parameters, sandbox
from readback import READERS
from templates import ROOT, House

KEPT = ROOT / "services/sandbox/tests/kept/0.1/data.tar.gz"
# (type, property): the emulator takes it from whoever asks, and does not tell it.
UNTOLD = {("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.RecoveryPeriodInDays"),
          ("AWS::SES::EmailIdentity", "ConfigurationSetAttributes.ConfigurationSetName")}


class Stores(unittest.TestCase):
    maxDiff = None

    def test_a_new_sandbox_has_the_stores_of_data_yaml(self):
        with sandbox() as place:
            self.assert_alike(place)
            self.assert_that_a_change_is_seen(place)

    def test_a_sandbox_of_version_0_1_gets_the_stores_of_today(self):
        with sandbox(KEPT) as place:
            self.assert_alike(place)

    def assert_alike(self, place):
        body = House.read().template("data").body
        found = list(differences(place, body))
        self.assertEqual([d for d in found if d[1:3] not in UNTOLD], [])
        self.assertEqual(UNTOLD - {d[1:3] for d in found}, set(), "told by now: take it from UNTOLD")

    def assert_that_a_change_is_seen(self, place):
        """Each property of each resource in another wording is one difference at least."""
        whole = House.read().template("data").body
        for name, resource in whole["Resources"].items():
            if "Condition" in resource:
                continue
            for path in leaves(resource["Properties"]):
                body = copy.deepcopy(whole)
                change(body["Resources"][name]["Properties"], path)
                with self.subTest(resource=name, property=path):
                    self.assertNotEqual(list(differences(place, body, [name])), [])


def differences(place, body, only=None):
    """(resource, type, path, wanted, found) of everything in which the stores are not what the template says."""
    resolver = Resolver(body, emulator.REGION, emulator.ACCOUNT, parameters(body, place), {}, {})
    resources = {name: r for name, r in body["Resources"].items() if resolver.present(r)}
    resolver.ids = {name: identity(place, resolver, r) for name, r in resources.items() if r["Type"] != "AWS::SNS::Subscription"}
    for name, resource in resources.items():
        if only is None or name in only:
            kind, wanted = resource["Type"], resolver.of(resource["Properties"])
            try:
                found = READERS[kind](place, subscribed(place, wanted) or resolver.ids.get(name), wanted)
            except (ClientError, LookupError) as absent:
                found = {}
                yield name, kind, "", "it is there", repr(absent)
            for path, one, other in unlike(wanted, found):
                yield name, kind, path, one, other


def subscribed(place, wanted):
    """ARN of the one subscription of an endpoint to a topic."""
    if "Endpoint" not in wanted:
        return None
    found = place.client("sns").list_subscriptions_by_topic(TopicArn=wanted["TopicArn"])["Subscriptions"]
    return [s["SubscriptionArn"] for s in found if wanted["Endpoint"] == s["Endpoint"]][0]


def leaves(node, path=()):
    """Where in properties each plain value, or function, stands."""
    if isinstance(node, dict) and not (len(node) == 1 and next(iter(node)).startswith(("Fn::", "Ref"))):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path


def change(node, path):
    for step in path[:-1]:
        node = node[step]
    value = node[path[-1]]
    node[path[-1]] = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else "something-else"


if __name__ == "__main__":
    unittest.main()
