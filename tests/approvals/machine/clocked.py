"""`python clocked.py FILE ARGUMENTS`: `itsm` on the clock that a file has. A hook gets no clock from its pusher."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from itsm_as_code.app.checkout import workspace

if __name__ == "__main__":
    at = datetime.fromisoformat(Path(sys.argv.pop(1)).read_text())
    workspace.now = lambda: at

    from itsm_as_code.cli.main import main

    main()
