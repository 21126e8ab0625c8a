"""The local page in a real browser: sliders, numbers, review, saving, links, a phone, and nobody else asked."""

from __future__ import annotations

import csv
import io
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

import winset
from web.small_case import made_up
from winset.record.review_log import read_log
from winset.web.app import create_app
from winset.web.live import Live, Wish
from winset.web.server import listen

playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
expect = playwright.expect

TOKEN = "a-token-of-the-browser"  # noqa: S105
SHOTS = Path(__file__).parent / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = {"width": 1360, "height": 900}, {"width": 360, "height": 740}
VIEWS = ("package", "compare", "play", "contradictions", "review")
PATIENCE = 30_000
"""Milliseconds: on a busy machine the model is slow to start."""


@dataclass(kw_only=True)
class Served:
    """A case behind a server of its own."""

    live: Live
    base: str
    server: uvicorn.Server
    thread: threading.Thread

    @property
    def url(self) -> str:
        return f"{self.base}/?token={TOKEN}"


def serve(case: str | Path, cache: Path) -> Served:
    bound = listen("127.0.0.1", 0)
    port = int(bound.getsockname()[1])
    live = Live(winset.open_case(case), cache=cache)
    app = create_app(live.opened, token=TOKEN, host="127.0.0.1", port=port, live=live)
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    live.start(after=1)
    return Served(live=live, base=f"http://127.0.0.1:{port}", server=server, thread=thread)


def end(served: Served) -> None:
    served.server.should_exit = True
    served.thread.join(10)
    assert served.live.stop(seconds=120)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = serve(made_up(tmp_path_factory.mktemp("browser")), tmp_path_factory.mktemp("cache"))
    yield served
    end(served)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"needs a browser: none of {', '.join(BROWSERS)} is installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass(kw_only=True)
