"""What a person reads in every phase."""

from __future__ import annotations

import time

import msgspec
import pytest

from refapp.snapshot import (
    Boundary,
    Check,
    DemoAccount,
    NoteSummary,
    Notice,
    PendingSignIn,
    Phase,
    Reason,
    Service,
    StateParams,
    Storage,
    User,
    Way,
)
from refapp.untrusted.presentation.screens import (
    BUSY,
    PROFILE_CARD,
    SHORT,
    SIGN_IN_CARD,
    busy_with,
    covered_by,
    initials,
    page_of,
    screen,
)
from refapp.untrusted.presentation.sign_in_screen import OFFERS, in_groups, missing, time_left
from refapp.untrusted.presentation.view import Action, Banner, Local, ServiceLine
from refapp.untrusted.wording import window_words

LOCKED = Storage(
    "locked", "Secret Service", "The keychain is locked.", "Unlock your keychain, then try again."
)
AVAILABLE = Storage("available", "Secret Service")


def state(phase: Phase, **changes: object) -> StateParams:
    ada = (
        None
        if phase in (Phase.SIGNED_OUT, Phase.UNAVAILABLE)
        else User("Ada Lovelace", "ada@example.com")
    )
    base = StateParams(
        revision=1,
        phase=phase,
        server="https://auth.example.com",
        version="0.1.0",
        user=ada,
        storage=LOCKED if phase is Phase.UNAVAILABLE else AVAILABLE,
        boundary=Boundary(
            verified=True,
            checks=[Check("System calls", held=True, detail="seccomp")],
            display="X11",
        ),
        sync=Service("ready"),
        assistant=Service("ready"),
    )
    return msgspec.structs.replace(base, **changes)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_title_a_page_and_its_cards(phase: Phase) -> None:
    shown = screen(state(phase), Local())
    assert shown.title == f"refapp - {SHORT[phase]}"
    assert shown.header.state == SHORT[phase]
    assert shown.page == page_of(state(phase))
    assert (shown.account.sign_in is not None) == (phase in SIGN_IN_CARD)
    known = state(phase).user is not None
    assert (shown.account.profile is not None) == (known and phase in PROFILE_CARD)


def test_who_can_not_open_her_keychain_can_sign_out_all_the_same() -> None:
    ada = User("Ada Lovelace", "ada@example.com")
    shown = screen(state(Phase.UNAVAILABLE, user=ada), Local())
    assert shown.account.profile is not None
    assert shown.account.profile.can_sign_out


def test_a_refused_sign_in_while_expired_stays_at_the_form_with_its_error() -> None:
    shown = screen(
        state(Phase.EXPIRED, expired=True, form_error="Invalid email or password"), Local()
    )
    assert shown.page == "account"
    assert shown.account.sign_in is not None
    assert shown.account.sign_in.error == "Invalid email or password"


def test_who_is_expired_may_sign_out_too() -> None:
    shown = screen(state(Phase.EXPIRED, expired=True), Local())
    assert shown.account.profile is not None
    assert shown.account.profile.can_sign_out


@pytest.mark.parametrize(
    ("phase", "text", "action"),
    [
        (
            Phase.OFFLINE,
            "Can't reach https://auth.example.com. You stay signed in; your notes are kept.",
            Action("Try again", 0, "try_again"),
        ),
        (
            Phase.EXPIRED,
            "Session expired. Sign in again to restore cloud features.",
            Action("Sign in", 2, "sign_in"),
        ),
        (
            Phase.UNAVAILABLE,
            "The keychain is locked. Unlock your keychain, then try again.",
            Action("Unlock", 0, "unlock_storage"),
        ),
        (Phase.AWAITING_RESTART, "Signed out. Restart to finish.", Action("Restart", 0, "restart")),
    ],
)
def test_trouble_that_stands_has_a_banner_with_one_action(
    phase: Phase, text: str, action: Action
) -> None:
    banner = screen(state(phase), Local()).banner
    assert banner is not None
    assert (banner.text, banner.action) == (text, action)


@pytest.mark.parametrize("phase", set(Phase) - {Phase.UNAVAILABLE})
def test_a_session_in_memory_alone_is_said_as_long_as_it_lasts_beside_any_trouble(
    phase: Phase,
) -> None:
    calm = state(phase)
    kept = msgspec.structs.replace(calm, storage=Storage("memory", "", "It ends with the app."))
    before, now = screen(calm, Local()).banner, screen(kept, Local()).banner
    assert now is not None
    assert now.text.endswith("It ends with the app.")
    assert now.action == (None if before is None else before.action)


