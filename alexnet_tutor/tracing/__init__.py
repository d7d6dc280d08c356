"""Follow one picture through any network."""

from alexnet_tutor.tracing.record import trace
from alexnet_tutor.tracing.unit import follow

__all__ = ["follow", "trace"]
