"""axe-core on a page as it stands: nothing of WCAG 2.2 A and AA may be found, nor wider than the screen.

A test that looks carries the marker `a11y`, so that the scorecard finds it; how often it looked is counted.
"""

from axe_playwright_python.sync_playwright import Axe

OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # The only rule of WCAG 2.2 AA; axe leaves it off by default.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


LOOKED_AT = []


def assert_accessible(page):
    """Fail with what axe found, where; and when the page scrolls sideways."""
    LOOKED_AT.append(page.url)
    found = [
        f"{violation['id']}: {violation['help']} at {', '.join(str(node['target']) for node in violation['nodes'])}"
        for violation in Axe().run(page, options=OPTIONS).response["violations"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if too_wide > 0:
        found.append(f"{too_wide} px wider than the screen")
    assert not found, f"{page.url}: " + "\n".join(found)
