"""Made-up long tables in the true layouts of BACI, the World Bank, ITPD-E, Teti's database and WITS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

# ISO 3166 alpha-3 and BACI's numeric codes (BACI's own differ from M49 in a few places).
COUNTRIES = {"DEU": 276, "JPN": 392, "KOR": 410, "MEX": 484, "USA": 842, "VNM": 704}
PRODUCTS = ("010121", "080390", "270900", "720851", "870323", "870829")


def trade(seed: int, countries: Sequence[str] = tuple(COUNTRIES)) -> np.ndarray:
    """(i, j, k) thousands of dollars, no domestic sales, three decimals; a few zeros that are one-sided."""
    rng = np.random.default_rng(seed)
    n = len(countries)
    value = np.round(rng.lognormal(15.5, 1.0, (n, n, len(PRODUCTS))), 3)
    value[np.arange(n), np.arange(n)] = 0.0
    value[0, 1, 2] = 0.0
    return value


def baci(folder: Path, value: np.ndarray, *, year: int = 2023, version: str = "V202501") -> Path:
    """The trade file and the country codes beside it; returns the trade file."""
    codes = list(COUNTRIES.items())
    lines = ["t,i,j,k,v,q"]
    for i, j, k in np.argwhere(value > 0):
        lines.append(
            f"{year},{codes[i][1]},{codes[j][1]},{PRODUCTS[k]},{value[i, j, k]:.3f},{value[i, j, k] / 7:.3f}"
        )
    path = folder / f"BACI_HS22_Y{year}_{version}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    listing = ["country_code,country_name,country_iso2,country_iso3"]
    listing += [f"{number},{iso.title()},{iso[:2]},{iso}" for iso, number in codes]
    (folder / f"country_codes_{version}.csv").write_text("\n".join(listing) + "\n", encoding="utf-8")
    return path


def world_bank(folder: Path, gdp: dict[str, float | None], *, year: int = 2023) -> Path:
    """GDP in US dollars as the World Bank exports it: four lines above the names, a comma at the end of each."""
    years = [str(y) for y in range(year - 7, year + 1)]
    lines = ['"Data Source","World Development Indicators",', "", '"Last Updated Date","2025-01-28",', ""]
    names = ["Country Name", "Country Code", "Indicator Name", "Indicator Code", *years]
    lines.append(",".join(f'"{name}"' for name in names) + ",")
    for iso, value in {**gdp, "ARB": 1e12}.items():
        old = ["1000000000"] * (len(years) - 1) if value is not None else [""] * (len(years) - 1)
        cells = [
            iso.title(),
            iso,
            "GDP (current US$)",
            "NY.GDP.MKTP.CD",
            *old,
            "" if value is None else repr(value),
        ]
        lines.append(",".join(f'"{cell}"' for cell in cells) + ",")
    path = folder / "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_made_up.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def itpde(folder: Path, value: np.ndarray, *, years: Sequence[int] = (2018, 2019)) -> Path:
    """(i, j, industry) millions with domestic trade; another year's figures are twice these."""
    names = list(COUNTRIES)
    broad = ("Agriculture", "Manufacturing", "Manufacturing", "Services")
    lines = [
        "exporter_iso3,exporter_dynamic_code,importer_iso3,importer_dynamic_code,broad_sector,industry_id,"
        "industry_descr,year,trade,flag_mirror,flag_zero"
    ]
    for year in years:
        for i, j, k in np.ndindex(value.shape):
            x = value[i, j, k] * (1 if year == years[-1] else 2)
            a, b = names[i], names[j]
            lines.append(
                f'{a},{a},{b},{b},{broad[k]},{k + 1},"Industry {k + 1}, made up",{year},'
                f"{x:.6f},{int(i == 1)},{'p' if x > 0 else 'u'}"
            )
    path = folder / "ITPD_E_R02.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rates(seed: int, n: int, s: int) -> np.ndarray:
    """(i, j, s) percent: a schedule of the importer, with preferences for a few pairs."""
    rng = np.random.default_rng(seed)
    rate = np.round(np.broadcast_to(rng.uniform(1, 25, (1, n, s)), (n, n, s)), 2).copy()
    free = rng.random((n, n)) < 0.15
    rate[free] = 0.0
    rate[np.arange(n), np.arange(n)] = 0.0
    return rate


def teti(
    path: Path, percent: np.ndarray, regions: Sequence[str], products: Sequence[str], *, year: int = 2021
) -> Path:
    """iso1 levies on iso2."""
    lines = ["iso1,iso2,year,sector,tariff,tariff_w"]
    for y in (year - 1, year):
        for i, j, k in np.ndindex(percent.shape):
            if i != j:
                x = percent[i, j, k] + (y != year)
                lines.append(f"{regions[j]},{regions[i]},{y},{products[k]},{x:.4f},{x / 2:.4f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


WITS_HEADING = (
    "Selected Nomen,Native Nomen,Reporter,Reporter Name,Product,Product Name,Partner,Partner Name,Tariff "
    "Year,Trade Year,"
    "Trade Source,DutyType,Simple Average,Weighted Average,Standard Deviation,Minimum Rate,Maximum Rate,"
    "Nbr of Total Lines,Imports Value in 1000 USD"
)


def wits(path: Path, percent: np.ndarray, codes: Sequence[str], products: Sequence[str]) -> Path:
    """Applied (AHS) and most-favoured-nation (MFN) records; the latter 10 points higher."""
    lines = [WITS_HEADING]
    for i, j, k in np.ndindex(percent.shape):
        for kind, more in (("AHS", 0.0), ("MFN", 10.0)):
            if i != j:
                x = percent[i, j, k] + more
                lines.append(
                    f'HS,H5,{codes[j]},"Country, {j}",{products[k]},"Made up, {k}",{codes[i]},Country {i},2021,'
                    f"2021,CTS,{kind},{x:.4f},{x:.4f},0,{x:.4f},{x:.4f},3,{100.0 * (k + 1):.3f}"
                )
    path.write_text("\n".join(lines) + "\n", encoding="latin-1")
    return path
