"""Modules that are imported after Qt for Python load as fast as before it. Imported first, for its effect.

Qt for Python replaces `__import__`, to read the source of each module that comes after it and see whether it asks for
other names of Qt's (`from __feature__ import snake_case`). None of ours does, and of a start that is a tenth.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - replaces it

_names = vars(builtins)
if _names["__import__"] is _names.get("__feature_import__"):
    builtins.__import__ = _names["__orig_import__"]
