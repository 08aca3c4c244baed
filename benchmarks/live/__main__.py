"""`python -m benchmarks.live`, which is `make bench-live`."""

import argparse
import http.client
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import cpu, load
from benchmarks.conditions import conditions
from benchmarks.figures import percentile
from benchmarks.live.watchers import Watchers, watching
from benchmarks.load import MARK, Load, request
from benchmarks.product import BODY, Web, prepared

RESULT = Path(__file__).parent.parent / "results" / "live.json"
STREAMS = (1, 1000, 5000)
SCREENS = (100, 1000)
#: Orders that are commanded, each with one watcher; those of all other streams stay as they are.
MOVING = 100
BESIDE = 50
COMMANDS = 300
BROADCASTS = 40
PAUSE = 0.01
POLLERS = 32
POLL_SECONDS = 3.0
CUSTOMERS = 10_000

Figure = dict[str, float]


def main(words: Sequence[str] | None = None) -> int:
    given = _options(words)
    with tempfile.TemporaryDirectory(dir=given.directory) as directory:
        root = Path(directory)
        result: dict[str, Any] = {"conditions": conditions(root), "note": given.note, "watcher_of_one_order": {}}
        for streams in given.streams:
            with web(root / f"streams-{streams}") as (served, till):
                result["watcher_of_one_order"][str(streams)] = one_watcher(served, till, streams, given.commands)
        result["kitchen"] = {}
        for screens in given.screens:
            with web(root / f"screens-{screens}") as (served, till):
                result["kitchen"][str(screens)] = broadcast(served, till, screens, given.broadcasts)
        with web(root / "polling") as (served, till):
            result["polling"] = polling(served, till, given.seconds)
    given.output.write_text(json.dumps(result, indent=2) + "\n")
    print(table(result))
    print(f"\n{given.output}")
    return 0


@contextmanager
def web(root: Path) -> Iterator[tuple[Web, "Till"]]:
    """One web process on SQLite, with everything on, and a till at it."""
    database = f"sqlite:///{root}/passline.db"
    served = Web(root, database, prepared(root, database), workers=1).start()
    till = Till(served)
    try:
        yield served, till
    finally:
        till.close()
        served.stop()


class Till:
    """One keep-alive connection that places orders and commands them."""

    def __init__(self, served: Web) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", served.settings.port, timeout=10)
        self._key = served.keys["manager"]

    def post(self, path: str, body: str = "{}") -> dict[str, Any]:
        told = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        self._connection.request("POST", path, body, told)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"POST {path} was answered {answer.status}: {text.decode()[:500]}")
        found: dict[str, Any] = json.loads(text)
        return found

    def close(self) -> None:
        self._connection.close()

    def place(self, mark: str) -> dict[str, Any]:
        return self.post("/v1/orders", BODY.replace(MARK, mark))


def one_watcher(served: Web, till: Till, streams: int, commands: int) -> Figure:
    """A command on an order → the one stream that watches it, in milliseconds, beside so many other streams."""
    moving = [till.place(f"moving-{number}") for number in range(min(MOVING, streams))]
    beside = [till.place(f"beside-{number}") for number in range(BESIDE)]
    others = [beside[number % BESIDE] for number in range(streams - len(moving))]
    before = memory(served)
    with watching(served.settings.port, [_tracked(order) for order in [*moving, *others]]) as watchers:
        held = memory(served) - before
        times = [_command(till, moving, number, watchers) for number in range(commands)]
    return {**_spread(times), "kilobytes_a_stream": round(held / streams, 1)}


def broadcast(served: Web, till: Till, screens: int, broadcasts: int) -> Figure:
    """A command on an order → every one of so many screens of its kitchen, in milliseconds."""
    order = till.place("moving")
    first, last, spent = [], [], cpu.used(_pid(served))
    with watching(served.settings.port, [("/v1/kitchen/stream", served.keys["kitchen"])] * screens) as watchers:
        watchers.forget()
        spent = cpu.used(_pid(served))
        for number in range(broadcasts):
            begun = time.monotonic()
            till.post(f"/v1/orders/{order['id']}/{_rush(number)}")
            seen = watchers.seen(screens)
            if len(seen) != screens:
                raise RuntimeError(f"{len(seen)} of {screens} screens had the order.")
            first.append(min(at for _, at in seen) - begun)
            last.append(max(at for _, at in seen) - begun)
            time.sleep(PAUSE)
        spent = cpu.used(_pid(served)) - spent
    return {
        "first_p50_ms": _ms(first, 0.5),
        "last_p50_ms": _ms(last, 0.5),
        "last_p99_ms": _ms(last, 0.99),
        "cpu_us_a_delivery": round(spent / broadcasts / screens * 1e6, 1),
    }


