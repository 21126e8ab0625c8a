"""The sources that a baseline can be built from: title, citation, licence."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SOURCES", "Source"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source."""

    title: str
    """With {year}."""
    citation: str
    licence: str
    valuation: str = "basic prices; flows exclude tariffs"


_WIOD = (
    "World Input-Output Database, release 2016: Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), "
    "Review of "
    "International Economics 23(3), 575-605"
)
SOURCES = {
    "oecd-icio": Source(
        title="OECD inter-country input-output table, {year}",
        citation="OECD, Inter-Country Input-Output Tables, https://oe.cd/icio",
        licence="OECD: CC BY 4.0 by default since July 2024; earlier editions on OECD's terms of then",
    ),
    "wiod-2016": Source(
        title="World Input-Output Database, release 2016, {year}", citation=_WIOD, licence="WIOD: CC BY 4.0"
    ),
    "baci": Source(
        title="BACI trade and World Bank GDP, {year}, no inputs",
        citation="CEPII, BACI: Gaulier and Zignago (2010), CEPII working paper 2010-23; World Bank, World "
        "Development "
        "Indicators, NY.GDP.MKTP.CD",
        licence="BACI: Etalab Open Licence 2.0; World Bank: CC BY 4.0",
        valuation="trade free on board; home sales made up from GDP; flows exclude tariffs",
    ),
    "itpd-e": Source(
        title="International Trade and Production Database for Estimation, {year}, no inputs",
        citation="Borchert, Larch, Shikher and Yotov (2021), International Economics 166, 140-166",
        licence="USITC: a work of the United States government; sources of single figures have terms of their own",
        valuation="as reported by each source; flows exclude tariffs",
    ),
    "csv": Source(
        title="Figures given by the user, {year}",
        citation="Given by the user: see the files and their checksums",
        licence="The user's own",
        valuation="as given; flows exclude tariffs",
    ),
    "wiod-2014": Source(
        title="World Input-Output Database, 44 regions and 50 sectors, {year}",
        citation=_WIOD
        + "; tariffs WITS/TRAINS 2014; read through Felbermayr, Groeschl and Heiland (2022), Journal of "
        "International Economics",
        licence="WIOD: CC BY 4.0; TRAINS: free use, redistribution terms not open",
    ),
    "icio-2022-81": Source(
        title="OECD ICIO trade of {year}, 81 regions and 28 sectors, no inputs",
        citation="OECD, Inter-Country Input-Output Tables, https://oe.cd/icio, through "
        "https://github.com/ahmadlp/tariffwar; tariffs: Teti (2024), ECARES working paper 2024-04, year 2021",
        licence="OECD: CC BY 4.0 by default since July 2024; Global Tariff Database: terms not found",
    ),
    "icio-2022": Source(
        title="World economy {year}: trade of {year}, production structure of 2014",
        citation="As in the shipped baseline",
        licence="As in the shipped baseline",
    ),
}
