"""A Word letter as the page that will be printed: through LibreOffice or Word, for nothing else shows it."""

import tempfile
from pathlib import Path

from app.mailing.previews import LetterPreview
from merge.record import MergeRecord
from merge.word.conversion import convert
from merge.word.template import WordTemplate
from merge.word.writing import WordWriter

LIMIT = 60.0
"""Seconds: a single letter that takes longer will not be shown."""


def word_preview(template: WordTemplate, record: MergeRecord) -> LetterPreview:
    """Slow: seconds. Raise `WordTemplateError`, and `ConversionError` where neither program is there, or it fails."""
    writer = WordWriter(template)
    if problems := writer.check(record):
        return LetterPreview(b"", tuple(problem.sentence for problem in problems))
    with tempfile.TemporaryDirectory(prefix="webortho-word-") as folder:
        document = Path(folder, "1.docx")
        writer.write_each([record], lambda _: document)
        (made,) = convert([document], letters=1, limit=LIMIT)
        return LetterPreview(made.read_bytes())
