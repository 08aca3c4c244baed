"""The four pages, and the files they are made of. Nothing of them is loaded from elsewhere."""

from urllib.parse import urlencode
from uuid import UUID

from web.built_pages import HTML, MEDIA_TYPES, BuiltPages, say_part
from web.context import Request, Response
from web.contract import shapes
from web.contract.models.pages import PageQuery
from web.contract.operation import Answer, operation
from web.identifiers import LONGEST_NAME
from web.refusals import NotFound, PagesNotBuilt, RateLimited, Unauthorized
from web.sign_in import SignIn
from workflow.engine import Engine
from workflow.tracking import Tokens

# No script and no style but our own files. The pages draw the icon of their tab, which makes it a data: address.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
PAGE = Answer("The page.", media_types=(HTML.partition(";")[0],), headers=("ETag",))
ELSEWHERE = Answer("It is at the Location.", headers=("Location",))
FILE = Answer("The file.", media_types=tuple(kind.partition(";")[0] for kind in MEDIA_TYPES.values()))
YEAR = "public, max-age=31536000, immutable"


class _Page:
    """A page is the same for everybody: what it shows it asks the API for."""

    def __init__(self, pages: BuiltPages, name: str) -> None:
        self._pages = pages
        self._name = name

    def say(self, req: Request, resp: Response) -> None:
        page = self._pages.find(f"{self._name}.html")
        if page is None:
            raise PagesNotBuilt("The pages are not built here. Run `make ui` where the sources are, and try again.")
        resp.set_headers([("content-security-policy", POLICY), ("cache-control", "no-cache")])
        say_part(req, resp, page)


class MenuPage(_Page):
    """``/menu``"""

    @operation(
        "The page where guests choose and order.",
        tag="Pages",
        query=PageQuery,
        answers={200: PAGE, 304: shapes.UNCHANGED},
        refusals=(PagesNotBuilt,),
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        self.say(req, resp)


class StaffPage(_Page):
    """``/kitchen`` and ``/dashboard``: a code in the link signs in; without one the page asks who is there."""

    def __init__(self, pages: BuiltPages, name: str, sign_in: SignIn) -> None:
        super().__init__(pages, name)
        self._sign_in = sign_in

    @operation(
        "A page for staff. It asks for a key or a PIN where nobody is signed in.",
        tag="Pages",
        query=PageQuery,
        answers={200: PAGE, 303: ELSEWHERE, 304: shapes.UNCHANGED},
        refusals=(PagesNotBuilt,),
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        if query.code and await self._signs_in(req, resp, query.code):
            rest = urlencode(query.model_dump(exclude={"code"}, exclude_none=True))
            _see(resp, f"{req.path}?{rest}" if rest else req.path)
            return
        self.say(req, resp)

    async def _signs_in(self, req: Request, resp: Response, code: str) -> bool:
        try:
            await self._sign_in.with_code(req, resp, code)
        except (Unauthorized, RateLimited):
            return False  # the page then asks for a key, and says what was wrong with that
        return True


class TrackingPage(_Page):
    """``/order-tracking/{token}``, by the order's id as well for whoever is signed in."""

    def __init__(self, pages: BuiltPages, name: str, engine: Engine, tokens: Tokens) -> None:
        super().__init__(pages, name)
        self._engine = engine
        self._tokens = tokens

    @operation(
        "The page where a guest follows an order.",
        tag="Pages",
        query=PageQuery,
        answers={200: PAGE, 303: ELSEWHERE, 304: shapes.UNCHANGED},
        refusals=(PagesNotBuilt,),
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, query: PageQuery, token: str) -> None:
        # Not the converter of names: the log must know by the template that this one is a secret.
        if len(token) > LONGEST_NAME:
            raise NotFound("There is no order with this token.")
        if await self._may_see(req, token):
            _see(resp, f"/order-tracking/{self._tokens.token(token.lower())}")
            return
        self.say(req, resp)

    async def _may_see(self, req: Request, order_id: str) -> bool:
        """Whether *order_id* is one, and of an order that this person's key may see."""
        principal = req.context.principal
        if principal is None or not _is_id(order_id):
            return False
        found = await self._engine.version(order_id.lower())
        return found is not None and principal.location_id in (None, found.location_id)


class PageFile:
    """``/ui/{file}`` and ``/sw.js``: icons, manifests and the service worker, under names that stay."""

    def __init__(self, pages: BuiltPages) -> None:
        self._pages = pages

    @operation(
        "A file that belongs to the pages.",
        tag="Pages",
        answers={200: FILE, 304: shapes.UNCHANGED},
        refusals=(NotFound,),
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, file: str = "sw.js") -> None:
        part = self._pages.find(file)
        if part is None:
            raise NotFound(f"There is no {file!r}.")
        # The worker fetches under the policy that it came with.
        resp.set_headers([("content-security-policy", POLICY), ("cache-control", "no-cache")])
        say_part(req, resp, part)


class Asset:
    """``/ui/assets/{file}``: a name here stands for one content for good."""

    def __init__(self, pages: BuiltPages) -> None:
        self._pages = pages

    @operation(
        "A script, a style or a font of the pages.",
        tag="Pages",
        answers={200: FILE, 304: shapes.UNCHANGED},
        refusals=(NotFound,),
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, file: str) -> None:
        part = self._pages.find(file, "assets")
        if part is None:
            raise NotFound(f"There is no {file!r}.")
        resp.set_header("cache-control", YEAR)
        say_part(req, resp, part)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _see(resp: Response, address: str) -> None:
    resp.status = 303
    resp.set_headers([("location", address), ("cache-control", "no-store")])
