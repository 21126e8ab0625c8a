"""The look of the Word file, as styles that a ministry can change in one place: page, type, headings, tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from winset.brief.docx_xml import element, field, run

__all__ = ["BREADTH", "SIZES", "TABLE_STYLE", "TEXT_WIDTH", "apply", "finish", "table_style"]

TEXT_WIDTH = 493.2
"""Points: A4 without margins of 18 mm."""
SIZES = (8.5, 7.0, 6.0)
"""Sizes of the type of tables (points): as usual, small, tiny."""
BREADTH = 1.1
"""How much broader the type of tables (Arial) runs than that which travels with the program."""
TABLE_STYLE = "BriefTable"
"""Id of the table style."""

_SERIF, _SANS, _HANGUL = "Cambria", "Arial", "Malgun Gothic"
_INK, _SOFT, _LINK = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x55, 0x55, 0x55), RGBColor(0x0B, 0x4F, 0x86)

# name: based on, font, size, bold, colour, space before, space after (points), keep with next
_PARAGRAPHS: dict[str, tuple[str, str, float, bool, RGBColor, float, float, bool]] = {
    "Normal": ("", _SERIF, 10, False, _INK, 0, 5, False),
    "Title": ("", _SERIF, 18, True, _INK, 0, 4, True),
    "Heading 1": ("", _SERIF, 14, True, _INK, 12, 5, True),
    "Heading 2": ("", _SERIF, 11.5, True, _INK, 10, 3, True),
    "Heading 3": ("", _SERIF, 10.5, True, _INK, 9, 3, True),
    "Caption": ("Normal", _SANS, 7.5, False, _SOFT, 3, 5, False),
    "Kicker": ("Normal", _SANS, 8, False, _SOFT, 0, 2, True),
    "Lead": ("Normal", _SERIF, 10, False, _SOFT, 0, 4, False),
    "Headline": ("Normal", _SERIF, 12.5, True, _INK, 4, 7, False),
    "Fine Print": ("Normal", _SANS, 8, False, _SOFT, 0, 5, False),
    "Key Number": ("Normal", _SANS, 19, True, _INK, 3, 0, True),
    "Key What": ("Normal", _SANS, 8.5, True, _INK, 2, 2, False),
    "Key Fine": ("Normal", _SANS, 7.5, False, _SOFT, 0, 4, False),
    "Definition Term": ("Normal", _SERIF, 9, True, _INK, 5, 1, True),
    "Definition": ("Normal", _SERIF, 9, False, _INK, 0, 2, False),
    "Dated": ("Normal", _SERIF, 9, False, _INK, 0, 2.5, False),
    "Source": ("Normal", _SANS, 8.5, False, _INK, 0, 4, False),
    "Figure": ("Normal", _SANS, 8, False, _INK, 4, 0, True),
    "List Bullet": ("Normal", _SERIF, 9, False, _INK, 0, 2, False),
    "Footer": ("Normal", _SANS, 7.5, False, _SOFT, 0, 0, False),
    "toc 2": ("Normal", _SANS, 8.5, False, _INK, 0, 1, False),
    "Table Space": ("Normal", _SANS, 2, False, _INK, 0, 4, False),
}
_INDENTS = {"Definition": (12.0, 0.0), "Source": (24.0, -24.0), "toc 2": (0.0, 0.0)}
# name: font (or none), size (or none), bold, colour (or none), raised
_CHARACTERS: dict[str, tuple[str, float | None, bool | None, RGBColor | None, bool]] = {
    "Strong": ("", None, True, None, False),
    "Small": ("", None, None, _SOFT, False),
    "Number": ("", None, None, _INK, False),
    "Mark": (_SANS, None, None, _LINK, False),
    "Raised Mark": (_SANS, None, None, _LINK, True),
    "Band": ("", None, False, _SOFT, False),
    "Key Unit": ("", 11, None, None, False),
    "Key Band": ("", 8, False, _SOFT, False),
    "Hyperlink": ("", None, None, _LINK, False),
}


def table_style(number: bool, size: float) -> str:
    """Name of the paragraph style of a cell."""
    name = "Table Number" if number else "Table Text"
    return name + {SIZES[0]: "", SIZES[1]: " Small", SIZES[2]: " Tiny"}[size]


def apply(document: Any, language: str) -> None:
    """Page, styles and settings of a new document of python-docx."""
    korean = language == "ko"
    _defaults(document, "ko-KR" if korean else "en-GB")
    for name, (base, font, size, bold, color, before, after, keep) in _PARAGRAPHS.items():
        style = _style(document, name, WD_STYLE_TYPE.PARAGRAPH)
        if base:
            style.base_style = document.styles[base]
        _type(style, _HANGUL if korean else font, size, bold, color)
        shape = style.paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.keep_with_next = keep
        shape.line_spacing = 1.06
        shape.widow_control = True
        if name in _INDENTS:
            left, first = _INDENTS[name]
            shape.left_indent, shape.first_line_indent = Pt(left), Pt(first)
    for size in SIZES:
        for number in (False, True):
            style = _style(document, table_style(number, size), WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Normal"]
            _type(style, _HANGUL if korean else _SANS, size, None, None)
            shape = style.paragraph_format
            shape.space_before = shape.space_after = Pt(0.5)
            shape.line_spacing = 1.0
            shape.alignment = WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.LEFT
    for name, (font, points, heavy, shade, raised) in _CHARACTERS.items():
        style = _style(document, name, WD_STYLE_TYPE.CHARACTER)
        _type(style, font and (_HANGUL if korean else font), points, heavy, shade)
        if raised:
            style.font.superscript = True
    _rule(document.styles["Title"])
    _rule(
        document.styles["Heading 1"],
        element("pBdr", element("top", val="single", sz="12", space="6", color="1A1A1A")),
    )
    document.styles.element.append(parse_xml(_TABLE))
    _page(document)


def _style(document: Any, name: str, kind: Any) -> Any:
    styles = document.styles
    if name not in [style.name for style in styles]:
        # Word finds its own styles by these names, so they may not be marked as made up.
        styles.add_style(name, kind, builtin=name in ("toc 2", "Hyperlink"))
    style = styles[name]
    style.hidden, style.quick_style = False, True
    return style


def _type(style: Any, font: str, size: float | None, bold: bool | None, color: RGBColor | None) -> None:
    shape = style.font
    if font:
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]  # those of the theme come before those named here
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), font)
        fonts.set(qn("w:eastAsia"), _HANGUL)
    if size is not None:
        shape.size = Pt(size)
    if bold is not None:
        shape.bold = bold
    if color is not None:
        shape.color.rgb = color
    if style.name == "Caption" or style.name.startswith(("Heading", "Title")):
        shape.italic = False
    spacing = style.element.rPr.find(qn("w:spacing")) if style.element.rPr is not None else None
    if spacing is not None:
        style.element.rPr.remove(spacing)


def _defaults(document: Any, language: str) -> None:
    """Language of the text, and the version of Word whose rules of layout hold."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    latin = "en-GB"
    properties.append(element("lang", val=latin, eastAsia="ko-KR", bidi="ar-SA"))
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:val"), latin)
        old.set(qn("w:eastAsia"), language if language.startswith("ko") else "ko-KR")
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = element("compat")
        settings.append(compat)
    for old in compat.findall(qn("w:compatSetting")):
        compat.remove(old)
    compat.append(
        element(
            "compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val="15"
        )
    )


