"""Approvals: one act, one verdict. Who decided what, judged by the rules at base; pure."""
