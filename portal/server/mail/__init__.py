"""E-mails that the portal sends: queued durably with what caused them, sealed, sent by a worker."""
