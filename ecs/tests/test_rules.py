"""cfn-lint, our own rules, and each rule seen to fail on a broken copy. Needs no network and no emulator."""

import subprocess
import sys
import unittest
from pathlib import Path

import rules
from broken import BROKEN
from templates import ENVIRONMENTS, ROOT, STACKS, House

sys.path.insert(0, str(ROOT / "ecs"))
import stack as operators  # noqa: E402


class Templates(unittest.TestCase):
    maxDiff = None

    def test_cfn_lint_finds_nothing(self):
        lint = subprocess.run([Path(sys.executable).with_name("cfn-lint"), *(f"ecs/{s}.yaml" for s in STACKS)],
                              cwd=ROOT, capture_output=True, text=True)
        self.assertEqual((lint.returncode, lint.stdout), (0, ""))

    def test_our_rules_find_nothing(self):
        self.assertEqual([str(f) for f in rules.all_findings(House.read())], [])

    def test_every_rule_finds_its_broken_copies(self):
        house = House.read()
        for name, path, old, new in BROKEN:
            with self.subTest(rule=name, path=path, instead=new[:60]):
                self.assertIn(old, house.files[path], "the broken copy breaks what is no longer there")
                broken = House.read({path: house.files[path].replace(old, new, 1)})
                try:
                    found = rules.RULES[name](broken)
                except Exception as error:  # A rule that stumbles over what is broken tells nobody what it is.
                    self.fail(f"the rule does not survive the broken copy: {error!r}")
                self.assertNotEqual(found, [], "the rule does not find it")

    def test_every_rule_has_a_broken_copy(self):
        self.assertEqual({name for name, *_ in BROKEN}, set(rules.RULES))


class Deploy(unittest.TestCase):
    """What ecs/deploy says to an operator, without a cloud."""

    def test_the_script_is_well_formed(self):
        scripts = ["ecs/deploy", "ecs/smoke", "ecs/tests/run", "docker/build", "docker/test", "docker/release", "docker/roll", ".ci/run"]
        check = subprocess.run([Path(sys.executable).with_name("shellcheck"), "--external-sources", *scripts],
                               cwd=ROOT, capture_output=True, text=True)
        self.assertEqual((check.returncode, check.stdout), (0, ""))

    def test_every_environment_has_the_parameters_of_every_stack(self):
        for environment in ENVIRONMENTS:
            for stack in [*STACKS, "commands"]:
                file = "services/web.yaml" if stack == "commands" else f"{stack}.yaml"
                arguments = [environment, stack, file, "CREATE", *(["Image=x@sha256:" + 64 * "0"] if "web" in file or "/" in stack else [])]
                made = subprocess.run([sys.executable, "ecs/stack.py", "parameters", *arguments], cwd=ROOT, capture_output=True, text=True)
                self.assertEqual((made.returncode, made.stderr), (0, ""), f"{environment} {stack}")

    def test_a_resource_is_found_on_its_line(self):
        line = operators.line_of("services/web.yaml", "TaskDefinition")
        self.assertEqual((ROOT / "ecs/services/web.yaml").read_text().splitlines()[line - 1], "  TaskDefinition:")


if __name__ == "__main__":
    unittest.main()