@pytest.mark.parametrize(
    ("phase", "storage", "offered"),
    [
        (Phase.UNAVAILABLE, "unavailable", True),
        (Phase.UNAVAILABLE, "insecure", True),
        (Phase.UNAVAILABLE, "locked", False),
        (Phase.UNAVAILABLE, "timeout", False),
        (Phase.UNAVAILABLE, "fault", False),
        (Phase.SIGNED_OUT, "unavailable", False),
        (Phase.EXPIRED, "unavailable", False),
    ],
)
def test_memory_alone_is_offered_where_there_is_no_keychain_and_nowhere_else(
    phase: Phase, storage: str, offered: bool
) -> None:
    shown = screen(
        msgspec.structs.replace(state(phase), storage=Storage(storage, "", "It is so.")), Local()
    ).account
    assert shown.sign_in is not None
    ask = shown.sign_in.offer.ask if shown.sign_in.offer else ""
    assert (ask == "keep_in_memory", "memory alone" in shown.kept) == (offered, offered)


@pytest.mark.parametrize("phase", set(Phase))
def test_what_the_keychain_asks_comes_before_all_else_and_can_be_given_up(phase: Phase) -> None:
    calm = state(phase)
    asks = msgspec.structs.replace(
        calm, storage=msgspec.structs.replace(calm.storage, waiting="KeePassXC asks you.")
    )
    assert screen(asks, Local()).banner == Banner(
        "info", "KeePassXC asks you.", Action("Cancel", 0, "cancel_prompt")
    )


@pytest.mark.parametrize(
    "phase", set(Phase) - {Phase.OFFLINE, Phase.EXPIRED, Phase.UNAVAILABLE, Phase.AWAITING_RESTART}
)
def test_without_trouble_there_is_no_banner(phase: Phase) -> None:
    assert screen(state(phase), Local()).banner is None


def test_storage_that_is_not_locked_can_only_be_tried_again() -> None:
    gone = Storage("unavailable", "", "No keychain answers.", "Start one, then try again.")
    banner = screen(state(Phase.UNAVAILABLE, storage=gone), Local()).banner
    assert banner is not None
    assert banner.action is not None
    assert banner.action.ask == "try_again"
    assert banner.text == "No keychain answers. Start one, then try again."


def test_offline_says_why() -> None:
    cause = (
        "The file could not be written. Free some disk space, then try again. You stay signed in."
    )
    banner = screen(state(Phase.OFFLINE, sentence=cause), Local()).banner
    assert banner is not None
    assert banner.text == f"{cause.removesuffix('.')}; your notes are kept."


def test_offline_says_when_the_next_try_is() -> None:
    at = time.mktime((2026, 5, 4, 12, 30, 5, 0, 0, -1))
    banner = screen(state(Phase.OFFLINE, retry_at=at), Local()).banner
    assert banner is not None
    assert banner.text.endswith("Next try at 2026-05-04 12:30:05.")


@pytest.mark.parametrize("phase", BUSY)
def test_waiting_is_shown_only_when_it_is_long(phase: Phase) -> None:
    def busy(local: Local) -> str:
        account = screen(state(phase), local).account
        return (account.sign_in or account.profile).busy  # type: ignore[union-attr]

    assert busy(Local()) == ""
    assert busy(Local(busy_long=True)) == BUSY[phase]


def test_a_first_restore_without_a_known_person_is_waited_for_too() -> None:
    account = screen(state(Phase.RESTORING, user=None), Local(busy_long=True)).account
    assert (account.profile, account.heading, account.message) == (
        None,
        "",
        "Restoring your session…",
    )


def test_the_form_keeps_the_address_shows_the_error_and_is_closed_while_it_is_sent() -> None:
    refused = state(
        Phase.SIGNED_OUT, form_email="ada@example.com", form_error="Invalid email or password"
    )
    card = screen(refused, Local()).account.sign_in
    assert card is not None
    assert (card.email, card.error, card.enabled) == (
        "ada@example.com",
        "Invalid email or password",
        True,
    )
    sending = screen(state(Phase.SIGNING_IN), Local()).account.sign_in
    assert sending is not None
    assert not sending.enabled


def test_an_expired_session_asks_the_same_person() -> None:
    card = screen(state(Phase.EXPIRED, expired=True), Local()).account.sign_in
    assert card is not None
    assert (card.heading, card.email) == ("Sign in again", "ada@example.com")


def test_the_demo_account_is_offered_in_demo_mode_only() -> None:
    plain = screen(state(Phase.SIGNED_OUT), Local()).account.sign_in
    demo = state(Phase.SIGNED_OUT, demo=DemoAccount("demo@example.com", "correct horse"))
    offered = screen(demo, Local()).account.sign_in
    assert plain is not None
    assert offered is not None
    assert (plain.hint, plain.fill) == ("", None)
    assert "demo@example.com" in offered.hint
    assert offered.fill == ("demo@example.com", "correct horse")


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("", "", "Enter your e-mail address."),
        ("  ", "p", "Enter your e-mail address."),
        ("ada@example.com", "", "Enter your password."),
        ("ada@example.com", " ", ""),
    ],
)
def test_an_incomplete_form_is_not_sent(email: str, password: str, sentence: str) -> None:
    assert missing(email, password)[0] == sentence


