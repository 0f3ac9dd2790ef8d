"""Files that the importer has to read or to refuse, written as small as they can be."""

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from services.intake.adapters.importer.plan import ImportPlan, plan
from services.intake.adapters.importer.rows import ImportRun, Row
from services.intake.domain.submission import sub_districts_by_word

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DISTRICTS = sub_districts_by_word([("SY", "石岩街道"), ("XX", "西乡街道")])
HEADER = ("工单编号", "来电时间", "诉求内容", "企业名称", "联系人", "联系电话")
LINE = ("GD1", "2026-11-03 09:15:20", "厂房漏水", "云雀示例五金店", "章小满", "13800001234")
CONTENT_TYPES = "[Content_Types].xml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"


def csv_text(*rows: Sequence[str], separator: str = ",", end: str = "\r\n") -> str:
    return "".join(separator.join(row) + end for row in rows)


def write_csv(path: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(path: Path, *rows: Sequence[str | float]) -> Path:
    """A float stands for a date, as the serial number that Excel stores."""
    lines = "".join(f"<row>{''.join(xlsx_cell(value) for value in row)}</row>" for row in rows)
    parts = {
        CONTENT_TYPES: f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{MEDIA}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}/relationships">'
        '<sheets><sheet name="工单" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/relationships/worksheet"'
        ' Target="worksheets/sheet1.xml"/><Relationship Id="r2"'
        f' Type="{OFFICE}/relationships/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{SHEETS}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEETS}"><sheetData>{lines}</sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def xlsx_cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f'<c s="{int(isinstance(value, float))}"><v>{value}</v></c>'


def write_ods(path: Path, *rows: Sequence[str]) -> Path:
    lines = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows
    )
    names = "".join(
        f' xmlns:{name}="{OPEN_DOCUMENT}:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="工单">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{OPEN_DOCUMENT}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{OPEN_SHEET}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", OPEN_SHEET)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return path


def ods_cell(text: str) -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def repack(source: Path, target: Path, name: str, content: bytes) -> Path:
    """A copy of an archive in which one entry is added or has another content."""
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return target


def run(
    path: Path, wanted: dict[str, str] | None = None
) -> tuple[ImportPlan, ImportRun, list[Row]]:
    planned = plan(path, wanted)
    importing = ImportRun(planned, NOW, DISTRICTS)
    return planned, importing, list(importing)
