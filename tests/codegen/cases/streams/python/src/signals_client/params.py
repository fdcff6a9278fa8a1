"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

from ._runtime.operations import CallOptions


class TalkParams(CallOptions):
    """What `talk` takes."""

    text: str


class WatchParams(CallOptions):
    """What `watch` takes."""

    mast: int
