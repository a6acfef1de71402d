"""The scheduler: what is due, and a long-running process that crawls on time, keeps house and stops cleanly."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from archive.errors import ArchiveError, UsageError
from archive.store import Archive
from archive.store.runs import Latest
from crawler.service.keeper import GRACE, Agenda, Keeper, Tried, Work
from crawler.service.maintenance import load_jobs
from crawler.service.schedule import back_off, due, next_due, next_time
from crawler.site.model import Site
from tests.conftest import HARD_LIMIT, Desk, until

SITE = Site("dawn", "晨光", "https://a.example/", "CN", re.compile("x"), schedule="30 6 * * mon")
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "then"),
    [
        ("30 6 * * mon", "Asia/Shanghai", "2026-11-20T00:00", "2026-11-22T22:30"),
        ("30 6 * * mon", "Asia/Shanghai", "2026-11-22T22:30", "2026-11-29T22:30"),
        ("30 6 * * *", "Asia/Tokyo", "2026-11-20T00:00", "2026-11-20T21:30"),
        ("30 1 * * *", "Europe/Zurich", "2026-03-28T12:00", "2026-03-29T00:30"),
        ("every 2h", "Asia/Shanghai", "2026-11-20T00:17", "2026-11-20T02:17"),
        ("every 1d", "Asia/Shanghai", "2026-11-20T00:17", "2026-11-21T00:17"),
    ],
)
def test_a_schedule_is_in_its_own_time_zone_and_its_week_begins_on_monday(
    schedule: str, zone: str, after: str, then: str
) -> None:
    assert next_time(replace(SITE, schedule=schedule, time_zone=zone), at(after)) == at(then)


def test_a_day_that_never_comes_is_never_due() -> None:
    assert due([replace(SITE, schedule="0 0 31 2 *")], {"dawn": Latest(MONDAY)}, MONDAY + timedelta(days=9999)) == ()


def test_jitter_delays_each_time_and_each_site_differently_but_the_same_for_whoever_asks() -> None:
    jittered = replace(SITE, schedule="0 * * * *", jitter=timedelta(minutes=20))
    others = [replace(jittered, id=f"site{number}") for number in range(50)]
    times = [next_time(site, MONDAY) for site in others]
    assert times == [next_time(site, MONDAY + timedelta(minutes=5)) for site in others]
    assert all(at("2026-11-23T07:00") <= moment < at("2026-11-23T07:20") for moment in times)
    assert len(set(times)) > 40
    moments, moment = [], MONDAY
    for _ in range(24):
        moment = next_time(jittered, moment)
        moments.append(moment)
    assert [one.astimezone(UTC).hour for one in moments] == [(7 + hour) % 24 for hour in range(24)]


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, "2026-11-20T00:00", True),
        ("2026-11-20T00:00", "2026-11-22T22:29", False),
        ("2026-11-20T00:00", "2026-11-22T22:30", True),
        ("2026-11-22T22:31", "2026-11-22T22:40", False),
        ("2026-10-01T00:00", "2026-11-22T22:40", True),
        ("2036-01-01T00:00", "2026-11-22T22:40", True),
    ],
    ids=["never done", "before its time", "at its time", "done", "missed for weeks", "the clock was set back"],
)
def test_a_missed_time_is_made_up_once(last: str | None, now: str, is_due: bool) -> None:
    latest = {"dawn": Latest(at(last))} if last else {}
    assert bool(due([SITE], latest, at(now))) is is_due
    assert due([SITE], {"dawn": Latest(at(now))}, at(now)) == ()


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, 0), (1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 24), (99, 24)]
)
def test_a_site_that_fails_again_and_again_is_asked_less_often(failures: int, hours: int) -> None:
    assert back_off(failures) == timedelta(hours=hours)
    often = replace(SITE, schedule="every 30m")
    found = next_due(often, Latest(MONDAY, "failed", failures), MONDAY)
    assert found.at == MONDAY + max(timedelta(hours=hours), timedelta(minutes=30))
    assert bool(found.why) is (failures > 1)
    hourly = next_due(replace(SITE, schedule="30 * * * *"), Latest(MONDAY, "failed", failures), MONDAY)
    assert hourly.at == MONDAY + timedelta(hours=max(hours, 1))


def test_failures_are_counted_up_to_the_newest_run_that_did_not_fail(desk: Desk) -> None:
    file = desk.sites / "dawn.toml"
    file.write_text('schedule = "every 30m"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    desk.servers.fail("dawn", "503")
    for hours in (0, 30):
        desk.crawl(1, "dawn", "--strict", code=1, hours=hours)
    with Archive.open(desk.archive) as archive:
        assert archive.latest_runs()["dawn"].failures == 2
    listed = {row["job"]: row for row in listing(desk, hours=30.5)}
    assert listed["dawn"]["next"] == "2026-11-21T08:00:00Z"
    assert "2 failed runs in a row" in listed["dawn"]["why"]
    desk.servers.fail("dawn", None)
    desk.crawl(1, "dawn", "--due", "--limit", "1", hours=31)
    with Archive.open(desk.archive) as archive:
        assert archive.latest_runs()["dawn"].failures == 0


def listing(desk: Desk, hours: float) -> list[dict]:
    return desk.run("schedule", "--list", "--json", *desk.places, "--now", desk.now(1, hours)).data


def test_due_crawls_a_site_once_in_its_period_and_the_list_says_when(desk: Desk) -> None:
    assert {row["why"] for row in listing(desk, 0)} == {"it was never done"}
    assert [row["site"] for row in desk.crawl(1, "--due", "--limit", "2").data] == ["dawn", "harbour"]
    assert desk.crawl(1, "--due", hours=1).data == []
    listed = {row["job"]: row for row in listing(desk, 1)}
    assert listed["dawn"]["last"] == "2026-11-20T01:00:00Z"
    assert listed["dawn"]["outcome"] == "complete"
    assert listed["dawn"]["next"] > "2026-11-20T02:00:00Z"
    assert desk.sql("SELECT next_at FROM sites WHERE id = 'dawn'") == [(listed["dawn"]["next"],)]
    assert {"job:optimize", "job:verify"} <= set(listed)
    assert [row["site"] for row in desk.crawl(1, "--due", "--limit", "2", hours=12).data] == ["dawn", "harbour"]


def test_a_run_that_takes_too_long_is_stopped(desk: Desk) -> None:
    desk.slow("dawn")
    file = desk.sites / "dawn.toml"
    file.write_text('time_limit = "1m"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    short = "import sys, crawler.crawl.run as run; from datetime import timedelta; from dataclasses import replace;"
    short += "kept = run._site_settings;"
    short += "run._site_settings = lambda site, *rest: kept(replace(site, time_limit=timedelta(seconds=2)), *rest);"
    short += "from crawler.cli import main; main()"
    command = [sys.executable, "-c", short, "crawl", "dawn", *desk.places, "--now", desk.now(1)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT)
    assert done.returncode == 1
    assert "stopped before it was done (its time limit)" in done.stderr
    assert desk.sql("SELECT outcome FROM runs") == [("stopped",)]


@dataclass
class Plan:
    """A plan of commands by name; all are due until they were tried, at most once in an hour."""

    commands: dict[str, str]
    ends: list[tuple[str, int, str]] = field(default_factory=list)
    claimed: bool = True
    faults: dict[str, str] = field(default_factory=dict)

    def ask(self, now: datetime, tried: Tried) -> Agenda:
        fresh = [name for name in self.commands if name not in tried or now - tried[name] >= timedelta(hours=1)]
        commands = {name: (sys.executable, "-c", self.commands[name]) for name in fresh}
        return Agenda([Work(name, command, timedelta(minutes=10)) for name, command in commands.items()], self.faults)

    def claim(self, work: Work, now: datetime) -> bool:
        return self.claimed

    def ended(self, work: Work, now: datetime, code: int, said: str) -> None:
        self.ends.append((work.name, code, said))


@dataclass
class Clocks:
    """A wall clock that can be set, and a monotonic one that only goes on."""

    now: datetime = MONDAY
    seconds: float = 0

    def keeper(self, plan: Plan) -> Keeper:
        return Keeper(plan, lambda: self.now, lambda: self.seconds)


def test_a_process_that_takes_too_long_is_told_to_end_and_then_killed() -> None:
    stubborn = "import signal, sys, time; signal.signal(15, lambda *_: print('told', file=sys.stderr, flush=True));"
    plan = Plan({"stubborn": stubborn + "print('up', file=sys.stderr, flush=True)\nwhile True: time.sleep(.05)"})
    clocks = Clocks()
    keeper = clocks.keeper(plan)
    keeper.tick()
    until(lambda: keeper._running["stubborn"].hearing.last == "up")
    plan.commands.clear()  # else it is due again when it has ended, and nobody would end that one
    clocks.now += timedelta(days=400)  # the wall clock jumps: nobody is ended for that
    keeper.tick()
    assert keeper._running["stubborn"].told is False
    for _ in range(2):  # the second look does not tell it again
        clocks.seconds = (timedelta(minutes=10) + GRACE).total_seconds() + 1
        keeper.tick()
    until(lambda: keeper._running["stubborn"].hearing.last == "told")
    clocks.seconds += GRACE.total_seconds()
    keeper.tick()
    until(lambda: keeper.tick() or bool(plan.ends))
    assert plan.ends == [("stubborn", -signal.SIGKILL, "told")]


def test_what_was_tried_is_not_tried_again_at_once_whatever_the_clock_does() -> None:
    plan, clocks = Plan({"quick": "import sys; sys.exit('the lock is held')"}), Clocks()
    keeper = clocks.keeper(plan)

    def run() -> int:
        keeper.tick()
        until(lambda: keeper.tick() or not keeper._running)
        return len(plan.ends)

    assert [run(), run()] == [1, 1]
    clocks.now += timedelta(hours=5)  # missed five times: made up once
    assert [run(), run()] == [2, 2]
    assert plan.ends[-1] == ("quick", 1, "the lock is held")


TALKER = """
import sys, time
say = lambda what: (sys.stderr.write(what), sys.stderr.flush())
say('{"url": "http://a.example/"}\\n')
say('half ')
time.sleep(.2)
say('a line \x1b[2J\\n\\n')
say('x' * 200_000 + '\\n')
say('the last')
time.sleep(60)
"""


def test_what_a_process_says_is_passed_on_while_it_runs(capsys: pytest.CaptureFixture[str]) -> None:
    plan = Plan({"talker": TALKER})
    keeper = Clocks().keeper(plan)
    keeper.tick()
    running = keeper._running["talker"]
    until(lambda: len(running.hearing.last) == 3392)
    assert running.process.poll() is None
    running.process.kill()
    until(lambda: keeper.tick() or bool(plan.ends))
    begun, page, line, *pieces, last, ended = capsys.readouterr().out.splitlines()
    assert begun.endswith(" talker: begun")
    assert page == '{"url": "http://a.example/"}'
    assert re.fullmatch(r"2026-\S+ \S+ talker: half a line \ufffd\[2J", line)
    assert [len(piece.partition("talker: ")[2]) for piece in pieces] == [65536, 65536, 65536, 3392]
    assert last.endswith(" talker: the last")
    assert " talker: ended by SIGKILL after " in ended
    assert plan.ends == [("talker", -signal.SIGKILL, "the last")]


def test_a_process_goes_on_where_nobody_hears_its_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan({"talker": "import sys\nfor _ in range(9999): print('x' * 99, file=sys.stderr)\nsys.exit('end')"})
    keeper = Clocks().keeper(plan)

    def closed(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(keeper, "_pass_on", closed)
    keeper.tick()
    until(lambda: keeper.tick() or bool(plan.ends))
    assert plan.ends == [("talker", 1, "end")]


def test_what_keeps_it_from_telling_what_is_due_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    plan = Plan({})
    keeper = Clocks().keeper(plan)
    asked, wrong = plan.ask, ArchiveError("archive.db: another program is writing to it")
    for answer in (wrong, wrong, wrong, None, None, wrong):
        plan.ask = asked if answer is None else Mock(side_effect=answer)  # type: ignore[method-assign]
        keeper.tick()
    said = capsys.readouterr().err.splitlines()
    assert ["archive.db" in line for line in said] == [True, False, True]
    assert "what is due: in order again" in said[1]


def test_a_fault_is_said_once_and_again_when_it_is_another(capsys: pytest.CaptureFixture[str]) -> None:
    plan = Plan({})
    keeper = Clocks().keeper(plan)
    asked, locked = plan.ask, Mock(side_effect=ArchiveError("locked"))
    delay, both, dusk = {"dawn": "delay: is -1"}, {"dawn": "delay: is -1\nname: is missing"}, {"dusk": "is no TOML"}
    for faults in (delay, delay, None, delay, both, both, {**both, **dusk}, dusk, {}):
        plan.ask = locked if faults is None else asked  # type: ignore[method-assign]
        plan.faults = faults or {}
        keeper.tick()
    said = [line.split(" ", 2)[2] for line in capsys.readouterr().err.splitlines()]
    locked_and_again = ["cannot tell what is due: locked", "what is due: in order again"]
    mended = ["dawn: in order again", "dusk: in order again"]
    assert said == ["delay: is -1", *locked_and_again, *both["dawn"].splitlines(), "is no TOML", *mended]


def test_what_another_scheduler_has_claimed_is_left_to_it(tmp_path: Path) -> None:
    plan = Plan({"backup": "pass"}, claimed=False)
    keeper = Clocks().keeper(plan)
    keeper.tick()
    assert keeper._running == {}
    with Archive.open(tmp_path / "archive.db", write=True) as archive:
        assert archive.claim_job("job:backup", None, MONDAY)
        assert not archive.claim_job("job:backup", None, MONDAY)
        later = MONDAY + timedelta(days=1)
        assert archive.claim_job("job:backup", MONDAY, later)
        assert not archive.claim_job("job:backup", MONDAY, later + timedelta(seconds=1))
        archive.end_job("job:backup", later, 1, "no room")
        assert archive.latest_runs()["job:backup"] == Latest(later, "failed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_scheduler_crawls_on_time_keeps_house_and_stops_cleanly(desk: Desk, number: signal.Signals) -> None:
    (desk.folder / "maintenance.toml").write_text('[backup]\nfolder = "copies"\nkeep = 2\n', encoding="utf-8")
    desk.slow("dawn")
    command = desk.command("schedule", *desk.places)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=desk.folder
    ) as process:
        until(lambda: desk.recorded() >= 1 and "job:backup" in done_jobs(desk))
        process.send_signal(number)
        out, err = process.communicate(timeout=HARD_LIMIT)
    assert process.returncode == 0, err
    assert re.search(r"^dawn +0 ", out, re.MULTILINE)
    assert "job:backup: done after" in out
    assert all(outcome in ("complete", "stopped") for (outcome,) in desk.sql("SELECT outcome FROM runs"))
    copies = list((desk.folder / "copies").iterdir())
    assert len(copies) == 1
    assert desk.run("verify", "--archive", str(copies[0] / "archive.db"), "--json").data["faults"] == []
    assert desk.ask("verify").data["faults"] == []


def spoil(desk: Desk, site: str) -> str:
    """Edit a site's file wrongly, in two places. Returns what stood in it."""
    file = desk.sites / f"{site}.toml"
    good = file.read_text(encoding="utf-8")
    file.write_text("budget = 0\n" + good.replace("delay", "dealy"), encoding="utf-8")
    return good


