"""Mail merge: fields, templates, letters, e-mails, SMS, campaigns and the outbox that never repeats an uncertain send."""
