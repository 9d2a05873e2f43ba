"""Sphinx settings; pages are MyST Markdown, one theme, warnings are errors in CI."""

from importlib.metadata import version as installed_version
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

project = "Exocosm"
author = "The Exocosm developers"
project_copyright = "2026, The Exocosm developers"
release = installed_version("exocosm")
version = release

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "pydata_sphinx_theme"
html_title = "Exocosm"
html_theme_options = {
    "show_prev_next": True,
    "navigation_with_keys": False,
    "header_links_before_dropdown": 8,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars: dict[str, list[str]] = {"**": []}
html_math_renderer = "mathml"
html_show_sourcelink = False


def write_inline(writer: Any, node: nodes.math) -> None:
    """A formula in a line as MathML, which browsers draw without a script from elsewhere."""
    writer.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def write_block(writer: Any, node: nodes.math_block) -> None:
    """A formula of its own, as MathML."""
    writer.body.append(
        f'<div style="text-align: center; margin: 1em 0">{tex2mathml(node.astext(), as_block=True)}</div>'
    )
    raise nodes.SkipNode


def setup(app: Any) -> None:
    """Formulas can be read offline."""
    app.add_html_math_renderer("mathml", (write_inline, None), (write_block, None))