class People:
    """Opens pages; keeps what they complained of and whom they asked."""

    browser: Any
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def page(self, url: str, size: dict[str, int] | None = None, context: Any = None, **options: Any) -> Any:
        options = {"viewport": size or DESKTOP, "locale": "en-GB", "accept_downloads": True, **options}
        context = context or self.browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on(
            "console", lambda line: self.faults.append(line.text) if line.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(url)
        page.locator("#app[data-ready]").wait_for()
        return page


@pytest.fixture
def people(browser: Any) -> Iterator[People]:
    """Afterwards: nothing in the console (a broken rule of the policy is told there), nobody but us asked."""
    found = People(browser=browser)
    yield found
    for context in browser.contexts:
        context.close()
    assert found.faults == []
    strangers = [url for url in found.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
    assert strangers == []


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"serve-{name}.png", full_page=True)


def shown(page: Any, party: str) -> float:
    return float(page.locator(f"[data-payoff={party}]").inner_text().replace("\u2212", "-").replace("+", ""))


def settled(page: Any, live: Live, levers: dict[str, float]) -> None:
    """Wait until both numbers are those of these levers."""
    worth = live.account(Wish(levers=levers))["payoffs"]
    for party, value in worth.items():
        text = re.compile(f"^[+\u2212]?{abs(value):.1f}$")
        expect(page.locator(f"[data-payoff={party}]")).to_have_text(text, timeout=PATIENCE)
        assert shown(page, party) == pytest.approx(value, abs=0.0501)


def warm(page: Any) -> None:
    page.locator("[data-payoff=CAN]").wait_for(timeout=180_000)


# ------------------------------------------------------------------ the builder


def test_the_page_is_there_before_the_model_and_says_that_it_warms(people: People, tmp_path: Path) -> None:
    live = Live(winset.open_case(made_up(tmp_path)))
    bound = listen("127.0.0.1", 0)
    port = int(bound.getsockname()[1])
    app = create_app(live.opened, token=TOKEN, host="127.0.0.1", port=port, live=live)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    page = people.page(f"http://127.0.0.1:{port}/?token={TOKEN}")
    expect(page.locator(".top .status")).to_contain_text("warming up")
    expect(page.locator(".waiting")).to_contain_text("warming up")
    slider = page.get_by_label("Investment", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("money:20.5"))
    page.get_by_role("button", name="State of play").click()
    expect(page.locator(".dated li").first).to_be_visible()
    page.close()
    server.should_exit = True
    thread.join(10)


def test_a_slider_moves_by_keyboard_and_by_mouse_and_the_numbers_follow(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    settled(page, case.live, {})
    slider = page.get_by_label("Rate on cars", exact=True)
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    at = float(slider.input_value())
    assert at < 15
    settled(page, case.live, {"cars": at})
    page.keyboard.press("Home")
    settled(page, case.live, {"cars": 0})
    money = page.get_by_label("Investment", exact=True)
    box = money.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    paid = float(money.input_value())
    assert 30 < paid < 35
    settled(page, case.live, {"cars": 0, "money": paid})
    expect(page.locator(".ratifiers .broken").filter(has_text="No more than a budget")).to_be_visible()
    expect(page.locator("[data-accepts=CAN]")).to_have_text("ratifiers refuse")
    # What changed is said once the hand rests.
    expect(page.locator("[aria-live=polite]").first).to_contain_text("ratifiers refuse", timeout=PATIENCE)
    # Bands follow, and the table adds up to what stands above it.
    expect(page.locator(".account tfoot .band").first).to_contain_text(" to ")
    assert page.locator("[data-net=CAN]").inner_text() == page.locator("[data-payoff=CAN]").inner_text()
    shot(page, "builder")


def test_a_number_can_be_typed_and_a_wrong_one_is_told(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    number = page.get_by_label("Investment, billion dollars")
    number.fill("12.75")
    settled(page, case.live, {"money": 12.75})
    number.fill("99")
    expect(page.get_by_text("from 0 to 40")).to_be_visible()
    assert number.get_attribute("aria-invalid") == "true"
    settled(page, case.live, {"money": 12.75})


def test_presets_packages_and_the_way_back(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    page.get_by_label("Start from").select_option(label="The first offer")
    settled(page, case.live, {"general": 10, "money": 5})
    page.get_by_label("Start from").select_option(label="Before the new duties")
    expect(page.get_by_text("This package is shown as it stands")).to_be_visible()
    worth = case.live.account(Wish(package="before"))["payoffs"]
    expect(page.locator("[data-payoff=CAN]")).to_have_text(f"+{worth['CAN']:.1f}")
    page.get_by_role("button", name="Levers back to the base package").click()
    settled(page, case.live, {})


def test_the_map_shows_frontier_and_points_once_they_are_there(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    page.locator(".frontier").wait_for(timeout=120_000)
    before = page.locator("svg .now").get_attribute("transform")
    page.locator(".points summary").click()
    page.locator(".points").get_by_role("button", name="Nash").click()
    expect(page.locator("[data-accepts=CAN]")).to_have_text("ratifiers accept")
    expect(page.locator("[data-accepts=MEX]")).to_have_text("ratifiers accept")
    expect(page.locator("svg .now")).not_to_have_attribute("transform", before)
    page.get_by_role("button", name="Closer to the frontier").click()
    expect(page.get_by_role("button", name="Show all points")).to_have_attribute("aria-pressed", "true")


# ------------------------------------------------------------------ links


def test_a_link_restores_levers_day_and_comparison_and_holds_no_token(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    assert TOKEN not in page.url
    page.get_by_label("Rate on cars, percent").fill("7.5")
    settled(page, case.live, {"cars": 7.5})
    page.get_by_role("button", name="State of play").click()
    page.get_by_label("As of").first.fill("2025-06-15")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("checkbox", name="Levers as set here").check()
    expect(page.locator(".compared").first.locator("thead th")).to_have_count(4)
    link = page.url
    assert TOKEN not in link
    # Somebody else's browser: no token, the same state, and nothing to write with.
    other = people.page(link)
    expect(other.locator(".compared").first.locator("thead th")).to_have_count(4)
    expect(other.get_by_text("Opened without its token").first).to_be_visible()
    other.get_by_role("button", name="Package").click()
    settled(other, case.live, {"cars": 7.5})
    expect(other.get_by_label("Rate on cars, percent")).to_have_value("7.5")
    expect(other.get_by_role("button", name="Save as a package")).to_be_disabled()
    other.get_by_role("button", name="State of play").click()
    expect(other.get_by_label("As of").first).to_have_value("2025-06-15")


@pytest.mark.parametrize(
    "fragment",
    ["#l=cars:1e999,money:NaN", "#v=nothing&c=a,b,c,d&d=2025-99-99", "#l=__proto__:5,constructor:1",
     "#p=nothing&a=nobody", "#l=cars:-5&v=package", "#%E0%A4%A"],
)  # fmt: skip
def test_a_spoilt_link_opens_the_page_all_the_same(people: People, case: Served, fragment: str) -> None:
    page = people.page(case.url + fragment)
    warm(page)
    expect(page.locator(".problem")).to_have_count(0)


# ------------------------------------------------------------------ writing


def test_a_package_is_saved_and_can_be_chosen(people: People, tmp_path: Path, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    page.get_by_label("Investment, billion dollars").fill("9")
    page.get_by_label("Name of the file").fill("counter-1")
    page.get_by_label("Title").fill("Our counter-offer")
    page.get_by_role("button", name="Save as a package of the case").click()
    expect(page.get_by_text("Saved as packages/counter-1.yaml.")).to_be_visible()
    assert winset.open_case(case.live.case.folder).case.package("counter-1").title == "Our counter-offer"
    page.get_by_label("Start from").select_option(label="Our counter-offer")
    settled(page, case.live, {"money": 9})
    # A second time it is refused, in words.
    page.get_by_role("button", name="Levers back to the base package").click()
    page.get_by_role("button", name="Save as a package of the case").click()
    # The browser tells of the refusal in its console too.
    expect(page.get_by_role("alert")).to_contain_text("already named")
    assert [fault for fault in people.faults if "422" not in fault] == []
    people.faults.clear()


def test_the_account_is_taken_away_as_a_table(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Account as CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8"))))
    (net,) = (float(row["value"]) for row in rows if (row["party"], row["line"]) == ("CAN", "net"))
    assert net / 1000 == pytest.approx(shown(page, "CAN"), abs=0.0501)


def test_a_claim_is_reviewed(people: People, case: Served) -> None:
    page = people.page(f"{case.url}#v=review")
    page.get_by_label("Your name").fill("Ada")
    entry = page.locator("article.entry").filter(has_text="Purchase commitment").first
    expect(entry.locator("mark")).to_have_text(re.compile("40 million"))
    name = entry.get_attribute("data-entry")
    entry.get_by_role("button", name="Accept").click()
    done = page.locator(f"[data-entry={name}]")
    expect(done).to_contain_text("accepted by Ada")
    other = page.locator("article.entry.open").filter(has_text="non-tariff").first
    told = other.get_attribute("data-entry")
    other.get_by_role("button", name="Refuse").click()
    other.get_by_label("Why").fill("Not in these words")
    other.get_by_role("button", name="Refuse, for this reason").click()
    expect(page.locator(f"[data-entry={told}]")).to_contain_text("Not in these words")
    log = read_log(case.live.case.folder)
    assert [(line.proposal, line.verdict, line.by) for line in log] == [
        (name, "accept", "Ada"), (told, "refuse", "Ada"),
    ]  # fmt: skip
    shot(page, "review")
    # What was accepted is on the record, with its words, on hover and on focus.
    page.get_by_role("button", name="State of play").click()
    cite = page.locator(".terms .cite").filter(has_text="purchase").first
    expect(cite.locator(".tip")).to_be_hidden()
    cite.hover()
    expect(cite.locator(".quote")).to_contain_text("40 million")
    page.mouse.move(0, 0)
    expect(cite.locator(".tip")).to_be_hidden()
    cite.focus()
    expect(cite.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(cite.locator(".tip")).to_be_hidden()


def test_a_document_is_read_on_the_spot(people: People, case: Served, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("Maltese Economy Minister Carmelo Zahra visited Oslo on 3 May 2025.", encoding="utf-8")
    page = people.page(f"{case.url}#v=review")
    page.get_by_label("File", exact=True).set_input_files(file)
    expect(page.locator(".reader [role=status]")).to_contain_text("1 events")


# ------------------------------------------------------------------ everybody


def test_it_fits_a_phone_in_every_view(people: People, case: Served) -> None:
    page = people.page(case.url, PHONE)
    warm(page)
    for view in VIEWS:
        page.evaluate("view => { location.hash = `v=${view}` }", view)
        page.locator("main section, main .play").first.wait_for()
        time.sleep(0.3)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, view
        shot(page, f"phone-{view}")


def test_the_whole_page_is_reached_by_keyboard(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => {
                  const e = document.activeElement, s = getComputedStyle(e);
                  const ring = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
                  return `${e.tagName}.${e.type ?? ""}${ring ? "" : " WITHOUT RING"}`;
                }"""
            )
        )
    assert {"INPUT.range", "INPUT.number", "SELECT.select-one", "BUTTON.button", "SUMMARY."} <= reached
    assert [name for name in reached if "WITHOUT RING" in name and not name.startswith("BODY")] == []


def test_everything_has_a_name_for_a_screen_reader(people: People, case: Served) -> None:
    page = people.page(case.url)
    warm(page)
    for view in VIEWS:
        page.evaluate("view => { location.hash = `v=${view}` }", view)
        page.locator("main section, main .play").first.wait_for()
        nameless = page.evaluate(
            """() => [...document.querySelectorAll("input, select, button")].filter((e) =>
                 !(e.labels && e.labels.length) && !e.getAttribute("aria-label") && !e.textContent.trim()
               ).map((e) => e.outerHTML)"""
        )
        assert nameless == []
        bare = page.evaluate(
            """() => [...document.querySelectorAll("table")].filter((t) => !t.caption ||
                 [...t.querySelectorAll("th")].some((h) => !h.scope)).map((t) => t.className)"""
        )
        assert bare == []
        assert page.locator("h1").count() == 1


def test_it_speaks_korean(people: People, case: Served) -> None:
    page = people.page(case.url, locale="ko-KR")
    warm(page)
    assert page.evaluate("document.documentElement.lang") == "ko"
    expect(page.get_by_role("button", name="패키지", exact=True)).to_be_visible()
    page.get_by_role("link", name="English").click()
    page.locator("#app[data-ready]").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    asked = people.page(f"{case.base}/?lang=ko")
    expect(asked.locator("html")).to_have_attribute("lang", "ko")


def test_with_every_other_address_cut_off_nothing_is_missing(people: People, case: Served) -> None:
    context = people.browser.new_context(viewport=DESKTOP, locale="en-GB")
    cut: list[str] = []

    def gate(route: Any) -> None:
        if route.request.url.startswith(case.base):
            route.continue_()
        else:
            cut.append(route.request.url)
            route.abort()

    context.route("**/*", gate)
    page = people.page(case.url, context=context)
    warm(page)
    for view in VIEWS:
        page.evaluate("view => { location.hash = `v=${view}` }", view)
        page.locator("main section, main .play").first.wait_for()
    assert cut == []
    # The server goes: the page says so, and keeps what it shows.
    page.evaluate("location.hash = 'v=package'")
    warm(page)
    context.set_offline(True)
    page.get_by_label("Investment, billion dollars").fill("3")
    expect(page.get_by_role("alert").first).to_contain_text("does not answer")
    expect(page.locator("[data-payoff=CAN]")).to_be_visible()
    context.set_offline(False)
    page.get_by_label("Investment, billion dollars").fill("4")
    settled(page, case.live, {"money": 4})
    assert [fault for fault in people.faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []
    people.faults.clear()


# ------------------------------------------------------------------ the shipped case


def test_the_shipped_case(people: People, tmp_path_factory: pytest.TempPathFactory) -> None:
    served = serve("korea-us-2025", tmp_path_factory.mktemp("flagship"))
    try:
        page = people.page(f"{served.url}#v=play")
        cite = page.locator(".dated .cite").first
        cite.focus()
        expect(cite.locator(".tip .source").first).to_be_visible()
        page.get_by_role("button", name="Contradictions").click()
        page.locator(".contradiction").first.wait_for()
        expect(page.locator(".contradiction .side")).to_have_count(2 * page.locator(".contradiction").count())
        assert page.locator(".contradiction").count() > 10
        page.get_by_role("button", name="Package").click()
        page.locator("[data-payoff=KOR]").wait_for(timeout=180_000)
        page.get_by_label("Investment in cash, billion dollars").fill("120")
        settled(page, served.live, {"cash": 120})
        expect(page.locator(".ratifiers .broken")).to_contain_text("At least 150 billion in cash")
        with page.expect_download() as waiting:
            page.get_by_label("Name of the file").fill("less-cash")
            page.get_by_role("button", name="Download as a package").click()
        assert "amount: 120000" in Path(waiting.value.path()).read_text(encoding="utf-8")
        shot(page, "flagship")
        phone = people.page(page.url, PHONE)
        phone.locator("[data-payoff=KOR]").wait_for()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
        shot(phone, "flagship-phone")
        expect(page.locator("footer")).to_contain_text(served.live.run)
        # A page that is left open would ask a server that is gone.
        for one in (page, phone):
            one.close()
    finally:
        end(served)
