"""A secret is typed unseen or piped; nothing is asked where nobody could answer."""

import io

import pytest

from cli.typed_secret import typed_or_piped, typed_unseen


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def prompts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person was asked; they answered « chut »."""
    seen: list[str] = []

    def answer(prompt: str) -> str:
        seen.append(prompt.strip())
        return "chut"

    monkeypatch.setattr("click.termui.hidden_prompt_func", answer)
    return seen


def test_on_a_terminal_a_secret_is_typed_unseen(monkeypatch: pytest.MonkeyPatch, prompts: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())
    assert (typed_unseen("Code"), typed_or_piped("Code")) == ("chut", "chut")
    assert prompts == ["Code:", "Code:"]


def test_without_a_terminal_a_secret_is_piped_or_none(monkeypatch: pytest.MonkeyPatch, prompts: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" AB CD \r\nEF\n"))
    assert (typed_unseen("Code"), typed_or_piped("Code")) == ("", " AB CD ")
    monkeypatch.setattr("sys.stdin", None)
    assert (typed_unseen("Code"), typed_or_piped("Code")) == ("", "")
    assert prompts == []
