"""What a guest is told, and how it gets there."""

import email.policy
from datetime import timedelta
from email.parser import BytesParser

import pytest
import sqlalchemy as sa
import structlog
from aiosmtpd.controller import Controller

from tests.jobs.bench import settings_for
from tests.restaurant import Restaurant
from workflow.embedded.server import free_port
from workflow.jobs.catalogue import KINDS
from workflow.jobs.drain import Drain
from workflow.schema import jobs
from workflow.state_machine.model import Customer, Payment
from workflow.tracking import Tokens

ADA = Customer("Ada", "mailto:ada@example.com")


class Postbox:
    """Takes letters as a mail server does; `answer` may say no."""

    def __init__(self):
        self.letters = []
        self.answer = "250 Taken"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        letter = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
        self.letters.append(letter)
        return self.answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("nobody@"):
            return "550 No such mailbox"
        if address.startswith("later@"):
            return "451 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def postbox():
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


@pytest.fixture
def post(store, tmp_path, postbox):
    """Does the notifications, over the postbox."""
    settings = settings_for(
        store,
        tmp_path,
        smtp=postbox.url,
        public_url="https://orders.example.com/",
        mail_from="Trattoria <t@example.com>",
    )
    drain = Drain(store, settings, KINDS)
    return lambda: drain.drain("notifications")


@pytest.fixture
def log_only(store, settings):
    drain = Drain(store, settings, KINDS)
    return lambda: drain.drain("notifications")


@pytest.fixture
def asking(store, clock):
    return Restaurant(store, clock, auto_confirm=False)


def subjects(postbox):
    return [letter["Subject"] for letter in postbox.letters]


def states(kitchen, *columns):
    wanted = columns or (jobs.c.state,)
    query = sa.select(*wanted).where(jobs.c.lane == "notifications").order_by(jobs.c.version)
    return [tuple(row) if columns else row.state for row in kitchen.rows(query)]


def body(letter, kind="plain"):
    return letter.get_body((kind,)).get_content()


def test_a_letter_is_addressed_and_signed_and_can_be_told_from_its_copy(kitchen, post, postbox):
    order = kitchen.place(customer=ADA)

    assert post() == 1

    (letter,) = postbox.letters
    assert letter["To"] == "ada@example.com"
    assert letter["From"] == "Trattoria <t@example.com>"
    assert letter["Subject"] == f"Your order {order.number} at Trattoria"
    job_id = kitchen.rows(sa.select(jobs.c.id).where(jobs.c.lane == "notifications"))[0].id
    assert letter["Message-ID"] == f"<{job_id}@passline>"
    link = f"https://orders.example.com/order-tracking/{Tokens('a secret for tests').token(order.id)}"
    assert link in body(letter)
    assert f'<a href="{link}">' in body(letter, "html")


def test_a_guest_hears_of_every_turn(asking, post, postbox, clock):
    order = asking.place(customer=ADA, channel="takeaway")
    post()
    asking.do(order, "confirm")
    post()
    asking.do(order, "bump")
    post()
    asking.do(order, "recall")
    post()
    asking.do(order, "delay", seconds=300)
    post()
    asking.do(order, "cancel", reason="The oven is broken.")
    post()

    number = order.number
    assert subjects(postbox) == [
        f"Your order {number} at Trattoria",
        f"We are making your order {number}",
        f"Your order {number} is ready",
        f"Sorry: your order {number} is not ready after all",
        f"Your order {number} takes a little longer",
        f"Your order {number} has been cancelled",
    ]
    assert "pick it up" in body(postbox.letters[2])
    assert "“The oven is broken.”" in body(postbox.letters[5])
    for letter in postbox.letters:
        assert "{" not in body(letter)
        assert "  " not in body(letter)
        assert "\n\n\n" not in body(letter)


def test_times_are_the_restaurants(kitchen, drain, post, postbox, clock):
    kitchen.place(customer=ADA)  # at 12:00 UTC, 13:00 in Berlin
    drain.drain("estimates")

    post()

    assert "ready at about 13:08" in body(postbox.letters[0])


def test_a_scheduled_order_is_told_its_day_and_time(kitchen, post, postbox, clock):
    kitchen.place(customer=ADA, scheduled_for=clock.at + timedelta(days=1, hours=6))

    post()

    assert "for Thursday 26 November" in postbox.letters[0]["Subject"]
    assert "on Thursday 26 November at 19:00" in body(postbox.letters[0])


