"""Follow one picture through any network."""

from alexnet_tutor.tracing.record import trace

__all__ = ["trace"]
