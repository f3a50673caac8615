"""docs/runbook.md: each alarm of the template is told there, and no other; what else it names of it exists."""

import re

from tests.project.blocks import BLOCKS
from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT

PAGE = (PROJECT / "docs" / "runbook.md").read_text()


def test_every_block_needs_aws():
    assert {block.words for block in BLOCKS if block.page == "docs/runbook.md"} == {"sh aws"}


def test_outputs_and_parameters_that_it_names_exist():
    outputs = {name.upper() for name in TEMPLATE["Outputs"]}
    assert {"URL", "KEYSTABLE", "QUEUE", "BUCKET", "DEADLETTERQUEUE", "LOGGROUP"} <= outputs
    named = set(re.findall(r"`((?:[A-Z][a-z]+){2,})`", PAGE))
    parameters = set(TEMPLATE["Parameters"]) | set(TEMPLATE["Outputs"]) | set(TEMPLATE["Resources"])
    assert named - parameters == set()


def test_every_alarm_is_told_and_no_other():
    told = re.findall(r"^\| `(\w+Alarm)` \|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(resources("AWS::CloudWatch::Alarm"))
