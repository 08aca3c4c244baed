"""Changes told to the other processes over Redis, as they happen. One that is lost costs time only: the feed has it."""

import asyncio
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import msgspec
import redis
import redis.asyncio
import structlog
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from workflow.feed import Change

CONNECT_SECONDS = 2.0
PUBLISH_SECONDS = 2.0
# Under load a message is sent so often, with all that has happened meanwhile.
PACE_SECONDS = 0.005
PING_SECONDS = 2.0
SILENCE_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
MOST_WAITING = 10_000
FAILURES = (redis.RedisError, OSError, asyncio.TimeoutError)
log = structlog.get_logger(__name__)


class Dish(msgspec.Struct, array_like=True, frozen=True):
    """A dish that is out (86), or back."""

    location_id: str
    sku: str
    available: bool


class Announcement(msgspec.Struct, frozen=True):
    """What one process tells the others; `sender` is for itself to know it by."""

    sender: str
    orders: Sequence[Change] = ()
    dishes: Sequence[Dish] = ()


def channel(address: str) -> str:
    """Publishing does not keep to a database's number, so the channel's name has it: two houses may share a Redis."""
    number = redis.ConnectionPool.from_url(address).connection_kwargs.get("db") or 0
    return f"passline.{number}.changes"


class Announcer:
    """Publishes from a thread of its own: whoever tells it something never waits, and goes on whatever happens.

    What is told while the last message is on its way goes into one message. While Redis is away all is dropped.
    """

    def __init__(self, address: str) -> None:
        self.sender = secrets.token_hex(6)
        self._address = address
        self._channel = channel(address)
        self._orders: deque[Change] = deque(maxlen=MOST_WAITING)
        self._dishes: deque[Dish] = deque(maxlen=MOST_WAITING)
        self._waits = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def tell(self, changes: Iterable[Change]) -> None:
        self._orders.extend(changes)
        self._wake()

    def tell_dish(self, dish: Dish) -> None:
        self._dishes.append(dish)
        self._wake()

    def close(self) -> None:
        """Publish what waits, for a moment at most."""
        self._stop.set()
        self._waits.set()
        if self._thread:
            self._thread.join(1)

    def _wake(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
            self._thread.start()
        if not self._waits.is_set():
            self._waits.set()

    def _run(self) -> None:
        client = redis.Redis.from_url(
            self._address,
            socket_timeout=PUBLISH_SECONDS,
            socket_connect_timeout=CONNECT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        pause = 0.0
        while not self._stop.is_set():
            self._waits.wait()
            self._waits.clear()
            message = self._taken()
            try:
                client.publish(self._channel, msgspec.json.encode(message))
            except FAILURES as error:
                if not pause:
                    log.warning("Changes are not announced; screens look for them themselves.", error=repr(error))
                pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
                self._drop_for(pause)
            else:
                if pause:
                    log.info("Changes are announced again.")
                pause = 0.0
                self._stop.wait(PACE_SECONDS)
        client.close()

    def _taken(self) -> Announcement:
        orders = dict.fromkeys(self._orders.popleft() for _ in range(len(self._orders)))
        return Announcement(self.sender, list(orders), [self._dishes.popleft() for _ in range(len(self._dishes))])

    def _drop_for(self, seconds: float) -> None:
        """Redis is away: let it alone for a while, and keep nothing that has become old meanwhile."""
        self._stop.wait(seconds)
        self._taken()


class Listener:
    """Hears what other processes announce.

    `connected` says whether it may be relied on just now, `tried` that it is more than a guess.
    """

    def __init__(self, address: str, sender: str, heard: Callable[[Announcement], None]) -> None:
        self._address = address
        self._sender = sender
        self._heard = heard
        self._decode = msgspec.json.Decoder(Announcement).decode
        self.connected = False
        self.tried = asyncio.Event()

    async def run(self, changed: Callable[[], None]) -> None:
        """Listens until it is cancelled; *changed* is called whenever `connected` has become another."""
        pause = 0.0
        while True:
            try:
                await self._listen(changed)
            except FAILURES as error:
                pause = FIRST_PAUSE if self.connected else min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
                if self.connected:
                    log.warning("Nothing is announced; we look for changes ourselves.", error=repr(error))
                self.tried.set()
            finally:
                self._turn(to=False, changed=changed)
            await asyncio.sleep(pause)

    async def _listen(self, changed: Callable[[], None]) -> None:
        client = redis.asyncio.Redis.from_url(
            self._address, socket_connect_timeout=CONNECT_SECONDS, retry=AsyncRetry(NoBackoff(), 0)
        )
        try:
            async with client.pubsub() as pubsub:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await pubsub.subscribe(channel(self._address))
                await self._hear(pubsub, changed)
        finally:
            await client.aclose()

    async def _hear(self, pubsub: redis.asyncio.client.PubSub, changed: Callable[[], None]) -> None:
        """Raises TimeoutError when the server has not even answered a ping for SILENCE_SECONDS."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            message = await pubsub.get_message(timeout=PING_SECONDS)
            if message is not None:
                last = loop.time()
                self.tried.set()
                self._turn(to=True, changed=changed)
                if message["type"] == "message":
                    self._take(message["data"])
            elif loop.time() - last > SILENCE_SECONDS:
                raise TimeoutError
            else:
                await asyncio.wait_for(pubsub.ping(), PING_SECONDS)

    def _take(self, message: bytes) -> None:
        try:
            announcement = self._decode(message)
        except msgspec.DecodeError:
            return  # another version's, or nobody's: the feed has it all
        if announcement.sender != self._sender:
            self._heard(announcement)

    def _turn(self, *, to: bool, changed: Callable[[], None]) -> None:
        if self.connected != to:
            self.connected = to
            changed()
