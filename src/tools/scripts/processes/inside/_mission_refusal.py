"""Describes why a result is not JSON, where, and what to return instead; loaded on demand."""
import re

MOST_LEVELS = 500

# Keyed by the name of a type or of a base class, so that their modules need not
# be imported.
INSTEAD = {
    "set": "list(it), or sorted(it)",
    "frozenset": "list(it), or sorted(it)",
    "bytes": "it.decode(), or base64.b64encode(it).decode()",
    "bytearray": "it.decode(), or base64.b64encode(it).decode()",
    "datetime": "it.isoformat()",
    "date": "it.isoformat()",
    "time": "it.isoformat()",
    "timedelta": "it.total_seconds()",
    "Decimal": "str(it)",
    "Fraction": "str(it)",
    "complex": "[it.real, it.imag]",
    "UUID": "str(it)",
    "PurePath": "str(it)",
    "Enum": "it.value",
    "ndarray": "it.tolist()",
    "generic": "it.item()",
    "DataFrame": "it.to_dict('records')",
    "Series": "it.tolist()",
    "BaseModel": "it.model_dump()",
    "BaseException": "str(it), or raise it",
    "coroutine": "await it",
    "Future": "await it",
    "generator": "list(it)",
    "async_generator": "[each async for each in it]",
    "range": "list(it)",
    "map": "list(it)",
    "filter": "list(it)",
    "zip": "list(it)",
    "dict_keys": "list(it)",
    "dict_values": "list(it)",
    "dict_items": "dict(it)",
    "deque": "list(it)",
    "function": "what it returns",
    "builtin_function_or_method": "what it returns",
    "type": "a dict with its data",
}


def problem_in(value, path: str = "result", around: tuple = ()):
    """Describes the first value that JSON cannot carry; None when there is none."""
    if isinstance(value, (dict, list, tuple)):
        if id(value) in around:
            return f"{path} is circular: it holds itself; return it without that field"
        if len(around) >= MOST_LEVELS:
            return f"{path} is nested deeper than {MOST_LEVELS} levels"
        around = (*around, id(value))
        return next(filter(None, (problem_in(each, at, around) for at, each in parts(value, path))), None)
    return problem_of(value, path)


def parts(value, path: str):
    if not isinstance(value, dict):
        return ((f"{path}[{index}]", each) for index, each in enumerate(value))
    return ((at_key(path, key), Key(key) if bad_key(key) else each) for key, each in value.items())


class Key:
    """Marks a dict key that JSON cannot carry."""

    def __init__(self, key):
        self.key = key


def bad_key(key) -> bool:
    return not (key is None or isinstance(key, (str, int, float, bool)))


def at_key(path: str, key) -> str:
    text = str(key)
    return f"{path}.{text}" if re.fullmatch(r"[A-Za-z_]\w*", text) else f"{path}[{key!r}]"


def problem_of(value, path: str):
    if value is None or isinstance(value, (str, bool, int)):
        return None
    if isinstance(value, Key):
        return f"{path}: {value.key!r} is no text, and a key of JSON must be: use str(key)"
    if isinstance(value, float):
        return None if value - value == 0 else f"{path} is {value}, not JSON compliant: return None or a text"
    return f"{path} is {article(type(value).__name__)}: return {instead_of(value)}"


def instead_of(value) -> str:
    for kind in type(value).__mro__:
        if kind.__name__ in INSTEAD:
            return INSTEAD[kind.__name__]
    if hasattr(value, "__dataclass_fields__"):
        return "dataclasses.asdict(it)"
    return "a dict, list, text or number with what is needed"


def article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"
