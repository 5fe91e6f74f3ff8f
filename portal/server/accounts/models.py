"""Accesses to dossiers, their sessions, what leads to a first visit. No initial secret is stored here."""

from django.db import models

from portal.server.cabinets.models import Cabinet
from portal.server.scoping import ScopedManager


class Access(models.Model):
    """One person who may read one dossier. Two parents are two accesses, each with a password of their own."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    slot = models.PositiveSmallIntegerField(default=0)
    password = models.CharField(max_length=200)
    """argon2id. The accesses of one dossier share their salt, so that a sign-in costs one hash whoever signs in."""
    sealed_email = models.BinaryField()
    contact_hash = models.CharField(max_length=64, blank=True)
    """Keyed hash of the e-mail on file that the first visit was confirmed with: that contact's secret is dead."""
    created_at = models.DateTimeField(auto_now_add=True)
    password_changed_at = models.DateTimeField()
    last_sign_in_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "number", "slot"], name="access_slot")]


class Session(models.Model):
    """A signed-in browser, or one in the middle of a first visit (`access` is None: it may only choose a password)."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64)
    number = models.CharField(max_length=64)
    access = models.ForeignKey(Access, null=True, on_delete=models.CASCADE)
    contact_hash = models.CharField(max_length=64, blank=True)
    """Of a first visit: the contact whose link opened it."""
    opened_by = models.CharField(max_length=16, blank=True)
    """Of a first visit: what opened it (`portal.server.accounts.first_visit.Opening`)."""
    link = models.ForeignKey("OneTimeLink", null=True, on_delete=models.SET_NULL)
    """Of a first visit: the printed link, with its personal code, that dies when the password is chosen."""
    sealed_email = models.BinaryField(default=b"")
    """Of a first visit: the e-mail on file, to pre-fill the form."""
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "token_hash"], name="session_token")]
        indexes = [models.Index(fields=["cabinet", "number"], name="session_number")]


class OneTimeLink(models.Model):
    """A link that opens something once: mailed first visit, printed activation, password reset.

    What is announced (`links.ANNOUNCED`) also has a handle, an addressee and perhaps a personal code: 12 characters
    that open the first visit by themselves, shown once, and dead with the link.
    """

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=16)
    number = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64, blank=True)
    handle = models.CharField(max_length=32, blank=True)
    """What the cabinet's programs call it: 128 random bits, and no secret."""
    addressee_hash = models.CharField(max_length=64, blank=True)
    """Keyed hash of how the cabinet names the addressee: two parents have each their own."""
    access = models.ForeignKey(Access, null=True, on_delete=models.CASCADE)
    contact_hash = models.CharField(max_length=64, blank=True)
    """Keyed hash of the e-mail on file that it goes to."""
    sealed_email = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)
    active_at = models.DateTimeField(null=True)
    """None while staged: the letter or e-mail that carries it is not safely out yet."""
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    """Wrong birth dates typed behind this link; after a few it is dead."""
    used_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cabinet", "token_hash"], name="link_token"),
            models.UniqueConstraint(fields=["cabinet", "handle"], condition=~models.Q(handle=""), name="link_handle"),
        ]
        indexes = [models.Index(fields=["cabinet", "number"], name="link_number")]


class PendingAnswer(models.Model):
    """A first visit or a new password that somebody asked for, to be answered by e-mail outside of the request.

    The request writes this one row whoever asks, so that its time tells nobody which accounts exist.
    """

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=16)
    sealed = models.BinaryField()
    """JSON of what was typed."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager()


class Throttle(models.Model):
    """Failures within a window, per account, per address, per cabinet. Counted by one atomic statement."""

    cabinet_code = models.CharField(max_length=32, blank=True)
    scope = models.CharField(max_length=16)
    key_hash = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet_code", "scope", "key_hash"], name="throttle_key")]


class AuditEvent(models.Model):
    """What happened to a dossier's accesses, for its patient and its cabinet to read. No names, no secrets."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=100, blank=True)

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["cabinet", "number", "at"], name="audit_number"),
            models.Index(fields=["cabinet", "kind", "at"], name="audit_kind"),
        ]
