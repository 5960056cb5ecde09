"""A warm runner for one Python script: `python3 python-runner.py FILE [jailed]`.

Calls come as JSON lines on fd 3, answers leave as JSON lines on fd 4 (see ../runner.ts for the
frames). Standard library only.
"""
import asyncio
import importlib
import inspect
import io
import json
import os
import sys
import threading
import types
import warnings

# The prefix avoids a clash with library modules, so that a script may be called
# json.py.
MODULE_PREFIX = "script_"
PROJECT_PATH = os.getcwd()
RUNNERS = os.path.dirname(__file__)
write_lock = threading.Lock()
current = None


def beside(name: str):
    """Imports a module from this file's directory; rarely needed modules are imported on demand."""
    sys.path.insert(0, RUNNERS)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(RUNNERS)


def describe(error: BaseException) -> dict:
    return beside("_mission_failure").describe(error)


results = beside("_mission_result")
dump, plain = results.dump, results.plain


def problem_in(value):
    return beside("_mission_refusal").problem_in(value)


def write(data: bytes) -> None:
    with write_lock:
        view = memoryview(data)
        while view:
            view = view[os.write(4, view):]


def send(frame: dict) -> None:
    write(dump(frame).encode("utf-8", "replace") + b"\n")


class Prints(io.RawIOBase):
    """Sends the script's prints as frames, so that they stay in order with its result."""

    def __init__(self, number: int):
        self.number = number

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        send({"print": [self.number, bytes(data).decode("utf-8", "replace")]})
        return len(data)


def prints(number: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(Prints(number)), encoding="utf-8", errors="replace", line_buffering=True
    )


class Refused(Exception):
    def __init__(self, message: str, code: str):
        super().__init__(message)
        self.code = code


calls = None
ask_lock = threading.Lock()


def ask_for_secret(name: str) -> str:
    """Asks the host and waits for the answer: during a call no other message arrives."""
    with ask_lock:
        send({"secret": [1, name]})
        answer = json.loads(calls.readline())
    if "error" in answer:
        raise Refused(answer["error"]["message"], answer["error"]["code"])
    return answer["value"]


class Context(dict):
    """The call's context, readable as attributes and as a dict."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"context has no '{name}'") from None

    def log(self, level, message, data=None) -> None:
        entry = [level, str(message)] if data is None else [level, str(message), plain(data)]
        self._send({"log": entry})

    def progress(self, done, total=None, message=None) -> None:
        self._send({"progress": [done, total, message]})

    def heartbeat(self) -> None:
        self._send({"heartbeat": True})

    def secret(self, name):
        return ask_for_secret(str(name))

    def _send(self, frame) -> None:
        if current is self:
            send(frame)


class Sdk(types.ModuleType):
    """The module `mission_sdk`, for modules that do not receive the context."""

    inputs = None
    context = None

    def __getattr__(self, name):
        if name.startswith("_") or self.context is None:
            raise AttributeError(name)
        return getattr(self.context, name)


sdk = sys.modules["mission_sdk"] = Sdk("mission_sdk")


def open_or_none(path: str):
    try:
        return os.open(path, os.O_RDONLY)
    except OSError:
        return None


CHILDREN = open_or_none(f"/proc/self/task/{os.getpid()}/children")
# In a jail, an orphaned child becomes a child of the jail's first process.
ORPHANS = open_or_none("/proc/1/task/1/children") if sys.argv[2:] == ["jailed"] else None
STATM = open_or_none("/proc/self/statm")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
threads_at_start = 1
modules_reported = 0


def rss() -> int:
    return 0 if STATM is None else int(os.pread(STATM, 128, 0).split()[1]) * PAGE_BYTES


def listed(file) -> int:
    return 0 if file is None else len(os.pread(file, 64, 0))


orphans_at_start = listed(ORPHANS)


def left_open():
    """The kind of resource that a call left open: tasks, threads beyond those of the module itself, or child processes."""
    if event_loop.cancel_tasks():
        return "asyncio task"
    if threading.active_count() > threads_at_start:
        return "thread"
    if listed(CHILDREN) > 0 or listed(ORPHANS) > orphans_at_start:
        return "child process"
    return None


def own_file(module) -> bool:
    path = getattr(module, "__file__", None)
    return bool(path) and path.startswith(PROJECT_PATH + os.sep) and "site-packages" not in path


def new_files():
    """Files imported since the last report; the host watches them for changes."""
    global modules_reported
    if len(sys.modules) == modules_reported:
        return None
    modules_reported = len(sys.modules)
    return [module.__file__ for module in list(sys.modules.values()) if own_file(module)]


def state() -> dict:
    facts = {"rss": rss(), "left": left_open(), "files": new_files()}
    return {name: fact for name, fact in facts.items() if fact is not None}


def load(file: str):
    name = os.path.splitext(os.path.basename(file))[0]
    module = types.ModuleType(MODULE_PREFIX + name)
    module.__file__ = file
    sys.modules[module.__name__] = module
    sys.path.insert(0, os.path.dirname(file))
    with open(file, "rb") as source:
        exec(compile(source.read(), file, "exec"), module.__dict__)
    execute = getattr(module, "execute", None)
    if not callable(execute):
        raise TypeError("the script has no function 'execute'; write: def execute(context, params)")
    return execute


async def finish(awaitable):
    return await awaitable


class EventLoop:
    """One event loop for the process: objects that asyncio creates in a call (a lock) stay bound to their loop."""

    def __init__(self):
        self.loop = None

    def run(self, awaitable):
        # The first asynchronous call imports this, because the import takes
        # time.
        from concurrent.futures import ThreadPoolExecutor

        if self.loop is None or self.loop.is_closed():
            self.loop = current_loop()
        with ThreadPoolExecutor(thread_name_prefix="asyncio") as threads:
            self.loop.set_default_executor(threads)
            return self.loop.run_until_complete(finish(awaitable))

    def cancel_tasks(self) -> bool:
        """Cancels the tasks that a call left, as `asyncio.run` does; returns whether there were any."""
        if self.loop is None or self.loop.is_closed():
            return False
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks, timeout=1))
        return bool(tasks)


def current_loop():
    """The loop that the module has created already: older versions of Python bind the module's objects to it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            loop = asyncio.get_event_loop()
        except RuntimeError:
            loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


