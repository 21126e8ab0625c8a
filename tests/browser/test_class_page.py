"""Class mode in a real browser: a teacher and two teams play two rounds, by mouse and by keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from class_rooms import TOKEN, served
from winset.classroom.session import Session

playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

SHOTS = Path(__file__).parent / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1360, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"needs a browser: none of {', '.join(BROWSERS)} is installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[str, Session]]:
    with served(tmp_path) as found:
        yield found


class People:
    """Contexts of one browser, each with what it logged and what it asked of other addresses."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.faults: list[str] = []
        self.strangers: list[str] = []

    def page(self, path: str = "/class", size: dict[str, int] = DESKTOP, locale: str = "en-GB") -> Any:
        context = self.browser.new_context(viewport=size, locale=locale)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((self.address, "data:", "blob:"))
                else self.strangers.append(asked.url))  # fmt: skip
        page.goto(self.address + path)
        return page

    def joined(self, code: str, name: str, **choice: Any) -> Any:
        page = self.page(**choice)
        page.locator("#code").fill(f"{code[:3].lower()}-{code[3:]}")
        page.locator("#name").fill(name)
        page.keyboard.press("Enter")
        page.locator("#builder").wait_for()
        return page


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"class-{name}.png", full_page=True)


def fits(page: Any) -> None:
    """Nothing stands beyond the right edge."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def shows(place: Any, text: str) -> None:
    """Wait until a place begins with a text."""
    playwright.expect(place).to_have_text(re.compile(f"^{re.escape(text)}"), timeout=10_000)


def amount(page: Any) -> float:
    text = re.match(r"[+−]?[\d,.]+", page.locator(".net").inner_text())
    assert text is not None
    return float(text[0].replace("−", "-").replace(",", ""))


def test_two_rounds_between_two_browsers(browser: Any, room: tuple[str, Session]) -> None:
    address, session = room
    people = People(browser, address)
    codes = session.state.codes
    desk = people.page(f"/class#teacher={TOKEN}")
    desk.get_by_role("button", name="Begin").wait_for()
    assert "teacher=" not in desk.url, "the token must not stay in the address bar"
    aland = people.joined(codes["AAA"], "Ann")
    borduria = people.joined(codes["BBB"], "Bo", size=PHONE)
    desk.get_by_text("Bo · Speaks").wait_for()
    shot(desk, "desk-lobby")
    desk.get_by_role("button", name="Begin").click()

    # Sliders: a key moves one, and the account follows what the payoffs say.
    aland.get_by_text("You are on the move").wait_for()
    shows(aland.locator(".net"), "+30.0")
    aland.locator("#lever-money").focus()
    for _ in range(20):
        aland.keyboard.press("ArrowRight")
    shows(aland.locator(".net"), "+44.0")
    assert amount(aland) == pytest.approx(-0.5 * 10 + 0.7 * 70)
    assert "SECRET-A-label" in aland.content()
    assert "SECRET-B" not in aland.content()
    shot(aland, "team")

    # Round one: an offer that those at home in Borduria refuse, answered by a counter-offer.
    aland.locator("#message").fill("Take it <b>or</b> leave it")
    aland.get_by_role("button", name="Make this offer").click()
    borduria.get_by_text("Take it <b>or</b> leave it").wait_for()
    borduria.get_by_text("1 at home refuse").wait_for()
    fits(borduria)
    shot(borduria, "phone-offer")
    borduria.get_by_role("button", name="Accept", exact=True).click()
    borduria.get_by_text("Sign all the same?").wait_for()
    borduria.get_by_role("button", name="Cancel").click()
    borduria.get_by_role("button", name="Counter", exact=True).click()
    box = borduria.get_by_role("spinbutton", name="Money paid")
    box.fill("30")
    borduria.get_by_role("button", name="Send as counter-offer to 1").click()

    # Round two: accepted.
    aland.get_by_text("answers offer 1").wait_for()
    shows(aland.locator(".worth strong").first, "+16.0")
    shot(desk, "desk-talks")
    aland.get_by_role("button", name="Accept", exact=True).click()
    aland.get_by_text("All accepted offer 2").wait_for()

    # The debrief: everybody's cards, for everybody.
    desk.get_by_role("button", name="Open the debrief").click()
    desk.get_by_role("button", name="Really?").click()
    for page, name in ((desk, "desk"), (aland, "team"), (borduria, "phone")):
        page.get_by_text("Agreement on offer 2, accepted at home").wait_for()
        page.locator(".chart .frontier").first.wait_for(state="attached")
        assert "SECRET-A-label" in page.content()
        assert "SECRET-B-label" in page.content()
        fits(page)
        shot(page, f"{name}-debrief")
    rows = aland.locator(".debrief table").first.locator("tbody tr")
    assert rows.count() == 2
    assert "+16.0" in rows.nth(1).inner_text()
    with desk.expect_download() as given:
        desk.get_by_role("button", name="CSV").click()
    text = Path(given.value.path()).read_text(encoding="utf-8-sig")
    assert "offered" in text
    assert "Take it <b>or</b> leave it" in text
    assert people.faults == []
    assert people.strangers == []


def test_a_reload_keeps_the_place_and_a_fallen_connection_is_said(browser: Any, room: tuple[str, Session]) -> None:
    address, session = room
    people = People(browser, address)
    page = people.joined(session.state.codes["AAA"], "Ann", size=PHONE, locale="ko-KR")
    fits(page)
    shot(page, "phone-korean")
    assert page.locator("html").get_attribute("lang") == "ko"
    page.reload()
    page.locator("#builder").wait_for()
    assert len(session.state.members) == 1
    page.context.set_offline(True)
    page.locator(".head .fault").wait_for(timeout=30_000)
    page.context.set_offline(False)
    page.locator(".head .fault").wait_for(state="detached", timeout=30_000)
    assert people.strangers == []


def test_every_control_has_a_name(browser: Any, room: tuple[str, Session]) -> None:
    address, session = room
    people = People(browser, address)
    pages = [people.page(), people.joined(session.state.codes["AAA"], "Ann"),
             people.page(f"/class#teacher={TOKEN}")]  # fmt: skip
    pages[2].locator("#controls").wait_for()
    for page in pages:
        nameless = page.evaluate(
            """() => [...document.querySelectorAll('button, input, select, textarea')].filter((one) =>
                !(one.labels && one.labels.length) && !one.getAttribute('aria-label') &&
                !one.getAttribute('aria-labelledby') && !one.textContent.trim()).map((one) => one.outerHTML)"""
        )
        assert nameless == []
    assert people.faults == []
