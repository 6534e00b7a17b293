"""What a template's functions come to, once its stack is there."""

import ipaddress
import re


class Something(str):
    """A text that only AWS knows, such as an ARN: like any that has the resource's name in it."""

    def __new__(cls, text="", part=""):
        self = super().__new__(cls, text)
        self.part = part.rsplit("/", 1)[-1]
        return self

    def __eq__(self, other):
        return isinstance(other, str) and other != "" and self.part in other

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


class Resolver:
    """Of one stack: its parameters, what its resources are called, and every export."""

    def __init__(self, body, region, account, parameters, ids, exports):
        self.body, self.parameters, self.ids, self.exports = body, parameters, ids, exports
        self.pseudo = {"AWS::Region": region, "AWS::AccountId": account, "AWS::Partition": "aws"}

    def condition(self, name):
        return self.test(self.body["Conditions"][name])

    def test(self, node):
        (function, value), = node.items()
        if function == "Condition":
            return self.condition(value)
        if function == "Fn::Equals":
            return self.of(value[0]) == self.of(value[1])
        return {"Fn::Not": lambda: not self.test(value[0]), "Fn::And": lambda: all(map(self.test, value))}[function]()

    def present(self, resource):
        return "Condition" not in resource or self.condition(resource["Condition"])

    def reference(self, name):
        return next((where[name] for where in (self.pseudo, self.parameters, self.ids) if name in where), Something(name))

    def of(self, node):
        if isinstance(node, list):
            return [v for v in map(self.of, node) if v is not None]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (function, value), = node.items()
            if function == "Ref":
                return None if value == "AWS::NoValue" else self.reference(value)
            if function.startswith("Fn::"):
                return getattr(self, function[4:].lower())(value)
        return {key: self.of(value) for key, value in node.items()}

    def getatt(self, value):
        return Something(".".join(value), self.ids.get(value[0], ""))

    def importvalue(self, value):
        return self.exports[self.of(value)]

    def sub(self, value):
        text, given = (value, {}) if isinstance(value, str) else (value[0], {k: self.of(v) for k, v in value[1].items()})
        parts = [given.get(n, self.getatt(n.split(".")) if "." in n else None) or given.get(n, self.reference(n))
                 for n in re.findall(r"\$\{([\w:.]+)\}", text)]
        unknown = [p for p in parts if isinstance(p, Something)]
        if unknown:
            return Something(text, unknown[0].part)
        for name, part in zip(re.findall(r"\$\{([\w:.]+)\}", text), parts):
            text = text.replace(f"${{{name}}}", str(part))
        return text

    def join(self, value):
        parts = self.of(value[1])
        return Something() if any(isinstance(p, Something) for p in parts) else value[0].join(map(str, parts))

    def split(self, value):
        return self.of(value[1]).split(value[0])

    def select(self, value):
        return self.of(value[1])[int(value[0])]

    def cidr(self, value):
        network = ipaddress.ip_network(self.of(value[0]))
        return [str(n) for n, _ in zip(network.subnets(new_prefix=32 - int(value[2])), range(int(value[1])))]

    def getazs(self, _):
        return [self.pseudo["AWS::Region"] + letter for letter in "abcdef"]

    def __getattr__(self, name):
        if name == "if":
            return lambda value: self.of(value[1] if self.condition(value[0]) else value[2])
        raise AttributeError(name)
