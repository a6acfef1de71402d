"""`python -m benchmarks.revisits`: how many edits are missed and how late others are seen, with the same requests.

The model of edits is put together from two published studies of news:

- Timmerman, Bronselaer and Van Leuven ("News in motion", six Flemish outlets, 2019 to 2021) looked at 291,666 articles
  every 15 minutes for 24 hours: 35 % were updated, 20 % to 60 % by outlet, an updated one 1.94 times on average, more
  than 80 % of these once or twice, 5 % more than nine times. Used here: all of these numbers, within the first day.
- GDELT (Leetaru, "Global trends in the ephemerality of online news", 2020) looked again after a day and after a week:
  some 82 % of the changes of title or text were there after the first day. Used here: that share of a week's edits.

Ours is that edits are spread evenly over the logarithm of age, go on so after the week, and that an article's later
edits go half by its own first day and half by its outlet's mean.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import pairwise
from random import Random
from statistics import median

import click

from archive.commands.show import Printer
from archive.store.pages import Visit
from crawler.revisit import next_due

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAYS, EVERY = 1 / 24, 90, 0.25  # in days; a run every six hours
ARTICLES, OUTLETS = 2_000, 10
SHARES = (0.20, 0.60)  # of articles that are updated on their first day, by outlet
MEAN_SHARE, MEAN_UPDATES = 0.35, 1.94
UPDATES = {1: 0.62, 2: 0.20, 3: 0.13, 10: 0.025, 11: 0.025}  # how often, where at all: 82 % at most twice, mean 1.94
FIRST_DAY = 0.82
BANDS = ((2, 0.25), (7, 1), (30, 7), (365, 30))  # younger than, looked at every so many days
FIXED = (0.25, 0.5, 1, 2, 3, 5, 7)
ALLOWED = 0.7  # share of the best fixed interval's missed edits


@dataclass
class Article:
    """One article: times in days. `changed` and what follows is what a crawler knows of it so far."""

    published: float
    outlet: int
    edits: tuple[float, ...]
    changed: float | None = None
    looks: list[float] = field(default_factory=list)
    found: int = 0
    seen: int = 0


Wait = Callable[[Article, float], float | None]


def publish(seed: int) -> list[Article]:
    """Articles of all outlets over all days, with their edits."""
    chance = Random(seed)
    shares = [_share(outlet / (OUTLETS - 1)) for outlet in range(OUTLETS)]
    return [_article(chance, outlet, shares[outlet]) for outlet in chance.choices(range(OUTLETS), k=ARTICLES)]


def _share(place: float) -> float:
    """The share of an outlet's articles that are updated: from the least to the most, with the mean of all."""
    least, most = SHARES
    return least + (most - least) * place ** ((most - MEAN_SHARE) / (MEAN_SHARE - least))


def _article(chance: Random, outlet: int, share: float) -> Article:
    published = chance.uniform(0, DAYS)
    early = chance.choices(list(UPDATES), list(UPDATES.values()))[0] if chance.random() < share else 0
    ages = [_spread(chance, HOUR / 4, 1) for _ in range(early)]
    each = (early + share * MEAN_UPDATES) / 2 * (1 - FIRST_DAY) / FIRST_DAY / math.log(7)  # edits per e-fold of age
    for least, most in ((1, 7), (7, DAYS)):
        ages += [_spread(chance, least, most) for _ in range(_poisson(chance, each * math.log(most / least)))]
    return Article(published, outlet, tuple(sorted(published + age for age in ages if published + age < DAYS)))


def _spread(chance: Random, least: float, most: float) -> float:
    return math.exp(chance.uniform(math.log(least), math.log(most)))


def _poisson(chance: Random, mean: float) -> int:
    count, product = 0, chance.random()
    while product > math.exp(-mean):
        count, product = count + 1, product * chance.random()
    return count


@dataclass(frozen=True)
class Result:
    """Requests made, the share of edits of known articles whose state was never seen, hours until one was seen."""

    requests: int
    missed: float
    hours: float


def crawl(seed: int, wait: Wait, most: int | None = None) -> Result:
    """Ninety days of runs. `wait` says in how many days an article is due again, `most` how many a run may ask for."""
    articles = publish(seed)
    coming = sorted(range(ARTICLES), key=lambda number: articles[number].published, reverse=True)
    due: list[tuple[float, int]] = []
    requests = 0
    for run in range(round(DAYS / EVERY)):
        now = run * EVERY
        asked: list[int] = []
        while due and due[0][0] <= now and (most is None or len(asked) < most):
            asked.append(heappop(due)[1])
        requests += len(asked)
        while coming and articles[coming[-1]].published <= now:
            asked.append(coming.pop())
        for number in asked:
            _look(articles[number], now)
            if (days := wait(articles[number], now)) is not None:
                heappush(due, (now + days, number))
    return _result(articles, requests)


def _look(article: Article, now: float) -> None:
    made = sum(edit <= now for edit in article.edits)
    if article.looks and made > article.seen:
        article.found, article.changed = article.found + 1, now
    article.seen = made
    article.looks.append(now)


