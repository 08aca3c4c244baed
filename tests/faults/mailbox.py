"""A mail server that keeps what it gets, in the order of arrival."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes

from aiosmtpd.controller import Controller

from workflow.embedded.server import free_port


@dataclass(frozen=True)
class Mail:
    """`job` is the id in its Message-ID, which stays the same when a mail is sent again."""

    job: str
    to: str
    subject: str


class Mailbox:
    """Speaks SMTP on a port of its own; takes `seconds` to take a mail over."""

    def __init__(self):
        self.seconds = 0.0
        self._mails, self._lock = [], threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()

    @property
    def url(self):
        return f"smtp://{self._controller.hostname}:{self._controller.port}"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
        message = message_from_bytes(envelope.content)
        job = message["Message-ID"].strip("<>").partition("@")[0]
        with self._lock:
            self._mails.append(Mail(job, envelope.rcpt_tos[0], message["Subject"]))
        await asyncio.sleep(self.seconds)
        return "250 Taken over"

    @property
    def mails(self):
        with self._lock:
            return list(self._mails)

    def received(self, address):
        return sum(mail.to == address for mail in self.mails)

    def copies(self):
        """How often each job's mail has arrived."""
        return Counter(mail.job for mail in self.mails)

    def close(self):
        self._controller.stop()
