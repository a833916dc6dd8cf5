"""What the import of gradio must not do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_WATCHED = """
import inspect, sys
told = inspect.getfile
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".pyi"):
        raise SystemExit(f"touches {arguments[0]}")
sys.addaudithook(watch)
from assistant.settings import Settings
from ingest.parse import read_book
from tests.ui.scripted import ScriptedAssistant
from ui.server import create_app
settings = Settings(_env_file=None)
app = create_app(ScriptedAssistant(read_book(settings.book), settings.data_dir), settings)
paths = [getattr(route, "path", "") for route in app.routes]
assert {"/ui", "/en"} <= set(paths), paths
assert inspect.getfile is told
"""


def test_gradio_writes_no_stubs_into_its_installation(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED],
        env=kept | {"GUIDE_DATA_DIR": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
