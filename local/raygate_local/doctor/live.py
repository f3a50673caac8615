"""`raygate doctor --live`: the assumptions that no fake can answer, asked where it runs.

Gives   `live`: the usual checks with the probes behind them; those that write to X-Ray only if they may.
"""

from raygate_local.doctor import CHECKS, Check
from raygate_local.doctor.live_gateway import GATEWAY
from raygate_local.doctor.live_xray import XRAY


def live(*, may_write: bool) -> tuple[Check, ...]:
    """The table."""
    return (*CHECKS, *GATEWAY, *(XRAY if may_write else ()))
