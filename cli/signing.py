"""`appeals keys`: the keys that sign checkpoints, and those that verification trusts."""

import json
import os
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.deployment import LOCAL_ORIGIN, signing_folder
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from cli.reach import CommandSettings
from libs.local.stack import folder_of
from services.dossier.adapters.signing_keys import (
    KeyFolderError,
    make_key,
    pin,
    pinned,
    public_keys,
)
from services.dossier.domain.note import NoteError, VerifierKey, parse_verifier_key

FOLDER: Final = "APPEALS_SIGNING_KEYS"
Folder = Annotated[
    Path | None, typer.Option("--dir", help=f"密钥目录。The key folder; else {FOLDER}.")
]
app: Final = typer.Typer(
    name="keys",
    help="检查点签名密钥。The keys that sign checkpoints.",
    no_args_is_help=True,
    add_completion=False,
)


def folder_here(named: Path | None) -> Path:
    """The one that was named, that of the environment, or the local stack's own."""
    if named is not None:
        return named
    if from_environment := os.environ.get(FOLDER):
        return Path(from_environment)
    return signing_folder(folder_of(CommandSettings().state_dir, keep=True))


@app.command()
def make(
    *,
    name: Annotated[
        str, typer.Option(help="日志名称，写入每个检查点。The log's name, for ever.")
    ] = LOCAL_ORIGIN,
    folder: Folder = None,
) -> None:
    """生成第一把签名密钥。Make the first signing key."""
    where = folder_here(folder)
    if public_keys(where):
        raise there_already(where)
    tell(made(where, name))


@app.command()
def rotate(*, folder: Folder = None) -> None:
    """再生成一把；新旧两把同时签名，再换一次旧的退役。A new key; the one before signs too."""
    where = folder_here(folder)
    keys = public_keys(where)
    if not keys:
        raise none_yet(where)
    tell(made(where, keys[-1].name))
    typer.echo(
        "请重启档案服务，并把新公钥交给外部核验方。\n"
        "Restart the dossier, and give the new public key to those who verify outside.",
        err=True,
    )


@app.command("list")
def list_keys(*, folder: Folder = None, as_json: AsJson = False) -> None:
    """自己的公钥和已信任的公钥。Public keys: our own, and those that are trusted."""
    where = folder_here(folder)
    own, trusted = public_keys(where), pinned(where)
    rows = [
        {"key": str(key), "own": key in own, "trusted": key in trusted}
        for key in dict.fromkeys([*own, *trusted])
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        marks = [
            word
            for word, is_so in (("自有 own", row["own"]), ("信任 trusted", row["trusted"]))
            if is_so
        ]
        typer.echo(f"{row['key']}  {', '.join(marks)}")


@app.command("pin")
def pin_key(
    *,
    key: Annotated[str, typer.Argument(help="公钥文本或文件。A public key, or a file with it.")],
    folder: Folder = None,
) -> None:
    """信任一把公钥，appeals verify 只认这些。Trust a public key: verify knows no other."""
    found = key_from(key)
    is_new = pin(folder_here(folder), found)
    typer.echo(f"{'已信任 trusted' if is_new else '早已信任 trusted already'}: {found}")


def key_from(written: str) -> VerifierKey:
    """A key as text, or the file that holds one. Raises CommandError."""
    try:
        return parse_verifier_key(written)
    except NoteError as error:
        in_file = text_of_file(written)
        if in_file is None:
            raise no_key(error) from error
    try:
        return parse_verifier_key(in_file)
    except NoteError as error:
        raise no_key(error) from error


def text_of_file(name: str) -> str | None:
    """None where there is no such file, or no such name."""
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None


def made(folder: Path, name: str) -> VerifierKey:
    """A key of one's own is trusted from the start."""
    try:
        key = make_key(folder, name)
    except KeyFolderError as error:
        zh, _, en = str(error).partition(" / ")
        raise CommandError(zh, en, code=USAGE) from error
    pin(folder, key)
    return key


def tell(key: VerifierKey) -> None:
    typer.echo(str(key))


def there_already(folder: Path) -> CommandError:
    return CommandError(
        f"{folder} 中已有签名密钥，更换请用 appeals keys rotate。",
        f"There is a signing key in {folder}: use `appeals keys rotate` for another.",
        code=USAGE,
    )


def none_yet(folder: Path) -> CommandError:
    return CommandError(
        f"{folder} 中还没有签名密钥，请先运行 appeals keys make。",
        f"There is no signing key in {folder} yet: run `appeals keys make` first.",
        code=USAGE,
    )


def no_key(error: Exception) -> CommandError:
    zh, _, en = str(error).partition(" / ")
    return CommandError(
        f"这不是公钥：{zh}。请给出 appeals keys list 打印的整行。",
        f"This is no public key: {en}. Give the text that `appeals keys list` prints.",
        code=USAGE,
    )
