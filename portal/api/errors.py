"""What can go wrong between the cabinet and its portal, as sentences for a person.

PortalError (WebOrthoError)
├── PortalUnreachable    no answer, or an answer that is not the portal's (exit code 3)
├── PortalRefused        the portal understood and refused: carries the problem document (RFC 9457)
│   └── DeviceRefused    wrong, revoked or insufficient device token
└── InsecureAddress      an address that is neither https nor loopback
"""

from cabinet.errors import WebOrthoError


class PortalError(WebOrthoError):
    """Something between the cabinet and its portal."""


class PortalUnreachable(PortalError):
    exit_code = 3


class PortalRefused(PortalError):
    """The portal's own refusal. `kind` is the problem document's type, a stable kebab-case name."""

    exit_code = 3

    def __init__(self, what: str, todo: str = "", *, kind: str = "", status: int = 0) -> None:
        super().__init__(what, todo)
        self.kind = kind
        self.status = status


class DeviceRefused(PortalRefused):
    """The portal does not accept this computer's token."""


class InsecureAddress(PortalError):
    """Patient data never travels to an address that is neither https nor loopback."""
