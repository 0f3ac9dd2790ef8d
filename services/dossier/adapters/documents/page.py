"""A document as one HTML page that needs nothing else and can run nothing."""

from collections.abc import Iterable
from html import escape
from typing import Final

from services.dossier.adapters.documents.workbook import about_table, stamp_line
from services.dossier.domain.sheets.cells import Cell
from services.dossier.domain.sheets.sheet import Document, Stamp, Table

# No script, no picture and no other host, whatever a text may hold.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
STYLE: Final = """
body { font: 14px/1.5 "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2em;
       color: #1a1a1a; }
h1 { font-size: 1.5em; margin: 0; } h1 small, h2 small { color: #666; font-weight: normal; }
h2 { font-size: 1.15em; margin: 2em 0 .4em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #bbb; padding: .3em .6em; text-align: left; vertical-align: top;
         overflow-wrap: anywhere; }
th { background: #f0f2f5; } td.number { text-align: right; white-space: nowrap; }
.stamp { color: #8a1c1c; font-size: .85em; } .note { color: #555; }
@media print { body { margin: 0; } thead { display: table-header-group; }
               tr { break-inside: avoid; } }
"""


def page_of(document: Document, stamp: Stamp) -> bytes:
    line = f'<p class="stamp">{escape(stamp_line(stamp))}</p>'
    tables = (about_table(document, stamp), *document.tables, document.proof)
    parts = [
        "<!doctype html>",
        '<html lang="zh-CN"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(document.title_zh)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(document.title_zh)} <small>{escape(document.title_en)}</small></h1>",
        line,
        *(html_table(table) for table in tables),
        line,
        "</body></html>",
    ]
    return "\n".join(parts).encode()


def html_table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "\n".join(f"<tr>{html_cells(row)}</tr>" for row in table.rows)
    title = f"<h2>{escape(table.title_zh)} <small>{escape(table.title_en)}</small></h2>"
    return f"{title}\n<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def html_cells(row: Iterable[Cell]) -> str:
    return "".join(
        f'<td class="number">{cell}</td>'
        if isinstance(cell, int)
        else f"<td>{escape(cell or '')}</td>"
        for cell in row
    )
