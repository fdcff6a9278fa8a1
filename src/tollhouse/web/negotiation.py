"""Which of several media types somebody wants (RFC 9110, 12.5.1, "Accept")."""

from collections.abc import Sequence

_NONE = (-1, 0.0)


def preferred(accept: str, offered: Sequence[str]) -> str:
    """The one of the offered types that `accept` likes best; the first of them where it has no preference or takes none."""
    ranges = [_range(each) for each in accept.split(",") if each.strip()]
    return max(offered, key=lambda media_type: _quality(media_type, ranges))


def _range(text: str) -> tuple[str, float]:
    """A media range and its weight; a weight that is no number counts for nothing."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    given = [part.removeprefix("q=") for part in parameters if part.startswith("q=")]
    try:
        return name, float(given[0]) if given else 1.0
    except ValueError:
        return name, 0.0


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """What the most specific range that fits says; 0 where none does."""
    specific = {media_type: 2, f"{media_type.partition('/')[0]}/*": 1, "*/*": 0}
    return max(((specific[name], weight) for name, weight in ranges if name in specific), default=_NONE)[1]
