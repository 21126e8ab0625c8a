"""Draws the picture at the top of the README from a fresh run: `.venv/bin/python docs/images/make.py`."""

from pathlib import Path

import winset
from winset.brief.figures import gains
from winset.briefing import brief_content

content = brief_content(winset.open_case("korea-us-2025"))
picture = gains(content)
if picture is not None:
    Path(__file__).with_name("gains.png").write_bytes(picture.png(dpi=160))
print(content.headline)
print(content.gains)
for finding in content.key_numbers:
    print(finding.label, round(finding.value), round(finding.low), round(finding.high))
