"""`webortho`, and `python -m cli`: the program is loaded, and begins."""

import gc
import sys


def main() -> None:
    """See `cli.webortho.main`; what a schedule starts goes a shorter way, with the same outcome."""
    # Modules are no garbage: looking for some while they load takes a twentieth of the time.
    gc.disable()
    from cli.output import make_ready  # noqa: PLC0415 - see above
    from cli.plain_sync import plain_options  # noqa: PLC0415

    make_ready()
    options = plain_options(sys.argv[1:])
    if options is None:
        from cli import webortho  # noqa: PLC0415

        gc.enable()
        webortho.main()
        return
    from cli.sync_run import Asked, carry_out  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    sys.exit(carry_out(Asked(**options)))


if __name__ == "__main__":
    main()
