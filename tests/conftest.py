"""Set before anything is imported: pretend credentials and a region, nothing of the machine's own AWS, and no keys.

No example of Hypothesis fails for being slow, and one that fails says how to repeat it.

moto is imported here too: it must be there before the first client is made, and a handler makes its at import.
"""

import os

for name in [name for name in os.environ if name.startswith(("AWS_", "RAYGATE_", "POWERTOOLS_"))]:
    del os.environ[name]
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "Raygate",
    "POWERTOOLS_SERVICE_NAME": "raygate",
    "RAYGATE_AUTH": "none",
}

import sys  # noqa: E402
from collections.abc import Iterator  # noqa: E402

import moto  # noqa: E402, F401 - after the environment, see above
import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

in_ci = settings.get_profile("ci")
"""Always the same examples, so that a push fails for what it changed; a laptop looks for new ones."""
settings.register_profile(
    "raygate",
    in_ci if "CI" in os.environ else settings.get_profile("default"),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("raygate")


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """Moto's X-Ray imports AWS's X-Ray SDK, whose recorder opens a socket that nobody closes."""
    yield
    if sdk := sys.modules.get("aws_xray_sdk.core"):
        sdk.xray_recorder.emitter._socket.close()
