"""Lets a process that `multiprocessing` spawned find the script whose function it runs."""
import importlib.abc
import importlib.util
import os
import sys

class ScriptFinder(importlib.abc.MetaPathFinder):
    def __init__(self, prefix: str):
        self.prefix = prefix

    def find_spec(self, name, path=None, target=None):
        if not name.startswith(self.prefix):
            return None
        for folder in sys.path:
            file = os.path.join(folder, name[len(self.prefix):] + ".py")
            if os.path.isfile(file):
                return importlib.util.spec_from_file_location(name, file)
        return None


def find_scripts(prefix: str) -> None:
    sys.meta_path.append(ScriptFinder(prefix))
