"""Mail merge: fields, templates, letters, e-mails, SMS, and the outbox that never repeats an uncertain send."""
