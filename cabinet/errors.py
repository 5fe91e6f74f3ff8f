"""The one tree of errors that reach a person, each a finished French sentence and what to do next.

    WebOrthoError
    ├── SourceError              the export cannot be read at all (exit code 2)
    │   ├── SourceNotReady       … for now: in use, still being written, cut off, or out of reach
    │   └── MappingError         the mapping file is wrong, or names a column that is not there
    ├── SecretStoreError         no keyring, or a secrets file that others could read
    ├── SyncError                sync.errors: guards, two runs at once
    └── PortalError              portal.api.errors: unreachable, refused token, a problem document

Foreign exceptions are converted where the foreign library is called, never further up.
"""


class WebOrthoError(Exception):
    """An error a person can act on. `str()` gives both sentences: what happened, then what to do."""

    exit_code = 4

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(f"{what} {todo}".strip())
        self.what = what
        self.todo = todo


class SourceError(WebOrthoError):
    """Nothing can be read from the source: the run stops and publishes nothing."""

    exit_code = 2


class SourceNotReady(SourceError):
    """The source is read by another try, once it is free, whole and in reach again: no setting has to change."""


class MappingError(SourceError):
    """The mapping file cannot be used with this source."""


class SecretStoreError(WebOrthoError):
    """A secret can neither be kept nor read safely here."""
