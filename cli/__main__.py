"""`webortho`, and `python -m cli`: the program is loaded, and begins."""

import gc
import sys

from cli.plain_sync import plain_options


def main() -> None:
    """See `cli.webortho.main`; what a schedule starts goes a shorter way, with the same outcome."""
    try:
        _begin()
    except KeyboardInterrupt:  # while it was loaded: the programs themselves tell it
        from cli.output import Stopped, exit_with, make_ready  # noqa: PLC0415 - see below

        make_ready()
        exit_with(Stopped(), as_json="--json" in sys.argv)


def _begin() -> None:
    # Modules are no garbage: looking for some while they load takes a twentieth of the time.
    gc.disable()
    options = plain_options(sys.argv[1:])
    if options is None:
        from cli import webortho  # noqa: PLC0415 - see above

        gc.enable()
        webortho.main()
        return
    # Where it is installed, msgspec loads it for what this Python has itself: a night's thirtieth part.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    from cli.output import make_ready  # noqa: PLC0415
    from cli.sync_run import SyncOptions, carry_out  # noqa: PLC0415

    del sys.modules["typing_extensions"]
    gc.freeze()
    gc.enable()
    make_ready()
    sys.exit(carry_out(SyncOptions(**options)))


if __name__ == "__main__":
    main()
