"""Grades as files: a table for a spreadsheet, everything as JSON, JUnit's XML for other programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

from alexnet_tutor import machine
from alexnet_tutor.course.submissions import printable
from alexnet_tutor.records import GradeRecord, GradesRecord

COLUMNS = ("student", "lesson", "exercise", "outcome", "points", "of", "trouble", "mistakes")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(record: GradesRecord, folder: Path) -> None:
    """Write grades.csv, grades.json and junit.xml.

    Raises:
        OSError: the folder cannot be written to.
    """
    told = json.dumps(record.to_json(), indent=2, ensure_ascii=False)
    texts = {
        "grades.csv": as_csv(record),
        "grades.json": f"{told}\n",
        "junit.xml": as_junit(record),
    }
    for name, text in texts.items():
        machine.write_text(folder / name, text)


def as_csv(record: GradesRecord) -> str:
    """A row per student and exercise. The mark at its beginning tells a spreadsheet that it is UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for student in record.students:
        for grade in student.grades:
            trouble = grade.trouble.name if grade.trouble else ""
            cells = (student.name, grade.lesson, grade.exercise, grade.outcome, grade.points, 1)
            writer.writerow(map(_cell, (*cells, trouble, " ".join(grade.mistakes))))
    return f"\ufeff{file.getvalue()}"


def _cell(value: object) -> str:
    """No cell is a formula, whatever a folder is called."""
    text = printable(str(value))
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def as_junit(record: GradesRecord) -> str:
    """A suite per student, a case per exercise; to do is skipped, no verdict an error."""
    root = ElementTree.Element("testsuites", name="tutor grade")
    for student in record.students:
        counts = {
            "tests": len(student.grades), "failures": student.count("wrong"),
            "errors": student.count("ungraded"), "skipped": student.count("todo"),
        }  # fmt: skip
        facts = {"name": student.name, **{name: str(count) for name, count in counts.items()}}
        suite = ElementTree.SubElement(root, "testsuite", facts)
        for grade in student.grades:
            _case(suite, grade)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _case(suite: ElementTree.Element, grade: GradeRecord) -> None:
    place = {"classname": f"lesson {grade.lesson}", "name": grade.exercise}
    case = ElementTree.SubElement(suite, "testcase", place)
    kinds = {"wrong": "failure", "todo": "skipped", "ungraded": "error"}
    if grade.outcome == "done":
        return
    trouble = grade.trouble
    told = ElementTree.SubElement(case, kinds[grade.outcome])
    told.set("message", trouble.said if trouble else "to do")
    if trouble is not None and grade.outcome != "todo":
        told.set("type", trouble.name)
        line = f"line {trouble.line}: {trouble.source}" if trouble.line else ""
        text = "\n".join(filter(None, (line, *grade.said)))
        told.text = text or None
