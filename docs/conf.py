"""Sphinx settings; pages are MyST Markdown, one theme, warnings are errors in CI."""

from importlib.metadata import version as installed_version

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
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"**": ["sidebar-nav-bs"]}
html_show_sourcelink = False