def test_a_wrong_file_costs_the_scheduler_its_own_site_until_it_is_mended(desk: Desk) -> None:
    good = spoil(desk, "dawn")
    (desk.folder / "maintenance.toml").write_text("[backups]\n", encoding="utf-8")

    def crawled(site: str, outcome: str = "") -> bool:
        return bool(desk.recorded() and desk.sql("SELECT 1 FROM runs WHERE (site, outcome) = (?, ?)", site, outcome))

    with subprocess.Popen(
        desk.command("schedule", *desk.places), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until(lambda: crawled("harbour", "complete"))
        assert desk.sql("SELECT count(*) FROM runs WHERE site = 'dawn'") == [(0,)]
        (desk.sites / "mended").write_text(good, encoding="utf-8")
        (desk.sites / "mended").replace(desk.sites / "dawn.toml")  # at once: half a file is one more fault
        until(lambda: bool(desk.sql("SELECT 1 FROM runs WHERE site = 'dawn'")))
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=HARD_LIMIT)
    assert process.returncode == 0, err
    told = [line.split(" ", 2)[2].removeprefix(str(desk.sites)) for line in err.splitlines()]
    assert [line.split(": is")[0] for line in told] == [
        "/dawn.toml: budget",
        "/dawn.toml: dealy",
        f"{desk.folder}/maintenance.toml: backups",
        "dawn: in order again",
    ]
    assert "harbour: done after" in out
    assert "dawn: begun" in out


