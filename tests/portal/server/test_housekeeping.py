"""What is past its time goes, and nothing else."""

import datetime as dt

import time_machine
from django.utils import timezone

from portal.api.shapes import Role
from portal.server.accounts.models import Access, AuditEvent, OneTimeLink
from portal.server.background import TIDY_EVERY, every
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, Device, EnrolmentCode
from portal.server.desk import announcements
from portal.server.desk.models import Announcement
from portal.server.housekeeping import tidy
from portal.server.publishing.models import PublishedDossier, RunOutcome, StagedDossier, SyncRun
from tests.portal.server.browser import sent, staged
from tests.portal.server.support import Publisher, make_dossier

DAY = dt.timedelta(days=1)


def give_access(cabinet: Cabinet, number: str) -> None:
    now = timezone.now()
    access = Access.objects.create(cabinet=cabinet, number=number, password="x", password_changed_at=now)
    OneTimeLink.objects.create(
        cabinet=cabinet, number=number, purpose="reset", token_hash=number, access=access, expires_at=now + 365 * DAY
    )
    Announcement.objects.create(cabinet=cabinet, number=number, medium="letter", at=now)
    AuditEvent.objects.create(cabinet=cabinet, number=number, kind="signed_in")


def test_a_withdrawn_patients_account_is_kept_30_days_and_then_erased(
    publisher: Publisher, other_publisher: Publisher
) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"))
    other_publisher.publish(make_dossier("1"))
    for cabinet, number in ((publisher.cabinet, "1"), (publisher.cabinet, "2"), (other_publisher.cabinet, "1")):
        give_access(cabinet, number)
    publisher.publish(withdrawn=["1"])
    now = timezone.now()
    assert tidy(now + 29 * DAY).erased_patients == 0
    assert Access.objects.of(publisher.cabinet).count() == 2
    assert tidy(now + 31 * DAY).erased_patients == 1
    for model in (Access, OneTimeLink, Announcement, AuditEvent, PublishedDossier):
        assert list(model.objects.of(publisher.cabinet).values_list("number", flat=True)) == ["2"], model
        assert model.objects.of(other_publisher.cabinet).count() == 1
    assert tidy(now + 31 * DAY).erased_patients == 0


def test_a_patient_who_returns_within_30_days_finds_the_account_again(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"))
    give_access(publisher.cabinet, "1")
    publisher.publish(withdrawn=["1"])
    publisher.publish(make_dossier("1"))
    tidy(timezone.now() + 60 * DAY)
    assert Access.objects.of(publisher.cabinet).count() == 1


def test_a_broken_run_is_closed_after_two_days(publisher: Publisher) -> None:
    publisher.stage(publisher.open().run, [make_dossier("1")])
    assert tidy(timezone.now() + DAY).closed_runs == 0
    assert tidy(timezone.now() + 3 * DAY).closed_runs == 1
    assert SyncRun.objects.of(publisher.cabinet).get().status == RunOutcome.DISCARDED
    assert not StagedDossier.objects.of(publisher.cabinet).exists()


def test_spent_codes_and_old_runs_are_forgotten(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"))
    registry.issue_code(publisher.cabinet, Role.SYNC)
    tidy(timezone.now() + 20 * DAY)
    assert EnrolmentCode.objects.of(publisher.cabinet).count() == 2
    tidy(timezone.now() + 500 * DAY)
    assert not EnrolmentCode.objects.of(publisher.cabinet).exists()
    assert not SyncRun.objects.of(publisher.cabinet).exists()
    assert PublishedDossier.objects.of(publisher.cabinet).count() == 1


def test_links_that_were_never_sent_are_forgotten_after_a_week_and_the_others_when_they_are_long_over(
    publisher: Publisher,
) -> None:
    publisher.publish(make_dossier("1"))
    now = timezone.now()
    never_sent, out = staged(publisher.cabinet, "1"), sent(publisher.cabinet, "1", contact="Luc")
    assert tidy(now + 6 * DAY).forgotten == 0
    assert tidy(now + 8 * DAY).forgotten == 1
    assert [row.handle for row in OneTimeLink.objects.of(publisher.cabinet)] == [out.handle]
    assert never_sent.handle != out.handle
    tidy(now + 89 * DAY)
    assert OneTimeLink.objects.of(publisher.cabinet).exists()
    tidy(now + 91 * DAY)
    assert not OneTimeLink.objects.of(publisher.cabinet).exists()


def test_claims_that_ran_out_are_forgotten(publisher: Publisher) -> None:
    device = Device.objects.of(publisher.cabinet).get()
    announcements.claim(device, "c" * 32, ["1"])
    assert tidy(timezone.now() + dt.timedelta(hours=1)).forgotten == 0
    assert tidy(timezone.now() + dt.timedelta(hours=3)).forgotten == 1


def test_hourly_work_is_done_at_once_and_then_every_hour() -> None:
    done: list[float] = []
    with time_machine.travel(0, tick=False):
        clock = [0.0]
        chore = every(TIDY_EVERY, lambda: done.append(clock[0]), lambda: clock[0])
        for clock[0] in (0.0, 10.0, TIDY_EVERY - 1, TIDY_EVERY, TIDY_EVERY + 1, 5 * TIDY_EVERY):
            chore()
    assert done == [0.0, TIDY_EVERY, 5 * TIDY_EVERY]
