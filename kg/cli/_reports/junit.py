"""JUnit XML, which build servers read: the one writer, whatever is reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import msgspec

# What XML 1.0 cannot hold, not even escaped.
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JUnitCase(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was judged."""

    group: str
    name: str
    failure: str = ""  # its kind; "" = it passed
    message: str = ""
    text: str = ""
    skipped: str = ""  # why it is left out; "" = it is not


def write_junit(suite: str, cases: Sequence[JUnitCase]) -> str:
    """A suite of test cases, one for each thing that was judged.

    Args:
        suite: its name.
        cases: in the order in which they are told.
    """
    top = ET.Element(
        "testsuite",
        name=suite,
        tests=str(len(cases)),
        failures=str(sum(bool(one.failure) for one in cases)),
        errors="0",
        skipped=str(sum(bool(one.skipped) for one in cases)),
    )
    for one in cases:
        case = ET.SubElement(top, "testcase", classname=_fit(one.group), name=_fit(one.name))
        if one.failure:
            failed = ET.SubElement(case, "failure", type=one.failure, message=_fit(one.message))
            failed.text = _fit(one.text)
        if one.skipped:
            ET.SubElement(case, "skipped", message=_fit(one.skipped))
    root = ET.Element("testsuites")
    root.append(top)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
