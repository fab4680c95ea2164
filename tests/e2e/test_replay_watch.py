"""`dev replay --watch` in a process of its own."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from dev.replay.cases import event_files


def test_changed_expectation_is_compared_at_once(tmp_path: Path) -> None:
    event = event_files()[0]
    folder = tmp_path.joinpath(*event.parent.parts[-2:])
    folder.mkdir(parents=True)
    shutil.copy(event, folder)
    expectation = folder / f"{event.stem}.expect.json"
    shutil.copy(event.with_name(expectation.name), folder)
    command = [sys.executable, "-m", "dev.cli", "replay", "--watch", str(tmp_path)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as watching:
        assert watching.stdout
        assert any("Watching for changes" in line for line in watching.stdout)
        expectation.write_text('{"status": 599}')
        assert any("0 passed, 1 failed on process" in line for line in watching.stdout)
        watching.send_signal(signal.SIGINT)
        watching.communicate()

    assert watching.returncode == 130
