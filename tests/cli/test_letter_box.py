"""The demo's letter-boxes keep what arrives, whole and in order, and are gone when they are left."""

import smtplib
import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
import requests

from cli.letter_box import MailBox, SmsBox


def letter(text: str) -> EmailMessage:
    message = EmailMessage(SMTP)
    message["From"], message["To"], message["Subject"] = "c@exemple.fr", "p@exemple.fr", "Essai"
    message.set_content(text)
    return message


def test_mail_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    with MailBox(tmp_path / "mail") as box, smtplib.SMTP("127.0.0.1", box.port) as client:
        client.send_message(letter(".un point\n..deux\n\nfin"))
        client.send_message(letter("deux"), to_addrs=["a@exemple.fr", "b/../c@exemple.fr"])
        files = box.letters()

    assert [path.name for path in files] == [
        "0001-p@exemple.fr.eml",
        "0002-a@exemple.fr.eml",
        "0003-b_.._c@exemple.fr.eml",
    ]
    assert message_from_bytes(files[0].read_bytes()).get_payload() == ".un point\r\n..deux\r\n\r\nfin\r\n"


def test_what_breaks_off_is_not_kept(tmp_path: Path) -> None:
    with MailBox(tmp_path / "mail") as box:
        with socket.create_connection(("127.0.0.1", box.port)) as line, line.makefile("rb") as answers:
            answers.readline()
            for command in (b"MAIL FROM:<a@b.fr>", b"RCPT TO:<c@d.fr>", b"DATA"):
                line.sendall(command + b"\r\n")
                answers.readline()
            line.sendall(b"un debut\r\n")
        with smtplib.SMTP("127.0.0.1", box.port) as client:
            assert client.docmd("DATA")[0] == 503
            assert client.docmd("VRFY x")[0] == 502
        assert box.letters() == []


def test_sms_are_kept_and_half_ones_refused(tmp_path: Path) -> None:
    with SmsBox(tmp_path / "sms") as box:
        taken = requests.post(box.url, data={"to": "+33639981234", "text": "Écrit à 14h"}, timeout=30)
        refused = requests.post(box.url, data={"to": "+33639981234"}, timeout=30)

    assert (taken.text, refused.text) == ("OK", "ERROR")
    (kept,) = box.messages()
    assert (kept.name, kept.read_text("utf-8")) == ("0001-+33639981234.txt", "Écrit à 14h")
    with pytest.raises(requests.ConnectionError):
        requests.post(box.url, data={}, timeout=5)
