"""Every message that may cross the channel. This docstring is the protocol; nothing else may cross.

JSON-RPC 2.0, one object a line, UTF-8, at most 1 MiB (``wire``). Requests go up, from the window;
results, errors and notifications go down, from the parent. Unions are closed: what is not listed
here is a protocol error.

The order at the start is part of the security (``trusted.window.ui_process`` enforces it):

1. ``hello`` up, at the window's first paint; ``Welcome`` down. Nothing else is answered yet.
2. ``confined`` up, once the window has locked itself;
   the parent checks that in /proc, whatever the window says.
3. ``initialize`` up. From now on the parent sends ``state``, a whole snapshot each time: the newest
   one replaces all others.

No message carries a token, a key, a verifier, a device code or the text of an exception. A password
crosses once, upwards, in ``sign_in``; so does a code that a person pastes, which is worth nothing
without the verifier, and a second factor's code, which is worth nothing without the server's
cookie; neither of these ever crosses. ``storage_get`` answers with a handle: a keyed fingerprint
that changes when the token does and says nothing about it.

| up (request)          | params                | result            | what it asks for                                      |
|-----------------------|-----------------------|-------------------|-------------------------------------------------------|
| hello                 | protocol, leaves      | Welcome           | is the parent there, and how should the window look    |
| confined              | checks                | Done              | the window says that it is locked                      |
| initialize            |                       | Done              | restore the session; runs once, however often asked    |
| sign_in               | email, password       | Done              | the outcome comes as ``state``                         |
| sign_in_elsewhere     | way                   | Done              | by browser or with a code; ``state`` has the link      |
| sign_in_open_link     |                       | Done              | the app opens the link of the pending sign-in          |
| sign_in_paste         | pasted                | Done              | the code that the page in the browser shows            |
| sign_in_second_factor | factor, code, trust   | Done              | the code that the server wants beside the password     |
| sign_in_send_code     |                       | Done              | such a code by e-mail                                  |
| sign_in_send_verification |                   | Done              | the message again that confirms an e-mail address       |
| sign_in_accept        |                       | Done              | go on as who signed in elsewhere, though another was here |
| sign_in_cancel        |                       | Done              | whichever way is pending                               |
| sign_out, try_again, restart, unlock_storage | | Done              | the outcome comes as ``state``                         |
| cancel_prompt         |                       | Done              | what is waited for is given up (``state`` says it) |
| keep_in_memory        |                       | Done              | without a keychain: a session of this run alone        |
| list_sessions         |                       | Done              | where the person is signed in; comes as ``state``      |
| revoke_session        | session               | Done              | sign out another session, by its id in the list        |
| revoke_other_sessions, sign_out_everywhere | | Done           | all others; all others and then here                   |
| dismiss               | notice                | Done              | the notice was read                                    |
| remember_window       | x, y, width, height, text, colours | Done | open it like that the next time                        |
| note_open             | note                  | NoteText          | the text of one note                                   |
| note_save             | note or null, text, owner | NoteSaved     | keep it, locally; null makes a new one, but without a text (Done): what was refused of one was taken back |
| note_delete           | note                  | Done              |                                                        |
| notes_apart           | answer                | Done              | notes beside hers: join, keep, or undo that            |
| sync_now              |                       | Done              | needs a session                                        |
| summarise             | note                  | Summary           | needs a session                                        |
| storage_is_available  |                       | StorageAnswer     | data is "true" or "false"                              |
| storage_set           | key, value            | StorageAnswer     | while signed out only                                  |
| storage_get           | key                   | StorageAnswer     | data is a handle, never the token                      |
| storage_delete, storage_clear | key / nothing | StorageAnswer     |                                                        |

Up without an id: ``shown`` (the window has drawn revision N; with the texts of its widgets if
``Welcome.observe``), ``pong``. Down without an id: ``state``, ``ping``, ``leave`` (the window saves
what it has, and ends; nothing else is taken then).
"""  # noqa: E501 - a row of the protocol is a line

from __future__ import annotations

from typing import Literal

from refapp.answers import (
    Answer as Answer,
    Done as Done,
    ErrorDetail as ErrorDetail,
    NoteSaved as NoteSaved,
    NoteText as NoteText,
    Result as Result,
    StorageAnswer as StorageAnswer,
    Summary as Summary,
    Welcome as Welcome,
)
from refapp.params import (
    Colours as Colours,
    ConfinedParams as ConfinedParams,
    DismissParams as DismissParams,
    HelloParams as HelloParams,
    NoteBody as NoteBody,
    NoteParams as NoteParams,
    NotesApartParams as NotesApartParams,
    NoteSaveParams as NoteSaveParams,
    Nothing as Nothing,
    PongParams as PongParams,
    SecondFactorParams as SecondFactorParams,
    SessionParams as SessionParams,
    ShownParams as ShownParams,
    SignInElsewhereParams as SignInElsewhereParams,
    SignInParams as SignInParams,
    SignInPasteParams as SignInPasteParams,
    StorageKeyParams as StorageKeyParams,
    StorageSetParams as StorageSetParams,
    WindowParams as WindowParams,
)
from refapp.snapshot import Closed, Id, StateParams

