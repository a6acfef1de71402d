"""Pages whose text is made by scripts, rendered by Chromium. The only module that imports scrapy-playwright.

Loaded by Scrapy as the download handler of sites with `render = true`, and by nothing else. Every page gets a browser
context of its own, which leaves nothing behind, and the browser has no way out but the Gateway. What comes back is the
document as it is when the page has settled, an answer like any other but for the flag that marks it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AsyncExitStack, suppress
from typing import Any

from playwright.async_api import Error, Page, WebSocketRoute
from playwright.async_api import Request as Asked
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawler.addresses import endpoint, refusal
from crawler.crawl.session import session_of
from crawler.fetch.browser import Unrendered, chromium
from crawler.fetch.download import Factory
from crawler.fetch.gateway import Gateway
from crawler.settings import DOWNLOAD_MAXSIZE

WITHIN = 20.0  # seconds for one page, all in all
SETTLED_WITHIN = 5.0  # seconds after its load for scripts to come to rest; what goes on longer is cut off
MOST_BYTES = 20 * 1024 * 1024  # that one page may bring in, scripts included
MOST_REQUESTS = 500  # that one page may make, pictures included
_MAY_LOAD = {"document", "script", "stylesheet", "xhr", "fetch"}

_FLAGS = (
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the gateway resolves
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=256",
)
_CONTEXT = {"accept_downloads": False, "service_workers": "block", "locale": "zh-CN"}
# Taken in a world of its own, where a page cannot have put anything of its own in the place of what is asked for.
_LENGTH = "document.documentElement ? document.documentElement.outerHTML.length : 0"

logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # failures are recorded, each with its reason


class Renderer(ScrapyPlaywrightDownloadHandler):
    """Downloads what asks for it with Chromium, one page at a time, and everything else as Scrapy does."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = Factory
        self._site = session_of(crawler).site
        self._agent = crawler.settings["USER_AGENT"]
        self._turn = asyncio.Lock()
        self._held = AsyncExitStack()
        self._gateway: Gateway | None = None
        self._asked = 0
        self.abort_request = self._unwanted

    async def _maybe_launch_in_thread(self) -> None:
        """Nothing is launched before the first page asks for it."""

    async def _opened(self) -> Gateway:
        if self._gateway is None:
            self._gateway = await self._held.enter_async_context(Gateway(self._site.named_hosts))
            self.config.launch_options = {
                "executable_path": chromium(),
                "args": list(_FLAGS),
                "chromium_sandbox": os.geteuid() != 0,  # which Chromium refuses to have as root
                "proxy": {"server": self._gateway.address, "bypass": "<-loopback>"},
            }
            await self._launch()
        return self._gateway

    async def _close(self) -> None:
        await super()._close()
        await self._held.aclose()

    async def _download_request(self, request: Request, spider: Any = None) -> Response:
        async with self._turn:
            gateway = await self._opened()
            gateway.open(MOST_BYTES)
            self._asked = 0
            name = f"page-{id(request)}"
            request.meta.update(
                playwright_context=name,
                playwright_context_kwargs={**_CONTEXT, "user_agent": self._agent},
                playwright_page_init_callback=_close_sockets,
                playwright_page_methods=[PageMethod(_settle)],
                playwright_page_goto_kwargs={"wait_until": "load", "timeout": WITHIN * 1000},
            )
            try:
                async with asyncio.timeout(WITHIN) as self._patience:
                    return self._marked(await super()._download_request(request, spider))
            except (Error, TimeoutError, RuntimeError) as error:
                raise Unrendered(self._why(error, gateway, endpoint(request.url)[0])) from error
            finally:
                await self._forget(name)
                gateway.shut()

    def _marked(self, response: Response) -> Response:
        if len(response.body) > DOWNLOAD_MAXSIZE:
            raise Unrendered(_TOO_LARGE)
        if refusal(response.url, self._site.named_hosts):
            raise Unrendered("its scripts went on to an address that must not be asked")
        return response.replace(flags=[f"rendered by Chromium {self.browser.version}"])

    async def _unwanted(self, asked: Asked) -> bool:
        """Whether the page must do without this: pictures, frames, and whatever it asks for beyond measure."""
        self._asked += 1
        if self._asked > MOST_REQUESTS:  # each costs us something, also when it is refused
            self._patience.reschedule(0)
        framed = asked.resource_type == "document" and asked.frame.parent_frame is not None
        if self._asked > MOST_REQUESTS or framed or asked.resource_type not in _MAY_LOAD:
            return True
        assert self._gateway is not None
        self._gateway.expect(asked.url)
        return False

    def _why(self, error: Exception, gateway: Gateway, host: str) -> str:
        if host in gateway.refused:
            return gateway.refused[host]
        if gateway.overdrawn:
            return f"it loads more than {MOST_BYTES // 2**20} MB"
        if self._asked > MOST_REQUESTS:
            return f"it makes more than {MOST_REQUESTS} requests"
        if isinstance(error, TimeoutError):
            return f"it was not rendered within {WITHIN:.0f} s"
        if isinstance(error, RuntimeError):  # what scrapy-playwright makes of a download
            return "it is a file to be saved, not a page"
        return f"it could not be rendered ({str(error).splitlines()[0]})"[:300]

    async def _forget(self, name: str) -> None:
        """Close the page's context; where the page is too busy to let itself be closed, the browser."""
        kept = self.context_wrappers.get(name)
        if kept is None:
            return
        try:
            async with asyncio.timeout(SETTLED_WITHIN):
                await kept.context.close()
        except (Error, TimeoutError):
            self.context_wrappers.pop(name, None)
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(SETTLED_WITHIN):
                    await self.browser.close()


_TOO_LARGE = f"larger than {DOWNLOAD_MAXSIZE // 2**20} MB when rendered"


async def _close_sockets(page: Page, request: Request) -> None:
    async def closed(socket: WebSocketRoute) -> None:
        await socket.close()

    await page.route_web_socket("**", closed)


async def _settle(page: Page) -> None:
    """Let the page's scripts come to rest, then stop them, and see that what they made is not too large."""
    with suppress(Error):
        await page.wait_for_load_state("networkidle", timeout=SETTLED_WITHIN * 1000)
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
    asked = {"expression": _LENGTH, "contextId": world["executionContextId"], "returnByValue": True}
    length = (await session.send("Runtime.evaluate", asked))["result"].get("value")
    if not isinstance(length, int) or length > DOWNLOAD_MAXSIZE:
        raise Unrendered(_TOO_LARGE)
