"""`python -m cli.documents` writes every generated document; `--check` only names stale ones."""

import sys

from cli.documents.written import ROOT, stale, write


def main(arguments: list[str]) -> int:
    """0 all is as the code says, 1 something was stale under `--check`."""
    if arguments == ["--check"]:
        found = stale(ROOT)
        sys.stdout.writelines(f"stale: {name}\n" for name in found)
        return 1 if found else 0
    sys.stdout.writelines(f"{name}\n" for name in write(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
