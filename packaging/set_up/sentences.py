"""How the set-up speaks: a sentence on standard output, or a last one on standard error."""

import sys
from typing import NoReturn


def say(sentence: str) -> None:
    print(sentence, flush=True)


def stop(sentence: str) -> NoReturn:
    """Say what a person must do first, and end with exit code 1."""
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(1)
