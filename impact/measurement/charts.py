"""Charts, drawn on the server: a Vega-Lite specification in, an SVG out whose colours are the page's own tokens, so
that one drawing serves day, night and print. Why not in the browser: docs/adr/charts.md."""

import hashlib
import json
import re

import vl_convert
from django.core.cache import cache
from django.utils.safestring import mark_safe

WIDTH, HEIGHT = 380, 236
FACE = "Inter, system-ui, sans-serif"
CONFIG = {
    "background": None,
    "font": FACE,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink-soft)",
        "labelFontSize": 13,
        "domainColor": "var(--line-strong)",
        "gridColor": "var(--line)",
        "ticks": False,
        "labelPadding": 8,
    },
}


def bars_by_year(years) -> str:
    """A bar a school year (`screen.Year`), its number on top and a tick at its target."""
    points = [
        {
            "year": year.label,
            "value": float(year.cell.shown or 0),
            "text": str(year.cell),
            "target": year.target,
            "is_chosen": year.is_chosen,
        }
        for year in years
    ]
    bar = {
        "mark": {"type": "bar", "cornerRadiusEnd": 3, "width": {"band": 0.62}},
        "encoding": {
            "y": {"field": "value", "type": "quantitative", "axis": None, "scale": {"nice": False, "zero": True}},
            "color": {
                "condition": {"test": "datum.is_chosen", "value": "var(--action)"},
                "value": "var(--action-quiet)",
            },
        },
    }
    number = {
        "mark": {"type": "text", "dy": -10, "fontSize": 14, "fontWeight": 600, "color": "var(--ink)", "font": FACE},
        "encoding": {"y": {"field": "value", "type": "quantitative"}, "text": {"field": "text"}},
    }
    target = {
        "transform": [{"filter": "datum.target != null"}],
        "mark": {"type": "tick", "thickness": 3, "width": {"band": 0.8}, "color": "var(--accent-ink)"},
        "encoding": {"y": {"field": "target", "type": "quantitative"}},
    }
    return _draw(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 2, "right": 2, "top": 22, "bottom": 2},
            "data": {"values": points},
            "encoding": {
                "x": {"field": "year", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0}}
            },
            "layer": [bar, number, *([target] if any(year.target for year in years) else [])],
            "config": CONFIG,
        }
    )


def _draw(spec: dict) -> str:
    """The drawing, kept under the digest of what it shows: the same figures are drawn once."""
    text = json.dumps(spec, sort_keys=True)
    key = f"chart-{hashlib.sha256(text.encode()).hexdigest()}"
    drawing = cache.get(key)
    if drawing is None:
        drawing = _for_the_page(vl_convert.vegalite_to_svg(spec))
        cache.set(key, drawing, timeout=7 * 24 * 3600)
    # Nobody's text comes in: numbers, years and our own names of colours.
    return mark_safe(drawing)


def _for_the_page(svg: str) -> str:
    """As wide as its place, and silent: the figure around it carries the words."""
    size = re.search(r'viewBox="[^"]+"', svg)[0]
    return re.sub(
        r"<svg[^>]*>", f'<svg {size} class="chart-drawing" aria-hidden="true" focusable="false">', svg, count=1
    )
