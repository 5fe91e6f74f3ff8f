"""What a person reads on a page: its text without markup, to tell that two servers show the same."""

from html.parser import HTMLParser

UNSEEN = frozenset({"head", "script", "style", "svg"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words += data.split()


def visible_words(html: str) -> list[str]:
    """The words of a page in reading order; how they are spaced or marked up does not count."""
    text = _Text()
    text.feed(html)
    return text.words
