"""An evidence bundle checked line by line, with nothing but a public key beside it. Pure."""

from collections.abc import Iterable
from hashlib import sha256

from services.dossier.domain.bundle import (
    END,
    BundleError,
    kind_of,
    read_head,
    read_line,
)
from services.dossier.domain.bundle import Head as Header
from services.dossier.domain.bundle_courses import BundleBreak, BundleVerdict, EnterpriseCourse
from services.dossier.domain.bundle_whole import WholeCourse
from services.dossier.domain.tree import Tiles
from services.dossier.domain.witness import Trust


def check_bundle(lines: Iterable[bytes], trust: Trust) -> BundleVerdict:
    """`lines` end with their line's end, as a file opened for bytes gives them."""
    verdict = BundleVerdict()
    try:
        read_all(lines, trust, verdict)
    except BundleError as error:
        verdict.first_break = BundleBreak(
            kind=error.kind, line=error.line, expected=error.expected, found=error.found
        )
    return verdict


def read_all(lines: Iterable[bytes], trust: Trust, verdict: BundleVerdict) -> None:
    course: EnterpriseCourse | WholeCourse | None = None
    digest, is_ended, number = sha256(), False, 0
    for number, raw in enumerate(lines, start=1):
        line = read_line(number, raw)
        if is_ended:
            raise line.wrong("end-of-file", "line")
        if course is None:
            course = course_of(read_head(line), trust, verdict)
        elif (kind := kind_of(line, course.header.scope)) == END:
            if (line.whole("end"), line.text("sha256")) != (number - 1, digest.hexdigest()):
                raise line.wrong(f"{number - 1}:{digest.hexdigest()}", line.fields["end"])
            course.end(line)
            is_ended = True
        else:
            course.take(line, kind)
        digest.update(raw)
    if not is_ended:
        raise BundleError("truncated", number + 1, "the line that closes a bundle", "end of file")


def course_of(
    header: Header, trust: Trust, verdict: BundleVerdict
) -> EnterpriseCourse | WholeCourse:
    verdict.scope, verdict.origin = header.scope, header.origin
    verdict.algorithm = header.algorithm
    if header.scope == "enterprise":
        return EnterpriseCourse(header, trust, verdict)
    course = WholeCourse(header, trust, verdict)
    course.tree = Tiles(course.digest, 0, {})
    return course
