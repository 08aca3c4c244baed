"""What a page has to stand: screen readers, narrow screens, thick fingers, slow lines."""

from pathlib import Path

AXE = Path(__file__).parents[2] / "web" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Layout shifts are added up from the first moment on, those that answer a touch left out, as browsers' own figure does.
COUNT_SHIFTS = """
window.layoutShift = 0;
window.shifted = [];
const where = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
new PerformanceObserver((list) => {
  for (const shift of list.getEntries().filter((one) => !one.hadRecentInput)) {
    window.layoutShift += shift.value;
    for (const { node, previousRect, currentRect } of shift.sources) {
      const what = (node?.outerHTML ?? node?.textContent ?? "").slice(0, 100);
      window.shifted.push(`${shift.value.toFixed(3)}: ${where(previousRect)} → ${where(currentRect)}: ${what}`);
    }
  }
}).observe({ type: "layout-shift", buffered: true });
"""

WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const hidden = (node) => {
    for (let up = node.parentElement; up; up = up.parentElement) {
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter(
    (node) => node.getBoundingClientRect().right > width + 1 && !hidden(node),
  );
  const scrolls = document.scrollingElement.scrollWidth > width;
  return scrolls ? out.map((node) => node.outerHTML.slice(0, 120)).concat("(the document)") : [];
}"""

# A box or a switch is as large as its label. Links within a sentence are as large as the sentence lets them be.
SMALL = """(least) => {
  const kinds = "button, a[href], input, select, textarea, summary, [role=button], [role=tab], [role=switch]";
  const small = [];
  for (const control of document.querySelectorAll(kinds)) {
    const box = control.matches("input[type=checkbox], input[type=radio]");
    const target = (box && control.closest("label")) || control;
    const { width, height } = target.getBoundingClientRect();
    const style = getComputedStyle(target);
    const within = control.matches("a") && style.display === "inline";
    const away = control.closest(".sr") || control.disabled || width <= 1 || style.visibility === "hidden";
    if (within || away || !target.checkVisibility()) continue;
    if (Math.min(width, height) < least - 0.5) {
      small.push(`${Math.round(width)} × ${Math.round(height)}: ${control.outerHTML.slice(0, 120)}`);
    }
  }
  return small;
}"""

READABLE = """async (tags) => {
  const { violations } = await axe.run(document, { runOnly: tags });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary: why }) => [`${id}: ${help}`, html.slice(0, 200), why].join("\\n  "))
  );
}"""


def axe(page):
    """No violation, of WCAG 2.2 A and AA and of good practice, in what the page shows now."""
    page.evaluate(AXE.read_text() + ";null")
    found = page.evaluate(READABLE, TAGS)
    assert not found, "\n".join([f"axe found {len(found)}:", *found])


def no_sideways_scroll(page):
    wide = page.evaluate(WIDE)
    assert not wide, "\n".join(["wider than the screen:", *wide])


def controls_at_least(page, pixels):
    """Every control that can be seen is at least so wide and so high, in CSS pixels."""
    small = page.evaluate(SMALL, pixels)
    assert not small, "\n".join([f"smaller than {pixels} px:", *small])


def layout_shift(page):
    """What the page has shifted by itself since it was opened; below 0.1 is good. What it was is printed."""
    print("shifted:", *page.evaluate("window.shifted"), sep="\n")
    return page.evaluate("window.layoutShift")


def settled(page):
    """Waits until the page's fonts are there and it has been drawn with them."""
    page.evaluate("() => document.fonts.ready.then(() => new Promise((drawn) => requestAnimationFrame(() => drawn())))")