def _rule(style: Any, borders: Any = None) -> None:
    """These borders in place of those that the style has."""
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if borders is not None:
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing",
            "w:jc", "w:outlineLvl",
        )  # fmt: skip


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(16), Mm(18)
    section.footer_distance, section.header_distance = Mm(9), Mm(9)


def finish(document: Any, title: str, subject: str, keywords: str, language: str, date: dt.datetime) -> None:
    """The footer with page numbers, and the properties of the file."""
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = document.styles["Footer"]
    tabs = document.styles["Footer"].paragraph_format.tab_stops
    for _ in range(len(tabs)):
        del tabs[0]
    tabs.add_tab_stop(Pt(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    tab = element("r", element("tab"))
    for piece in (run(title), tab, field("PAGE", "1"), run(" / "), field("NUMPAGES", "1")):
        paragraph._p.append(piece)
    properties = document.core_properties
    properties.title, properties.subject, properties.keywords = title[:255], subject[:255], keywords[:255]
    properties.author = properties.last_modified_by = "Winset"
    properties.comments = ""
    properties.language = language
    properties.revision = 1
    properties.created = properties.modified = date.replace(tzinfo=None)


_TABLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">
  <w:name w:val="Brief Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:bottom w:val="single" w:sz="4" w:space="0" w:color="CFCFCF"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="CFCFCF"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="15" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>
      <w:bottom w:w="15" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:tcPr>
      <w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="1A1A1A"/></w:tcBorders>
      <w:vAlign w:val="bottom"/>
    </w:tcPr>
  </w:tblStylePr>
  <w:tblStylePr w:type="lastRow">
    <w:tcPr>
      <w:tcBorders>
        <w:top w:val="single" w:sz="8" w:space="0" w:color="1A1A1A"/>
        <w:bottom w:val="single" w:sz="8" w:space="0" w:color="1A1A1A"/>
      </w:tcBorders>
      <w:shd w:val="clear" w:color="auto" w:fill="F5F5F2"/>
    </w:tcPr>
  </w:tblStylePr>
</w:style>
"""