PROTOCOL = 1


class _Up(Closed, tag_field="method", frozen=True):
    """What the window may send. The tag is JSON-RPC's ``method``."""

    jsonrpc: Literal["2.0"]


class _Request(_Up, frozen=True):
    id: Id


class Hello(_Request, tag="hello", frozen=True):
    params: HelloParams


class Confined(_Request, tag="confined", frozen=True):
    params: ConfinedParams


class Initialize(_Request, tag="initialize", frozen=True):
    params: Nothing


class SignIn(_Request, tag="sign_in", frozen=True):
    params: SignInParams


class SignInElsewhere(_Request, tag="sign_in_elsewhere", frozen=True):
    params: SignInElsewhereParams


class SignInOpenLink(_Request, tag="sign_in_open_link", frozen=True):
    params: Nothing


class SignInPaste(_Request, tag="sign_in_paste", frozen=True):
    params: SignInPasteParams


class SignInSecondFactor(_Request, tag="sign_in_second_factor", frozen=True):
    params: SecondFactorParams


class SignInSendCode(_Request, tag="sign_in_send_code", frozen=True):
    params: Nothing


class SignInSendVerification(_Request, tag="sign_in_send_verification", frozen=True):
    params: Nothing


class SignInAccept(_Request, tag="sign_in_accept", frozen=True):
    params: Nothing


class SignInCancel(_Request, tag="sign_in_cancel", frozen=True):
    params: Nothing


class SignOut(_Request, tag="sign_out", frozen=True):
    params: Nothing


class TryAgain(_Request, tag="try_again", frozen=True):
    params: Nothing


class Restart(_Request, tag="restart", frozen=True):
    params: Nothing


class UnlockStorage(_Request, tag="unlock_storage", frozen=True):
    params: Nothing


class KeepInMemory(_Request, tag="keep_in_memory", frozen=True):
    params: Nothing


class CancelPrompt(_Request, tag="cancel_prompt", frozen=True):
    params: Nothing


class Dismiss(_Request, tag="dismiss", frozen=True):
    params: DismissParams


class RememberWindow(_Request, tag="remember_window", frozen=True):
    params: WindowParams


class ListSessions(_Request, tag="list_sessions", frozen=True):
    params: Nothing


class RevokeSession(_Request, tag="revoke_session", frozen=True):
    params: SessionParams


class RevokeOtherSessions(_Request, tag="revoke_other_sessions", frozen=True):
    params: Nothing


class SignOutEverywhere(_Request, tag="sign_out_everywhere", frozen=True):
    params: Nothing


class NoteOpen(_Request, tag="note_open", frozen=True):
    params: NoteParams


class NoteSave(_Request, tag="note_save", frozen=True):
    params: NoteSaveParams


class NoteDelete(_Request, tag="note_delete", frozen=True):
    params: NoteParams


class AnswerNotesApart(_Request, tag="notes_apart", frozen=True):
    params: NotesApartParams


class SyncNow(_Request, tag="sync_now", frozen=True):
    params: Nothing


class Summarise(_Request, tag="summarise", frozen=True):
    params: NoteParams


class StorageIsAvailable(_Request, tag="storage_is_available", frozen=True):
    params: Nothing


class StorageSet(_Request, tag="storage_set", frozen=True):
    params: StorageSetParams


class StorageGet(_Request, tag="storage_get", frozen=True):
    params: StorageKeyParams


class StorageDelete(_Request, tag="storage_delete", frozen=True):
    params: StorageKeyParams


class StorageClear(_Request, tag="storage_clear", frozen=True):
    params: Nothing


class Shown(_Up, tag="shown", frozen=True):
    params: ShownParams


class Pong(_Up, tag="pong", frozen=True):
    params: PongParams


Request = (
    Hello | Confined | Initialize | SignIn | SignInElsewhere | SignInOpenLink | SignInPaste
    | SignInSecondFactor | SignInSendCode | SignInSendVerification | SignInAccept | SignInCancel
    | SignOut | TryAgain | Restart | UnlockStorage | CancelPrompt | KeepInMemory | ListSessions
    | RevokeSession | RevokeOtherSessions | SignOutEverywhere | Dismiss | RememberWindow
    | NoteOpen | NoteSave | NoteDelete | AnswerNotesApart | SyncNow | Summarise
    | StorageIsAvailable | StorageSet | StorageGet | StorageDelete | StorageClear
)  # fmt: skip
Up = Request | Shown | Pong


class PingParams(Closed, frozen=True):
    n: Id


class _Down(Closed, tag_field="method", frozen=True):
    """What the parent may send unasked."""

    jsonrpc: Literal["2.0"] = "2.0"


class Snapshot(_Down, tag="state", kw_only=True, frozen=True):
    params: StateParams


class Ping(_Down, tag="ping", kw_only=True, frozen=True):
    params: PingParams


class Leave(_Down, tag="leave", kw_only=True, frozen=True):
    """The app or the window ends: save what there is and end. A window that does not is ended."""

    params: Nothing = Nothing()
