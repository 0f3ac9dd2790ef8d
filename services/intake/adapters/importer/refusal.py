"""Why a whole file can not be read. One bad row never refuses a file."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "empty_file": ("文件没有内容", "the file is empty"),
    "not_a_table": (
        "文件不是表格（CSV、XLSX、XLS、ODS）；网页另存的表格请用 Excel 打开后另存为 XLSX",
        "the file is no CSV, XLSX, XLS or ODS; open a saved web page in Excel and save it as XLSX",
    ),
    "encoding": (
        "文件既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”",
        "the file is neither UTF-8 nor GB18030; save it as 'CSV UTF-8'",
    ),
    "bomb": (
        "压缩内容展开后过大或层层嵌套，已拒绝打开；请删除多余的工作表和附件后重新导出",
        "the archive unpacks to too much or holds archives, so it was not opened; export it anew",
    ),
    "unreadable": (
        "表格文件损坏、加密或过大，无法读取；请重新导出，或另存为 CSV",
        "the workbook is damaged, encrypted or too large; export it anew or save it as CSV",
    ),
    "no_header": (
        "前 10 行没有找到表头；请用 --map 字段=表头 指定，例如 --map text=诉求内容",
        "no header row in the first 10 rows; name columns by --map, such as --map text=诉求内容",
    ),
    "unknown_field": (
        "--map 的字段名无法识别",
        "--map names an unknown field",
    ),
    "unknown_header": (
        "--map 的表头在文件中不存在，也可以用 #3 表示第三列",
        "--map names a header that the file does not have; #3 means the third column",
    ),
    "missing_columns": (
        "缺少必需的列，请用 --map 指定",
        "required columns are missing; name them by --map",
    ),
}


class FileRefusedError(Exception):
    """`detail` holds names of fields or headers, never the content of a row."""

    def __init__(self, code: str, detail: str = "") -> None:
        message_zh, message_en = MESSAGES[code]
        suffix = f"：{detail}" if detail else ""
        super().__init__(f"{message_zh}{suffix} / {message_en}{suffix}")
        self.code = code
        self.detail = detail
        self.message_zh = f"{message_zh}{suffix}"
        self.message_en = f"{message_en}{suffix}"