def test_a_notice_is_shown_until_it_is_gone() -> None:
    said = Notice(4, "warning", "The server could not be told.")
    shown = screen(state(Phase.SIGNED_OUT, notice=said), Local()).notice
    assert shown is not None
    assert (shown.kind, shown.text, shown.number) == ("warning", said.text, 4)


def test_what_the_banner_says_is_not_said_twice_nor_later() -> None:
    said = Notice(4, "warning", "Session expired. Sign in again to restore cloud features.")
    expired = state(Phase.EXPIRED, notice=said)
    assert screen(expired, Local()).notice is None
    later = Local(covered=covered_by(expired, Local()))
    assert screen(state(Phase.SIGNED_IN, notice=said), later).notice is None
    other = Notice(5, "info", "Something else.")
    assert screen(state(Phase.SIGNED_IN, notice=other), later).notice is not None


def test_a_refused_request_is_explained() -> None:
    shown = screen(state(Phase.SIGNED_IN), Local(refusal="This is not possible now.")).notice
    assert shown is not None
    assert (shown.text, shown.number) == ("This is not possible now.", None)


def test_a_window_that_is_not_verified_says_so_for_good() -> None:
    off = Check("Sandbox", held=False, detail="Switched off.")
    loose = Boundary(verified=False, checks=[], display="", claims=[off])
    shown = screen(state(Phase.SIGNED_IN, boundary=loose), Local())
    assert shown.warning == window_words.NOT_SANDBOXED
    assert "NOT" in shown.inspector.verdict
    assert shown.inspector.checks == (("Sandbox", "✗ NOT enforced", "Switched off."),)
    assert screen(state(Phase.SIGNED_IN), Local()).warning == ""


def test_what_only_the_window_says_is_not_called_enforced() -> None:
    held = Check("No files", held=True)
    told = Boundary(verified=True, checks=[Check("Filter", held=True)], display="", claims=[held])
    shown = screen(state(Phase.SIGNED_IN, boundary=told), Local())
    assert shown.inspector.checks == (
        ("Filter", "✓ enforced", ""),
        ("No files", "says the window", ""),
    )


@pytest.mark.parametrize("phase", Phase)
def test_cloud_features_need_a_session(phase: Phase) -> None:
    services = screen(state(phase), Local()).services
    assert services.sync.usable == services.assistant.usable == (phase is Phase.SIGNED_IN)


def test_services_say_what_they_do() -> None:
    at_work = state(
        Phase.SIGNED_IN, sync=Service("busy"), assistant=Service("failed", "No answer.")
    )
    busy = screen(at_work, Local(busy_long=True)).services
    assert busy.sync == ServiceLine("Sync: working…", "", usable=False)
    assert busy.assistant == ServiceLine("Assistant: failed", "No answer.", usable=True)


def test_a_sync_that_is_done_at_once_is_not_shown_as_work() -> None:
    at_once = screen(state(Phase.SIGNED_IN, sync=Service("busy")), Local()).services.sync
    assert at_once == ServiceLine("Sync: ready", "Not synced yet.", usable=False)
    assert busy_with(state(Phase.SIGNED_IN, sync=Service("busy"))) == "sync"


def test_sync_says_when_it_last_ran() -> None:
    at = time.mktime((2026, 5, 4, 12, 30, 5, 0, 0, -1))
    assert screen(state(Phase.SIGNED_IN), Local()).services.sync.detail == "Not synced yet."
    ran = screen(state(Phase.SIGNED_IN, sync=Service("ready", done_at=at)), Local()).services.sync
    assert ran == ServiceLine("Sync: ready", "Last synced at 2026-05-04 12:30.", usable=True)


def test_services_without_a_session_say_how_to_have_them() -> None:
    off = screen(
        state(Phase.SIGNED_OUT, sync=Service("off"), assistant=Service("off")), Local()
    ).services
    assert off.sync == ServiceLine("Sync: off", "Sign in to use it.", usable=False)
    assert off.assistant == ServiceLine("Assistant: off", "Sign in to use it.", usable=False)


def test_where_the_key_is_kept_is_said_of_a_session_that_is_and_of_one_to_come() -> None:
    assert screen(state(Phase.SIGNED_IN), Local()).account.kept.startswith(
        "Your session is encrypted"
    )
    assert screen(state(Phase.SIGNED_OUT), Local()).account.kept.startswith(
        "Once you sign in, your session is encrypted"
    )


def test_what_the_banner_says_of_the_storage_is_not_said_again_below_the_form() -> None:
    locked = screen(state(Phase.UNAVAILABLE), Local())
    assert locked.account.kept == ""
    assert locked.inspector.kept == "The keychain is locked. Unlock your keychain, then try again."


