"""Values of an event's elements, read and written by the classes that `clacks events generate` writes."""
from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias, TypeVar, Union

from lxml import etree

from clacks.common.event import NAMESPACE, EventMaker, ReceivedEvent, parse

Element: TypeAlias = etree._Element
AnyEvent: TypeAlias = Union[ReceivedEvent, Element, str, bytes]
T = TypeVar("T")
E = TypeVar("E", bound=Enum)
_MAKER = EventMaker()
_SPACE = " \t\r\n"


class EventError(ValueError):
    """An event does not hold what was asked for; `path` is the place, as /Event/NodeStatus/Load."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path} {message}")
        self.path = path


def _name(element: Element) -> str:
    return etree.QName(element).localname


def _path(element: Element) -> str:
    parts = [_name(each) for each in (element, *element.iterancestors())]
    return "/" + "/".join(reversed(parts))


def _children(element: Element, name: str) -> list[Element]:
    return list(element.iterchildren(f"{{{NAMESPACE}}}{name}"))


def root(event: AnyEvent) -> Element:
    """The element Event of what a consumer's callback gets, or of a document."""
    if isinstance(event, ReceivedEvent):
        return event.tree
    return parse(event) if isinstance(event, (str, bytes)) else event


def one(element: Element, name: str, read: Callable[[Element], T]) -> T:
    """Of the first element of that name in `element`."""
    found = _children(element, name)
    if not found:
        raise EventError(f"{_path(element)}/{name}", "is missing")
    return read(found[0])


def optional(element: Element, name: str, read: Callable[[Element], T]) -> T | None:
    """The same, or None where there is none."""
    found = _children(element, name)
    return read(found[0]) if found else None


def each(element: Element, name: str, read: Callable[[Element], T]) -> list[T]:
    """Of all elements of that name, in their order."""
    return [read(child) for child in _children(element, name)]


def text(element: Element) -> str:
    """The text exactly."""
    return "".join(element.xpath(".//text()"))  # itertext() would give comments, too


def _unfit(element: Element, expected: str) -> EventError:
    return EventError(_path(element), f"holds {text(element)[:80]!r}, expected {expected}")


def boolean(element: Element) -> bool:
    """xs:boolean"""
    value = {"true": True, "1": True, "false": False, "0": False}.get(text(element).strip(_SPACE))
    if value is None:
        raise _unfit(element, "true or false")
    return value


def integer(element: Element) -> int:
    """xs:integer and what is derived from it."""
    digits = text(element).strip(_SPACE)
    if not digits.lstrip("+-").isascii() or not digits.lstrip("+-").isdigit():
        raise _unfit(element, "an integer")
    try:
        return int(digits)
    except ValueError:  # two signs, or more digits than Python takes
        raise _unfit(element, "an integer") from None


def number(element: Element) -> float:
    """xs:double, xs:float, xs:decimal."""
    digits = text(element).strip(_SPACE)
    words = {"INF": "inf", "+INF": "inf", "-INF": "-inf", "NaN": "nan"}
    if digits not in words and not set(digits) <= set("0123456789+-.eE"):
        raise _unfit(element, "a number")
    try:
        return float(words.get(digits, digits))
    except ValueError:
        raise _unfit(element, "a number") from None


def one_of(kind: type[E]) -> Callable[[Element], E]:
    """A reader of an enumeration's values."""
    def read(element: Element) -> E:
        try:
            return kind(text(element))
        except ValueError:
            raise _unfit(element, " or ".join(str(member.value) for member in kind)) from None
    return read


def _written(name: str, value: object) -> Element:
    if isinstance(value, Enum):
        value = value.value
    build = getattr(value, "element", None)
    return build(name) if build else _MAKER(name, value)


def element(name: str, *content: tuple[str, object]) -> Element:
    """An element of the names and values; None is left out, a list is one element a value."""
    made = _MAKER(name)
    for child, value in content:
        for single in value if isinstance(value, list) else [] if value is None else [value]:
            made.append(_written(child, single))
    return made


def document(event: Element) -> str:
    """The document with this one event in it."""
    whole = _MAKER.Event(event)
    etree.cleanup_namespaces(whole)
    return etree.tostring(whole, encoding="unicode")
