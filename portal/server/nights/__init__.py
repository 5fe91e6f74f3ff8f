"""The nights of a cabinet: how its runs ended, which were due, and the e-mails to it when a person is needed."""
