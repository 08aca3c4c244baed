"""Every address, and the resource that answers there."""

from web.built_pages import BuiltPages
from web.figures import Figures
from web.live.figures import Streams
from web.live.live import Live
from web.principals import Principals
from web.resources import (
    commands,
    dead_letters,
    health,
    house,
    kitchen,
    menu,
    orders,
    problem_types,
    reports,
    streams,
    tracking,
)
from web.resources.documentation import Docs, DocsAsset, OpenApi
from web.resources.pages import Asset, MenuPage, PageFile, StaffPage, TrackingPage
from web.resources.session import Session
from web.resources.workflow import Diagram, Workflow
from web.sign_in import SignIn
from workflow.engine import Engine
from workflow.tracking import Tokens

Routes = list[tuple[str, object]]


def every_route(
    engine: Engine,
    tokens: Tokens,
    *,
    principals: Principals,
    sign_in: SignIn,
    live: Live,
    figures: Figures,
    document: OpenApi,
) -> Routes:
    return [
        *_orders(engine, tokens, live),
        *_house(engine, tokens, live, sign_in),
        *_books(engine),
        ("/v1/session", Session(engine, sign_in)),
        ("/v1/api-keys", house.ApiKeys(engine)),
        ("/v1/api-keys/{key_id:name}", house.Key(engine, principals, sign_in)),
        ("/v1/workflow", Workflow()),
        ("/v1/workflow/diagram", Diagram()),
        ("/problems/{code}", problem_types.ProblemType()),
        ("/livez", health.Live()),
        ("/readyz", health.Ready(engine)),
        ("/metrics", health.Metrics(engine, figures, Streams(live.hub))),
        ("/openapi.json", document),
        ("/docs", Docs()),
        ("/docs/{asset}", DocsAsset()),
        *_pages(engine, tokens, sign_in),
    ]


def _orders(engine: Engine, tokens: Tokens, live: Live) -> Routes:
    status = commands.OrderStatus(engine, tokens)
    return [
        ("/v1/orders", orders.Orders(engine, tokens)),
        ("/v1/orders/{order_id:order}", orders.Order(engine, tokens)),
        ("/v1/orders/{order_id:order}/events", orders.OrderEvents(engine)),
        ("/v1/orders/{order_id:order}/stream", streams.OrderStream(engine, live)),
        ("/v1/orders/{order_id:order}/items", orders.OrderItems(engine, tokens)),
        ("/v1/orders/{order_id:order}/payments", orders.OrderPayments(engine, tokens)),
        ("/v1/orders/{order_id:order}/update_status", status),
        ("/orders/{order_id:order}/update_status", status),
        ("/v1/orders/{order_id:order}/{action}", commands.OrderAction(engine, tokens)),
        ("/v1/orders/{order_id:order}/items/{item_id:item}/{action}", commands.ItemAction(engine, tokens)),
        ("/v1/orders/{order_id:order}/stations/{station:name}/{action}", commands.TicketAction(engine, tokens)),
        ("/v1/track/{token}", tracking.Track(engine, tokens)),
        ("/v1/track/{token}/events", tracking.TrackEvents(engine, tokens)),
        ("/v1/track/{token}/stream", streams.TrackStream(engine, tokens, live)),
    ]


def _house(engine: Engine, tokens: Tokens, live: Live, sign_in: SignIn) -> Routes:
    return [
        ("/v1/kitchen/tickets", kitchen.Tickets(engine)),
        ("/v1/kitchen/stream", streams.KitchenStream(engine, live)),
        ("/v1/kitchen/all-day", kitchen.AllDay(engine)),
        ("/v1/kitchen/recent", kitchen.Recent(engine, tokens)),
        ("/v1/dashboard/stream", streams.DashboardStream(engine, live)),
        ("/v1/menu", menu.Menu(engine)),
        ("/v1/menu/items/{sku:name}", menu.MenuItemAvailability(engine, live)),
        ("/v1/stations", house.Stations(engine)),
        ("/v1/stations/{station:name}", house.Station(engine, sign_in)),
        ("/v1/locations", house.Locations(engine)),
        ("/v1/locations/{location:name}", house.Location(engine)),
    ]


def _books(engine: Engine) -> Routes:
    return [
        ("/v1/reports/days", reports.Days(engine)),
        ("/v1/reports/days/{business_day}", reports.Day(engine)),
        ("/v1/reports/days/{business_day}.json", reports.Day(engine, "application/json")),
        ("/v1/reports/days/{business_day}.csv", reports.Day(engine, "text/csv")),
        ("/v1/reports/days/{business_day}/close", reports.CloseDay(engine)),
        ("/v1/reports/runs/{run_id:id}", reports.Run(engine)),
        ("/v1/dead-letters", dead_letters.DeadLetters(engine)),
        ("/v1/dead-letters/{job_id:id}/retry", dead_letters.RetryDeadLetter(engine)),
        ("/v1/dead-letters/{job_id:id}/discard", dead_letters.DiscardDeadLetter(engine)),
    ]


def _pages(engine: Engine, tokens: Tokens, sign_in: SignIn) -> Routes:
    pages = BuiltPages()
    file = PageFile(pages)
    return [
        ("/menu", MenuPage(pages, "menu")),
        ("/order-tracking/{token}", TrackingPage(pages, "tracking", engine, tokens)),
        ("/kitchen", StaffPage(pages, "kitchen", sign_in)),
        ("/dashboard", StaffPage(pages, "dashboard", sign_in)),
        ("/ui/{file}", file),
        ("/ui/assets/{file}", Asset(pages)),
        ("/sw.js", file),
    ]
