"""What the worked examples leave open of the `aws` block."""

import pytest

from raygate.segment.aws import of_resource
from tests.builders import a_resource


@pytest.mark.parametrize(
    ("instance", "deployment"),
    [
        ("17", 17), ("+17", 17), ("-17", -17), ("0" * 30 + "17", 17), ("0" * 5_000, 0), ("x", 0), ("1_7", 0),
        (" 17", 0), ("9223372036854775807", 2**63 - 1), ("9223372036854775808", 0), ("-9223372036854775808", -(2**63)),
        ("-9223372036854775809", 0), ("9" * 5_000, 0), ("\u0667", 0),
    ],
)  # fmt: skip
def test_a_deployment_is_a_decimal_number_of_64_bits(instance, deployment):
    block = of_resource(a_resource(cloud__platform="aws_elastic_beanstalk", service__instance__id=instance), ())
    assert block is not None
    assert block["elastic_beanstalk"]["deployment_id"] == deployment
