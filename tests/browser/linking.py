"""What a visitor does with links."""

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

CLIPBOARD = ["clipboard-read", "clipboard-write"]


def new_context(browser: Browser, **options: object) -> BrowserContext:
    """A visitor who has never been here, and lets pages use the clipboard."""
    options = {"viewport": {"width": 1280, "height": 800}, **options}
    return browser.new_context(**options, permissions=CLIPBOARD)


def share(page: Page) -> Locator:
    """Open the group "Share", unless it is open."""
    group = page.get_by_role("group", name="Share")
    if not group.is_visible():
        page.get_by_role("button", name="Share…").click()
    expect(group).to_be_visible()
    return group


def copy(page: Page, button: str = "Copy link", done: str = "Link copied.") -> str:
    """Copy a link, or the code for a frame, and put the group away."""
    group = share(page)
    group.get_by_role("button", name=button).click()
    expect(group.get_by_role("status")).to_have_text(done)
    page.keyboard.press("Escape")
    expect(group).to_be_hidden()
    return page.evaluate("navigator.clipboard.readText()")


def held(page: Page) -> dict:
    """What the pad keeps for a reload."""
    return page.evaluate("JSON.parse(sessionStorage.getItem('lenet.pad'))")


def unpack(page: Page, link: str) -> dict:
    """What a link says, as the page's own module reads it."""
    return page.evaluate(
        """async (link) => {
            const { href } = document.querySelector('link[rel="modulepreload"][href$="link/link.js"]');
            return (await import(href)).fromLink(link);
        }""",
        link,
    )