event_loop = EventLoop()


def call(execute, context: Context, inputs: dict):
    value = execute(context, inputs)
    return event_loop.run(value) if inspect.isawaitable(value) else value


def prepare(context: Context) -> None:
    os.chdir(PROJECT_PATH)
    os.environ["TMPDIR"] = context["scratch_dir"]
    os.environ["MISSION_ARTIFACTS_DIR"] = context["artifacts_dir"]
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None


def run(execute, message: dict) -> bytes:
    """Runs a call and returns the first fields of the answer, encoded."""
    global current
    current = context = Context(message["context"])
    sdk.inputs, sdk.context = message["inputs"], context
    prepare(context)
    try:
        value = call(execute, context, message["inputs"])
    except Exception as error:
        return b'"error":' + dump(describe(error)).encode("utf-8", "replace")
    try:
        return b'"result":' + results.encode(value, problem_in)
    except (TypeError, ValueError, RecursionError) as error:
        invalid = {"code": "output_invalid", "message": f"the result is not JSON: {error}"}
        return b'"error":' + dump(invalid).encode("utf-8", "replace")


def serve(execute) -> None:
    global calls
    with open(3, "rb") as calls:
        while line := calls.readline():
            message = json.loads(line)
            answer = run(execute, message)
            sys.stdout.flush()
            sys.stderr.flush()
            facts = dump({"id": message["id"], **state()}).encode()
            write(b"{" + answer + b"," + facts[1:] + b"\n")


def main() -> None:
    global threads_at_start
    os.set_inheritable(3, False)
    os.set_inheritable(4, False)
    sys.stdout, sys.stderr = prints(1), prints(2)
    try:
        execute = load(sys.argv[1])
    except Exception as error:
        send({"id": None, "error": describe(error)})
        return
    threads_at_start = threading.active_count()
    send({"ready": True, **state()})
    serve(execute)
    os._exit(0)  # The host has ended, and nobody can receive the results of threads that still run.


if __name__ == "__main__":
    main()
elif __name__ == "__mp_main__":
    # A child that multiprocessing started: it receives functions of the script
    # by the name of their module.
    beside("_mission_spawn").find_scripts(MODULE_PREFIX)
