"""The ways to a guest: e-mail over SMTP, or the log where there is no way."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from workflow.notifications.messages import Message

TIMEOUT = 10.0
SUBMISSION, SMTPS = 587, 465
log = structlog.get_logger(__name__)


class Undeliverable(Exception):
    """The receiving side has said no for good; sending it again would only annoy it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way. `job_id` stays the same over all tries, so a second one can be recognised."""

    job_id: str
    contact: str
    sender: str
    message: Message
    at: datetime


class Channel(Protocol):
    def send(self, letter: Letter) -> None:
        """Returns when it was taken over. Raises Undeliverable when it never will be."""


class Log:
    """For where no mail server is set, or where the contact is no e-mail address: somebody may still look it up."""

    def send(self, letter: Letter) -> None:
        log.info("A message to a guest.", job=letter.job_id, subject=letter.message.subject, text=letter.message.text)


class Mail:
    """SMTP (RFC 5321), encrypted wherever the server offers it."""

    def __init__(self, url: str) -> None:
        self._server = urlsplit(url)

    def send(self, letter: Letter) -> None:
        try:
            with self._connected() as server:
                server.send_message(email(letter))
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise _verdict(code, words, refused) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise Undeliverable(f"The mail server cannot take the address: {refused}.") from refused
        except smtplib.SMTPDataError as refused:
            raise _verdict(refused.smtp_code, refused.smtp_error, refused) from refused

    def _connected(self) -> smtplib.SMTP:
        server = self._greeted()
        if self._server.username:
            server.login(unquote(self._server.username), unquote(self._server.password or ""))
        return server

    def _greeted(self) -> smtplib.SMTP:
        host, port = self._server.hostname or "localhost", self._server.port
        if self._server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or SMTPS, timeout=TIMEOUT, context=ssl.create_default_context())
        server = smtplib.SMTP(host, port or SUBMISSION, timeout=TIMEOUT)
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=_context(self._server))
        return server


def email(letter: Letter) -> EmailMessage:
    """Plain text, and the same as HTML. Raises Undeliverable for an address that is none."""
    mail = EmailMessage()
    mail["From"] = letter.sender
    mail["To"] = _address(letter.contact)
    mail["Subject"] = letter.message.subject
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.job_id}@passline>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.message.text)
    mail.add_alternative(letter.message.html, subtype="html")
    return mail


def is_mail(contact: str) -> bool:
    return contact.lower().startswith("mailto:")


def _address(contact: str) -> Address:
    spelt = unquote(contact[len("mailto:") :].partition("?")[0])
    try:
        return Address(addr_spec=spelt)
    except (ValueError, IndexError, AttributeError, MessageError) as error:  # whatever its parser trips over
        raise Undeliverable(f"{spelt!r} is no e-mail address.") from error


def _context(server: SplitResult) -> ssl.SSLContext:
    """A server on this machine cannot be impersonated, and seldom has a certificate that anybody signed."""
    context = ssl.create_default_context()
    if server.hostname in ("localhost", "127.0.0.1", "::1"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _verdict(code: int, words: bytes | str, error: Exception) -> Exception:
    """4xx is for now, 5xx for good (RFC 5321 §4.2.1)."""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Undeliverable(f"{code} {said}") if code >= 500 else error
