"""What a window shows of a snapshot,
by the real window's widget names, for a window that has no widgets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from refapp.snapshot import StateParams
from refapp.untrusted.presentation.screens import covered_by, screen
from refapp.untrusted.presentation.view import Local, Screen


def screen_of(
    snapshot: StateParams, now: float = 0.0, before: Sequence[StateParams] = ()
) -> Screen:
    """All pages, with whatever a person would have them show. ``now``: unix seconds.

    ``before``: what the window showed until then, so that it says nothing twice.
    """
    local = Local(busy_long=True, now=now, apart=True)
    for one in (*before, snapshot):
        local = msgspec.structs.replace(local, covered=covered_by(one, local))
    return screen(snapshot, local)


def texts_of(
    snapshot: StateParams, now: float = 0.0, before: Sequence[StateParams] = ()
) -> Mapping[str, str]:
    """The texts of all pages (``screen_of``); what is empty is not there."""
    seen = screen_of(snapshot, now, before)
    account, form, profile = seen.account, seen.account.sign_in, seen.account.profile
    texts = {
        "title": seen.title,
        f"state:nav.{seen.page}": "selected",
        "warning": seen.warning,
        "banner": seen.banner.text if seen.banner else "",
        "banner.action": seen.banner.action.text if seen.banner and seen.banner.action else "",
        "notice": seen.notice.text if seen.notice else "",
        "account.button": f"{seen.header.name} · {seen.header.state}",
        "account.heading": account.heading,
        "account.message": account.message,
        "account.kept": account.kept,
        "account.history": "\n".join(account.history),
        "notes.list": "\n".join(row.title for row in seen.notes.rows),
        "notes.hint": seen.notes.limit,
        "apart": seen.apart.text if seen.apart else "",
        "sync.state": seen.services.sync.state,
        "sync.detail": seen.services.sync.detail,
        "assistant.state": seen.services.assistant.state,
        "assistant.detail": seen.services.assistant.detail,
        "inspector.checks": "\n".join(" | ".join(row) for row in seen.inspector.checks),
    }
    if form is not None:
        texts |= {
            "sign_in.heading": form.heading,
            "sign_in.email": form.email,
            "sign_in.password": "password: 0 characters",
            "sign_in.error": form.error,
            "sign_in.busy": form.busy,
            "sign_in.offer": form.offer.text if form.offer else "",
        }
    if form is not None and form.pending is not None:
        pending = form.pending
        texts |= {
            "sign_in.pending_heading": pending.heading,
            "sign_in.pending_text": pending.text,
            "sign_in.code": pending.code,
            "sign_in.link": pending.link,
            "sign_in.sentence": pending.sentence,
            "sign_in.left": pending.left,
        }
    if form is not None and form.second_factor is not None:
        asked = form.second_factor
        texts |= {
            "second_factor.text": asked.text,
            "second_factor.send": asked.send,
            "second_factor.sentence": asked.sentence,
            "second_factor.left": asked.busy or asked.left,
        }
        texts |= {
            f"second_factor.factor{number}": text
            for number, (_, text, _) in enumerate(asked.factors, start=1)
        }
    if profile is not None:
        texts |= {"profile.name": profile.name, "profile.email": profile.email}
        texts |= {
            f"profile.row{number}": text for number, (_, text) in enumerate(profile.rows, start=1)
        }
    sessions = account.sessions
    if sessions is not None:
        rows = "\n".join(f"{row.device} | {row.when}" for row in sessions.rows)
        texts |= {
            "sessions.list": rows,
            "sessions.sentence": sessions.sentence,
            "sessions.busy": sessions.busy,
        }
        texts["sessions.ask"] = sessions.ask
    return {name: text for name, text in texts.items() if text}