def test_a_rejected_guest_hears_why_and_what_becomes_of_the_money(asking, post, postbox):
    order = asking.place(customer=ADA, payments=(Payment("card", 1150),))
    asking.do(order, "reject", reason="We are closing.")

    post()

    (letter,) = postbox.letters
    assert "cannot take your order" in letter["Subject"]
    assert "“We are closing.”" in body(letter)
    assert "give it back" in body(letter)


def test_a_late_order_is_apologised_for(kitchen, drain, post, postbox, clock):
    kitchen.place(customer=ADA)
    drain.drain("estimates")
    post()
    clock.advance(3600)
    drain.drain("timers")

    post()

    assert "is late" in postbox.letters[-1]["Subject"]
    assert "by 13:10" in body(postbox.letters[-1])


def test_what_would_be_wrong_by_now_is_not_said(kitchen, post, postbox):
    order = kitchen.place(customer=ADA)
    kitchen.do(order, "bump")
    kitchen.do(order, "recall")

    post()

    assert [subject.partition(":")[0] for subject in subjects(postbox)] == [
        f"Your order {order.number} at Trattoria",
        "Sorry",
    ]
    placed, bumped, recalled = states(kitchen, jobs.c.state, jobs.c.last_error)
    assert (placed[0], bumped[0], recalled[0]) == ("done", "cancelled", "done")
    assert bumped[1] == "Superseded: the order has moved on and is preparing now."


def test_ready_recalled_and_ready_again_is_told_once(kitchen, post, postbox):
    order = kitchen.place(customer=ADA)
    post()
    for action in ("bump", "recall", "bump"):
        kitchen.do(order, action)

    post()

    assert subjects(postbox)[1:] == [f"Your order {order.number} is ready"]
    assert states(kitchen) == ["done", "cancelled", "cancelled", "done"]


def test_without_a_contact_nobody_is_told(kitchen, post, postbox):
    kitchen.place(customer=Customer("Ada"))

    assert post() == 0


def test_without_a_mail_server_the_log_is_told(kitchen, log_only):
    kitchen.place(customer=ADA)

    with structlog.testing.capture_logs() as lines:
        assert log_only() == 1

    assert [line["event"] for line in lines] == ["A message to a guest."]
    assert states(kitchen) == ["done"]


def test_a_telephone_is_no_postbox(kitchen, post, postbox):
    kitchen.place(customer=Customer("Ada", "tel:+49123"))

    with structlog.testing.capture_logs():
        post()

    assert (postbox.letters, states(kitchen)) == ([], ["done"])


@pytest.mark.parametrize(
    "contact", ["mailto:nobody@example.com", "mailto:no address", "mailto:", "mailto:a@b\r\nBcc: c@d"]
)
def test_what_can_never_be_delivered_waits_for_a_person(kitchen, post, postbox, contact):
    kitchen.place(customer=Customer("Ada", contact))

    post()

    assert (postbox.letters, states(kitchen)) == ([], ["dead"])


def test_a_server_that_is_busy_is_asked_again(kitchen, post, postbox, clock):
    kitchen.place(customer=Customer("Ada", "mailto:later@example.com"))

    post()

    (state, error, due_at) = states(kitchen, jobs.c.state, jobs.c.last_error, jobs.c.due_at)[0]
    assert state == "pending"
    assert "451" in error
    assert due_at > clock.at


def test_letters_wait_for_a_server_that_is_down_and_keep_their_id(kitchen, store, tmp_path, postbox, clock):
    kitchen.place(customer=ADA)
    down = settings_for(store, tmp_path, smtp=f"smtp://127.0.0.1:{free_port()}")
    Drain(store, down, KINDS).drain("notifications")
    assert states(kitchen) == ["pending"]

    clock.advance(10)
    postbox.answer = "451 Not now"
    up = Drain(store, settings_for(store, tmp_path, smtp=postbox.url), KINDS)
    up.drain("notifications")
    clock.advance(20)
    postbox.answer = "250 Taken"
    up.drain("notifications")

    assert states(kitchen) == ["done"]
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 1
    assert len(postbox.letters) == 2
