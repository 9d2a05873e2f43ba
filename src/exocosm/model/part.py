"""What all parts of a model share: frozen, strict about names, with errors that say what and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from exocosm.ground.errors import nearest
from exocosm.model.faults import Fault, first_fault, show

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*$")
Key = TypeVar("Key")
Value = TypeVar("Value")


class FrozenDict(dict[Key, Value]):
    """A dict that refuses changes, so that a frozen model is frozen all through."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a model is frozen; use model.change(...)")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class Part(BaseModel):
    """A frozen piece of a model. Unknown or missing names raise ModelError with the nearest valid name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise first_fault(error).error() from None

    # Nested parts are then validated inside their whole, so that a fault keeps its full place.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @model_validator(mode="before")
    @classmethod
    def _names(cls, data: Any) -> Any:
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            keys = ", ".join(cls.model_fields)
            raise Fault("this has the wrong form", found=show(data), wanted=f"a mapping with: {keys}")
        _refuse_unknown(data, list(cls.model_fields))
        _refuse_missing(data, [name for name, field in cls.model_fields.items() if field.is_required()])
        return data


def _refuse_unknown(data: Mapping[Any, Any], valid: list[str]) -> None:
    for key in data:
        if key not in valid:
            wanted, near = "one of: " + ", ".join(valid), nearest(str(key), valid)
            raise Fault("unknown name", at=(str(key),), found=show(key), wanted=wanted, near=near)


def _refuse_missing(data: Mapping[Any, Any], required: list[str]) -> None:
    missing = [name for name in required if name not in data]
    if missing:
        raise Fault(f"{missing[0]!r} is missing", found=show(dict(data)), wanted=f"{missing[0]}: ...")


Build = Callable[[Any], Part]


def whole(part: type[Part]) -> Build:
    """The value under a tag is the mapping of the part's fields."""
    return part.model_validate


def only(part: type[Part], field: str) -> Build:
    """The value under a tag is that of the part's one field."""

    def build(value: Any) -> Part:
        try:
            return part.model_validate({field: value})
        except ValidationError as error:
            fault = first_fault(error)
            raise fault.moved(fault.at[1:] if fault.at[:1] == (field,) else fault.at) from None

    return build


def tagged(**kinds: Build) -> BeforeValidator:
    """One of several parts, told apart by its only key: `{sphere: {...}}`."""

    def read(value: Any) -> Any:
        if isinstance(value, Part):
            return value
        wanted = "one of: " + ", ".join(kinds)
        if not isinstance(value, Mapping) or len(value) != 1:
            raise Fault("this has the wrong form", found=show(value), wanted=wanted)
        tag, inner = next(iter(value.items()))
        if tag not in kinds:
            near = nearest(str(tag), kinds)
            raise Fault("unknown name", at=(str(tag),), found=show(tag), wanted=wanted, near=near)
        return _build(tag, kinds[tag], inner)

    return BeforeValidator(read)


def _build(tag: str, build: Build, inner: Any) -> Part:
    try:
        return build(inner)
    except ValidationError as error:
        raise first_fault(error).inside(tag) from None
    except Fault as fault:
        raise fault.inside(tag) from None


def _checked_name(name: Any) -> str:
    if not isinstance(name, str) or not _NAME.match(name) or len(name) > 60:
        wanted = "a name of letters, digits, '-', '+' or '_', beginning with a letter"
        raise Fault("this cannot be a name", found=show(name), wanted=wanted)
    return name


Name = Annotated[str, BeforeValidator(_checked_name)]
frozen = AfterValidator(FrozenDict)
Named = Annotated[dict[Name, Value], frozen]
