"""Describes an exception that a script raised: its message with causes, and where it happened."""
import errno
import linecache
import os
import socket
import sys

from _mission_result import plain

MOST_CAUSES = 8
MOST_FRAMES = 20
MISTAKES = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, TypeError)
RUNNERS = os.path.dirname(__file__) + os.sep
PROJECT = os.getcwd() + os.sep
SCRIPTS = os.path.dirname(sys.argv[1] if len(sys.argv) > 1 else "") + os.sep


def describe(error: BaseException) -> dict:
    """
    The frame `error`: `message` with causes, `type`, the script's own `code`, `retryable` and `data`; `at`
    (`file:line`), `trace` (frames in the project's files, innermost first), `faults` (what the system refused) and
    `said` (the messages of all exceptions that were handled on the way).
    """
    chain = chain_of(error, named_causes, [])
    trace = [line for index, each in enumerate(chain) for line in trace_of(each, index)][:MOST_FRAMES]
    fields = {"message": words_of(chain), "type": type(error).__name__}
    for name, kind in (("code", str), ("retryable", bool)):
        if isinstance(getattr(error, name, None), kind):
            fields[name] = getattr(error, name)
    if getattr(error, "data", None) is not None:
        fields["data"] = plain(error.data)
    fields.update(where(chain, trace))
    whole = chain_of(error, all_causes, [])
    fields["faults"] = [fault for each in whole for fault in fault_of(each)]
    fields["said"] = "\n".join(map(own_words, whole))
    return fields


def where(chain: list, trace: list) -> dict:
    places = filter(None, map(place_of, chain))
    facts = {"at": next(places, None), "trace": trace}
    return {name: fact for name, fact in facts.items() if fact}


def chain_of(error, causes, seen: list) -> list:
    """The exception, its causes, and the exceptions of an exception group."""
    if error is None or len(seen) >= MOST_CAUSES or any(error is each for each in seen):
        return seen
    seen.append(error)
    for each in causes(error):
        chain_of(each, causes, seen)
    return seen


def named_causes(error) -> list:
    gathered = getattr(error, "exceptions", ())
    return [error.__cause__, *(each for each in gathered if isinstance(each, BaseException))]


def all_causes(error) -> list:
    """The causes and the exception that was being handled, because many omit `from`; not for a mistake of the handler."""
    return named_causes(error) + ([] if isinstance(error, MISTAKES) else [error.__context__])


def words_of(chain: list) -> str:
    """The message of the exception and those of its causes; text that is already contained is not repeated."""
    words = ""
    for index, error in enumerate(chain):
        own = own_words(error)
        more = f"{type(error).__name__}: {own}" if index and own else own or (type(error).__name__ if not words else "")
        if own not in words or not words:
            words += f": {more}" if words else more
    return words


def own_words(error) -> str:
    if isinstance(error, SyntaxError) and error.msg:
        return str(error.msg)
    try:
        return str(error).strip()
    except Exception:
        return ""


def trace_of(error, index: int) -> list:
    frames = [f"{name} ({shown(file)}:{line})" for file, line, name in own_frames(error)]
    if index == 0 or not frames:
        return frames
    return [f"caused by {type(error).__name__}: {own_words(error)}".split("\n")[0], *frames]


def own_frames(error) -> list:
    """Frames in the project's files, innermost first."""
    frames = []
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        if is_own(code.co_filename):
            frames.append((code.co_filename, trace.tb_lineno, code.co_name.strip("<>")))
        trace = trace.tb_next
    return frames[::-1]


def is_own(file: str) -> bool:
    return file.startswith(PROJECT) and not file.startswith(RUNNERS) and "site-packages" not in file


def place_of(error):
    """Where the exception happened: the innermost frame in the project, or the line that does not compile."""
    if isinstance(error, SyntaxError) and error.filename and is_own(error.filename):
        return f"{shown(error.filename)}:{error.lineno}"
    return next((f"{shown(file)}:{line}" for file, line, _ in own_frames(error)), None)


def shown(file: str) -> str:
    """A path relative to the script's directory, or to the project for files elsewhere."""
    return file[len(SCRIPTS):] if file.startswith(SCRIPTS) else file[len(PROJECT):]


def fault_of(error) -> list:
    """The operating system's error code with the path or host that it concerns."""
    if not isinstance(error, OSError) or not isinstance(error.errno, int):
        return []
    name = resolver_code(error.errno) if isinstance(error, socket.gaierror) else errno.errorcode.get(error.errno)
    host, port = destination_of(error)
    fault = {"code": name, "path": path_of(error), "host": host, "port": port, "syscall": call_of(error)}
    return [{key: value for key, value in fault.items() if value is not None}] if name else []


def resolver_code(number: int):
    names = (name for name in dir(socket) if name.startswith("EAI_"))
    return next((name for name in names if getattr(socket, name) == number), "EAI_FAIL")


def path_of(error):
    path = error.filename
    return os.fsdecode(path) if isinstance(path, (str, bytes)) else None


def call_of(error):
    """Returns 'mkdir' when the source line creates a directory: the exception does not contain the system call."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace else None
    line = linecache.getline(code.co_filename, trace.tb_lineno) if code else ""
    return "mkdir" if "mkdir" in line or "makedirs" in line else None


def destination_of(error):
    """The host and port of a failed connection: only local variables of the library's frames contain them."""
    found = (None, None)
    trace = error.__traceback__
    while trace:
        frame = trace.tb_frame
        if frame.f_code.co_name in ("getaddrinfo", "create_connection") and not is_own(frame.f_code.co_filename):
            known = frame.f_locals
            address = known.get("address")
            host, port = address[:2] if isinstance(address, tuple) else (known.get("host"), known.get("port"))
            if isinstance(host, str):
                found = (host, port if isinstance(port, int) else None)
        trace = trace.tb_next
    return found