def _result(articles: Sequence[Article], requests: int) -> Result:
    delays: list[float] = []
    edits = 0
    for article in filter(lambda article: article.looks, articles):
        known = [edit for edit in article.edits if edit > article.looks[0]]
        for edit, following in pairwise([*known, math.inf]):
            edits += 1
            seen = next((look for look in article.looks if look >= edit), math.inf)
            if seen < following:
                delays.append(seen - edit)
    return Result(requests, 1 - len(delays) / edits, median(delays) * 24)


def ours(article: Article, now: float) -> float:
    """The crawler's own rule."""
    at = [START + timedelta(days=day) for day in (now, article.looks[0], article.changed or article.looks[0])]
    published = (START + timedelta(days=article.published)).isoformat(timespec="seconds")
    visit = Visit("unchanged", "article", at[0], at[1], at[2], published, len(article.looks), 0, False)
    return (next_due(visit) - at[0]) / timedelta(days=1)


def bands(article: Article, now: float) -> float:
    """Four age bands, counted from the last known change."""
    age = now - max(article.published, article.changed or 0)
    return next((days for limit, days in BANDS if age < limit), 90) - 1e-6


def estimated(scale: float, sites: bool) -> Wait:
    """A share of the age, by the root of the rate of edits found, of the article and (`sites`) its outlet.

    The rate is the changes found over those to be expected, for a rate that falls with age, both with one added: a
    gamma prior. An outlet's is the same over all its articles, with ten added.
    """
    found, hoped = [0.0] * OUTLETS, [0.0] * OUTLETS

    def wait(article: Article, now: float) -> float:
        first, known = article.looks[0], 0.0
        if len(article.looks) > 1:
            before = article.looks[-2]
            found[article.outlet] += article.changed == now
            hoped[article.outlet] += _hoped(article, before, now)
            known = _hoped(article, first, now)
        overall = (sum(found) + 5) / (sum(hoped) + 5)
        outlet = (found[article.outlet] + 10 * overall) / (hoped[article.outlet] + 10) / overall if sites else 1.0
        rate = (outlet + article.found) / (1 + known * overall)
        age = now - max(article.published, article.changed or 0)
        return min(max(5 * HOUR, scale * age / math.sqrt(rate)), 90)

    return wait


def _hoped(article: Article, start: float, end: float) -> float:
    ages = (max(moment - article.published, 0.1) for moment in (start, end))
    return 0.2 * -math.log(next(ages) / next(ages))


def fixed(interval: float, looks: int | None, article: Article, now: float) -> float | None:
    """The same interval always, or until the article has had so many looks."""
    return None if looks is not None and len(article.looks) > looks else interval


def _looks_for(seed: int, interval: float, requests: int) -> int:
    """After how many looks at an interval to leave articles alone, so that as many requests are made."""
    most = [int((DAYS - article.published) / interval) for article in publish(seed)]
    return next((k for k in range(1, 400) if sum(min(k, possible) for possible in most) >= requests), 400)


def _tuned(seed: int, sites: bool, requests: int) -> Result:
    """The estimator with the scale at which it makes as many requests."""
    least, most = 0.1, 1.0
    for _ in range(7):
        scale = math.sqrt(least * most)
        result = crawl(seed, estimated(scale, sites))
        least, most = (scale, most) if result.requests > requests else (least, scale)
    return result


def compare(seed: int) -> dict[str, Result]:
    """Every policy by its name, all with about the requests of the crawler's own."""
    own = crawl(seed, ours)
    results = {"a quarter of the age (the crawler's)": own, "age bands": crawl(seed, bands)}
    results["estimate of the article"] = _tuned(seed, False, own.requests)
    results["estimate of article and site"] = _tuned(seed, True, own.requests)
    most = math.ceil(own.requests / (DAYS / EVERY))
    for interval in FIXED:
        results[f"fixed, {interval:g} d"] = crawl(seed, partial(fixed, interval, None), most)
        looks = _looks_for(seed, interval, own.requests)
        results[f"fixed, {interval:g} d, then never"] = crawl(seed, partial(fixed, interval, looks))
    return results


@click.command()
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(1, 100), help="How many sets of articles.")
def bench(seeds: int) -> None:
    """Compare policies of revisits. Exits with 1 where the crawler's misses more than .7 of the best fixed interval."""
    found = [compare(seed) for seed in range(1, seeds + 1)]
    printer, rows = Printer(), []
    for name in found[0]:
        results = [one[name] for one in found]
        missed = " ".join(f"{result.missed:.3f}" for result in results)
        requests, hours = (sum(getattr(r, of) for r in results) / seeds for of in ("requests", "hours"))
        rows.append((name, f"{requests:,.0f}", missed, f"{hours:.1f}"))
    columns = ("policy", "requests", "edits missed, by seed", "median hours")
    printer.table(columns, rows, right=columns[1:])
    ratios = [_ratio(one) for one in found]
    printer.line(f"missed over the best fixed interval's: {' '.join(f'{r:.2f}' for r in ratios)} (at most {ALLOWED})")
    sys.exit(0 if max(ratios) <= ALLOWED else 1)


def _ratio(results: dict[str, Result]) -> float:
    best = min(result.missed for name, result in results.items() if name.startswith("fixed"))
    return next(iter(results.values())).missed / best


if __name__ == "__main__":
    bench()