def polling(served: Web, till: Till, seconds: float) -> Figure:
    """304s a second for customers who poll their order, and for how many of them that is enough."""
    orders = [till.place(f"polled-{number}") for number in range(BESIDE * 10)]
    asked = [
        request("GET", f"/v1/track/{order['tracking_token']}", "", **{"If-None-Match": f'"{order["version"]}"'})
        for order in orders
    ]
    port, spent = served.settings.port, cpu.used(_pid(served))
    done = load.run(Load(port, [[text] for text in asked], 304, clients=POLLERS, seconds=seconds, again=True))
    spent = cpu.used(_pid(served)) - spent
    return {
        "unchanged_a_second": round(done.rate),
        "p50_ms": round(done.p50, 2),
        "p99_ms": round(done.p99, 2),
        "cpu_us_each": round(spent / done.count * 1e6, 1),
        "customers": round(done.rate * POLL_SECONDS),
        "mean_wait_ms": POLL_SECONDS / 2 * 1000,
    }


def memory(served: Web) -> float:
    """Kilobytes that the web processes hold; what the kernel holds for sockets is not among them."""
    lines = [line for pid in _family(_pid(served)) for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return float(sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")))


def table(result: dict[str, Any]) -> str:
    """The figures, to read."""
    lines = [
        "command sent → the watcher of its order has it, ms",
        f"{'streams':>10}{'p50':>9}{'p99':>9}{'KB each':>10}",
    ]
    for streams, row in result["watcher_of_one_order"].items():
        lines.append(f"{streams:>10}{row['p50_ms']:>9}{row['p99_ms']:>9}{row['kilobytes_a_stream']:>10}")
    lines += ["", "command sent → the screens of its kitchen have it, ms"]
    lines += [f"{'screens':>10}{'first':>9}{'last':>9}{'last p99':>10}{'CPU µs each':>13}"]
    for screens, row in result["kitchen"].items():
        measured = row["first_p50_ms"], row["last_p50_ms"], row["last_p99_ms"], row["cpu_us_a_delivery"]
        lines.append("{:>10}{:>9}{:>9}{:>10}{:>13}".format(screens, *measured))
    polled = result["polling"]
    lines += ["", f"polling every {POLL_SECONDS:g} s instead: {polled['mean_wait_ms']:g} ms on average;"]
    lines += [
        f"{polled['unchanged_a_second']} answers 304 a second, {polled['cpu_us_each']} µs of CPU each, p99 "
        f"{polled['p99_ms']} ms: enough for {polled['customers']} customers "
        f"({CUSTOMERS} ask {round(CUSTOMERS / POLL_SECONDS)})"
    ]
    return "\n".join(lines)


def _command(till: Till, moving: Sequence[dict[str, Any]], number: int, watchers: Watchers) -> float:
    """Seconds from sending it until the order's watcher had the order."""
    which = number % len(moving)
    begun = time.monotonic()
    till.post(f"/v1/orders/{moving[which]['id']}/{_rush(number // len(moving))}")
    seen = watchers.seen(1)
    if [stream for stream, _ in seen] != [which]:
        raise RuntimeError(f"Stream {which} should have had an order, and {seen} did.")
    time.sleep(PAUSE)
    return seen[0][1] - begun


def _rush(number: int) -> str:
    return "unrush" if number % 2 else "rush"


def _tracked(order: dict[str, Any]) -> tuple[str, str]:
    return f"/v1/track/{order['tracking_token']}/stream", ""


def _spread(times: Sequence[float]) -> Figure:
    return {"p50_ms": _ms(times, 0.5), "p99_ms": _ms(times, 0.99), "max_ms": _ms(times, 1)}


def _ms(times: Sequence[float], share: float) -> float:
    value = statistics.median(times) if share == 0.5 else percentile(sorted(times), share)
    return round(value * 1000, 2)


def _pid(served: Web) -> int:
    assert served.process is not None
    return served.process.pid


def _family(root: int) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    return [root, *(one for child in children for one in _family(int(child)))]


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description="Measure the streams (Linux).")
    parser.add_argument("--output", type=Path, default=RESULT, help="the file for the figures")
    parser.add_argument("--directory", type=Path, help="for the databases: a directory on the disk that counts")
    parser.add_argument("--note", default="", help="what to know about the machine, kept with the figures")
    parser.add_argument("--smoke", action="store_true", help="a short run that shows that all of it works")
    given = parser.parse_args(words)
    given.streams, given.screens = (1, 20) if given.smoke else STREAMS, (20,) if given.smoke else SCREENS
    given.commands, given.broadcasts = (20, 5) if given.smoke else (COMMANDS, BROADCASTS)
    given.seconds = 0.7 if given.smoke else 6.0
    return given


if __name__ == "__main__":
    sys.exit(main())
