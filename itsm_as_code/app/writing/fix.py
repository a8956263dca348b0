"""`itsm fix`: makes the fixes that a machine can make. It shows them before it writes."""

from __future__ import annotations

from collections.abc import Sequence

from itsm_as_code.app.checking.files import check_files
from itsm_as_code.app.checking.whole import check_workspace
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.writing.fix_step import fix_step
from itsm_as_code.app.writing.rewritten import RewrittenFile, apply_fixes
from itsm_as_code.domain.errors import UsageFault


def fix(
    checkout: Checkout, files: Sequence[str], *, unsafe: bool, base: str | None = None
) -> tuple[tuple[RewrittenFile, ...], int]:
    """Returns the files that `fix` would write, with the fixes of all findings that do not touch the same place, and
    how many findings are left.

    With `base`, it fixes the step from there to the files here; see `app.writing.fix_step`.
    """
    if base is not None:
        if files:
            raise UsageFault("a step is fixed as a whole", hint="leave out the files, or leave out --base")
        return fix_step(checkout, base, unsafe=unsafe)
    report = check_files(checkout, files) if files else check_workspace(checkout)
    return apply_fixes(checkout.files, report, unsafe=unsafe)
