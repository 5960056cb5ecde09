"""Encodes a result as JSON text. A value that JSON cannot carry is refused with its path and a proposal."""
import json

MAX_RESULT_BYTES = 1024 * 1024


def dump(value) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def plain(value):
    """Returns the value unchanged if JSON can carry it, otherwise its text."""
    try:
        dump(value)
        return value
    except (TypeError, ValueError, RecursionError):
        return str(value)


def encode(value, problem_in) -> bytes:
    """
    JSON text of a result of at most 1 MiB; raises TypeError, ValueError or RecursionError with what is wrong and where,
    as `problem_in(value)` describes it.
    """
    try:
        text = dump(value)
    except (TypeError, ValueError) as error:
        raise TypeError(problem_in(value) or str(error)) from None
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_RESULT_BYTES:
        raise ValueError(
            f"it has {len(data)} bytes, more than {MAX_RESULT_BYTES}; write it to a file and return the path"
        )
    return data