def test_a_wrong_file_costs_due_its_own_site_and_the_list_shows_it(desk: Desk) -> None:
    desk.crawl(1, "--limit", "2")
    good = spoil(desk, "dawn")
    due = desk.crawl(1, "--due", "--limit", "2", code=1, hours=12)
    assert [row["site"] for row in due.data] == ["harbour"]
    assert [line.split(": is")[0] for line in due.err.splitlines()] == [
        f"yiwen: {desk.sites}/dawn.toml: budget",
        f"{desk.sites}/dawn.toml: dealy",
    ]
    assert desk.crawl(1, "harbour", "--limit", "2", hours=13).err == ""
    assert "dealy" in desk.crawl(1, "dawn", "harbour", code=2).err
    *_, last = listing(desk, hours=14)
    assert (last["job"], last["outcome"], last["next"]) == ("dawn", "complete", None)
    assert "dealy: is not a known key" in last["why"]
    shown = desk.run("schedule", "--list", *desk.places, "--now", desk.now(1, 14)).out
    assert re.search(r"^dawn: .*budget.*; .*dealy", shown, re.MULTILINE)
    (desk.sites / "dawn.toml").write_text(good, encoding="utf-8")
    assert [row["site"] for row in desk.crawl(1, "--due", "--limit", "2", hours=14).data] == ["dawn"]


