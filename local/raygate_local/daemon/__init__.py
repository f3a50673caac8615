"""The X-Ray daemon's place: its port and its protocol, so that programs with the X-Ray SDKs need no change."""

from raygate_local.daemon.daemon import Daemon, open_daemon

__all__ = ["Daemon", "open_daemon"]
