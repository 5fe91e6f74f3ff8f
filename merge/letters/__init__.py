"""Letters, access cards and posters: one model, checked before it is printed, drawn as PDF or written as DOCX."""