def done_jobs(desk: Desk) -> set[str]:
    return {name for (name,) in desk.sql("SELECT name FROM jobs WHERE exit_code = 0")}


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("[backups]\n", "did you mean backup?"),
        ("[backup]\nkeep = 3\n", "folder: is missing"),
        ('[backup]\nfolder = "x"\nkeep = 0\n', "keep: is 0"),
        ("[retain]\nday = 3\n", "did you mean days?"),
        ('[optimize]\nschedule = "0 6 * * 1"\n', "0 is Sunday"),
        ('[notify]\nschedule = "every 1m"\n', "too often"),
        ('[verify]\ntime_zone = "Asia/Peking"\n', "no time zone"),
        ('backup = "daily"\n', "is no table"),
        ("[backup\n", "cannot be read as TOML"),
    ],
)
def test_a_wrong_maintenance_file_is_told_with_file_key_and_fix(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "maintenance.toml").write_text(written, encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(says)) as caught:
        load_jobs(tmp_path / "archive.db")
    assert str(tmp_path / "maintenance.toml") in str(caught.value)


def test_a_maintenance_file_says_what_is_done(tmp_path: Path) -> None:
    assert [job.name for job in load_jobs(tmp_path / "archive.db")] == ["optimize", "verify"]
    (tmp_path / "maintenance.toml").write_text(
        '[verify]\nenabled = false\n[retain]\ndays = 365\nschedule = "every 7d"\n[backup]\nfolder = "b"\nkeep = 7\n',
        encoding="utf-8",
    )
    jobs = {job.name: job for job in load_jobs(tmp_path / "archive.db")}
    assert set(jobs) == {"optimize", "backup", "retain"}
    assert jobs["backup"].arguments == ("b", "--keep", "7")
    assert (jobs["retain"].arguments, jobs["retain"].schedule) == (("--days", "365"), "every 7d")
