"""Word templates (.docx) with @FIELDS or MERGEFIELDs, merged in place."""
