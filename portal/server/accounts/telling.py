"""Letters about an access: none of them keeps what it tells from happening."""

from portal.server.accounts import audit
from portal.server.cabinets.models import Cabinet
from portal.server.mail.letters import Letter, UnusableAddress
from portal.server.mail.queue import enqueue


def tell(cabinet: Cabinet, number: str, letter: Letter) -> bool:
    """Queue the letter about this patient; whether it is.

    An address that is none is the export's problem: it is logged, no more.
    """
    try:
        enqueue(cabinet, letter, number)
    except UnusableAddress:
        audit.log(cabinet.code, audit.Event.UNUSABLE_ADDRESS)
        return False
    return True