def test_after_the_sign_out_the_account_page_says_what_is_left() -> None:
    account = screen(state(Phase.AWAITING_RESTART, user=None), Local()).account
    assert account.heading == "You are signed out"
    assert "your notes are kept" in account.message


def test_an_empty_list_says_that_notes_need_no_account() -> None:
    assert "with or without an account" in screen(state(Phase.SIGNED_OUT), Local()).notes.empty
    assert (
        screen(
            state(Phase.SIGNED_OUT, notes=[NoteSummary("0" * 12, "Old", 10.0)]), Local()
        ).notes.empty
        == ""
    )


def test_notes_are_listed_newest_first_and_closed_while_signing_out() -> None:
    notes = [NoteSummary("0" * 12, "Old", 10.0), NoteSummary("1" * 12, "", 20.0)]
    shown = screen(state(Phase.SIGNED_OUT, notes=notes), Local()).notes
    assert [row.title for row in shown.rows] == ["Untitled note", "Old"]
    assert shown.editable
    assert not screen(state(Phase.SIGNING_OUT), Local()).notes.editable


def test_a_keychain_s_trouble_is_the_banner_s_and_no_fault_of_the_password() -> None:
    locked = state(Phase.UNAVAILABLE, form_error="The keychain is locked.")
    card = screen(locked, Local()).account.sign_in
    assert card is not None
    assert (card.error, card.wrong) == ("", False)
    wrong = screen(
        state(Phase.SIGNED_OUT, form_error="Invalid", form_wrong=True), Local()
    ).account.sign_in
    assert wrong is not None
    assert (wrong.error, wrong.wrong) == ("Invalid", True)


@pytest.mark.parametrize(
    ("code", "shown"),
    [("WDJBMJHT", "WDJB MJHT"), ("ABC", "ABC"), ("ABCDEF", "ABCD EF"), ("WDJB-MJHT", "WDJB-MJHT")],
)
def test_a_code_is_read_in_groups_of_four(code: str, shown: str) -> None:
    assert in_groups(code) == shown


def test_a_long_name_is_shortened_in_the_bar_alone() -> None:
    shown = screen(state(Phase.SIGNED_IN, user=User("A" * 60, "a@example.com")), Local())
    assert shown.header.name == "A" * 29 + "…"
    assert shown.account.profile is not None
    assert shown.account.profile.name == "A" * 60


def test_the_history_starts_with_the_newest() -> None:
    shown = screen(
        state(Phase.SIGNED_OUT, history=[Reason(10, "First."), Reason(20, "Second.")]), Local()
    )
    assert [line.split("   ")[1] for line in shown.account.history] == ["Second.", "First."]


def test_a_pending_sign_in_says_what_to_do_and_how_long_it_waits() -> None:
    link = "https://auth.example.com/device"
    waits = PendingSignIn(Way.DEVICE, link, "WDJBMJHT", expires_at=1000.0, sentence="Offline.")
    card = screen(state(Phase.SIGNING_IN, pending=waits), Local(now=100.0)).account.sign_in
    assert card is not None
    assert card.pending is not None
    assert (card.pending.code, card.pending.link, card.pending.sentence) == (
        "WDJB MJHT",
        link,
        "Offline.",
    )
    assert card.pending.plain_code == "WDJBMJHT"
    assert (card.pending.left, card.pending.pastes, card.enabled) == (
        "15 minutes left.",
        False,
        False,
    )


def test_a_password_that_is_on_its_way_is_no_wait_for_another_place() -> None:
    card = screen(
        state(Phase.SIGNING_IN, pending=PendingSignIn(Way.PASSWORD)), Local()
    ).account.sign_in
    assert card is not None
    assert card.pending is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1800, "30 minutes left."),
        (91, "2 minutes left."),
        (90, "90 seconds left."),
        (0.2, "1 second left."),
        (-5, "0 seconds left."),
    ],
)
def test_time_left(seconds: float, text: str) -> None:
    assert time_left(1000.0 + seconds, 1000.0) == text
    assert time_left(None, 1000.0) == time_left(2000.0, 0.0) == ""


@pytest.mark.parametrize("action", OFFERS.values())
def test_every_offer_has_the_letter_that_it_underlines(action: Action) -> None:
    assert action.text[action.underline] in "bcU"


@pytest.mark.parametrize(
    ("name", "short"), [("Ada Lovelace", "AL"), ("ada", "A"), ("", ""), ("a b c", "AC"), (" ", "")]
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


def test_a_chosen_page_stays() -> None:
    chosen = msgspec.structs.replace(Local(), page="inspector")
    assert screen(state(Phase.SIGNED_OUT), chosen).page == "inspector"
