"""Makes one file of all parts and removes them."""
from pathlib import Path


def execute(context, params):
    files = Path(context.artifacts_dir)
    parts = sorted((files / "parts").iterdir())
    for done, part in enumerate(parts):
        context.progress(done, len(parts), part.name)
        with open(files / "whole.txt", "a", encoding="utf-8") as whole:
            whole.write(part.read_text(encoding="utf-8"))
        part.unlink()
    return {"parts": [part.stem for part in parts]}
