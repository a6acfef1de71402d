"""Scrapy's settings: polite, bounded, and closed where its defaults are open (2.19, looked at 2026-11)."""

BOT_NAME = "yiwen"
SPIDER_MODULES = ["crawler.spiders"]
USER_AGENT = "Yiwen/0.1 (open-source archive of health news; obeys robots.txt)"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,zh-TW;q=0.8,en;q=0.3",
}

# Polite
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Yiwen"
DOWNLOAD_DELAY = 0  # Turn keeps each site's own, over all sites of a host and as robots.txt asks
CONCURRENT_REQUESTS_PER_DOMAIN = 16
COOKIES_ENABLED = False

# Bounded
DOWNLOAD_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024  # after decompression too
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 5  # lists reload themselves after minutes; only a prompt one leads somewhere
RETRY_TIMES = 1
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # not 429 and 503, which ask for patience
CONCURRENT_ITEMS = 1  # of one answer, and each of ours gives one; Scrapy starts so many tasks for every answer

# Closed
DOWNLOAD_VERIFY_CERTIFICATES = True
HTTPPROXY_ENABLED = False  # a proxy would resolve names for us, behind the guard's back
TWISTED_DNS_RESOLVER = "crawler.fetch.resolver.GuardedResolver"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
_HTTP = "crawler.fetch.download.Http"  # its headers end
DOWNLOAD_HANDLERS = {"http": _HTTP, "https": _HTTP, "file": None, "data": None, "ftp": None, "s3": None}

# Ours
HTTPERROR_ALLOW_ALL = True  # every answer is evidence
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetch.middlewares.Guard": 50,
    "crawler.fetch.middlewares.LeaveAlone": 60,
    "crawler.fetch.middlewares.Budget": 110,  # after robots.txt, so that what it forbids costs nothing
    "crawler.fetch.middlewares.Turn": 990,  # the last before the request is sent, when robots.txt has been asked
}
ITEM_PIPELINES = {"crawler.crawl.pipelines.Record": 100}
EXTENSIONS = {"crawler.crawl.extensions.RunKeeper": 100}
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_LEVEL = "ERROR"
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
STATS_DUMP = False
