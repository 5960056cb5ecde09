"""How a process that `multiprocessing` starts anew finds the script whose function it is to run."""
import importlib.abc
import importlib.util
import os
import sys

# No name of a module of the library, so that a script may be called json.py.
MODULE_PREFIX = "script_"


class ScriptFinder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if not name.startswith(MODULE_PREFIX):
            return None
        for folder in sys.path:
            file = os.path.join(folder, name[len(MODULE_PREFIX):] + ".py")
            if os.path.isfile(file):
                return importlib.util.spec_from_file_location(name, file)
        return None


def find_scripts() -> None:
    sys.meta_path.append(ScriptFinder())
