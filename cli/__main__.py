"""`webortho`, and `python -m cli`: the program is loaded, and begins."""

import gc


def main() -> None:
    """See `cli.webortho.main`."""
    # Modules are no garbage: looking for some while they load takes a twentieth of the time.
    gc.disable()
    from cli import webortho  # noqa: PLC0415 - see above

    gc.enable()
    webortho.main()


if __name__ == "__main__":
    main()
