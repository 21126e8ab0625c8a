"""Settings of the documentation site: `make docs` writes it to build/docs. Nothing comes from another host."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from winset.core import provenance

project = "Winset"
author = "The Winset authors"
copyright = "The Winset authors, Apache-2.0"
version = release = provenance.version()

extensions = ["myst_parser", "generate.site"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["generate"]
language = "en"
smartquotes = False

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_dmath_allow_space = False
myst_dmath_allow_digits = False
myst_heading_anchors = 3
# Files of the repository that are not pages: in the site the words stay, without a link.
suppress_warnings = ["myst.header"]

html_theme = "furo"
html_title = f"Winset {release}"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["winset.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "monokai"
python_maximum_signature_line_length = 88
add_module_names = False
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"
maximum_signature_line_length = 88
