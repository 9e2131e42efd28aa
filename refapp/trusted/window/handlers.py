"""What each request of the window leads to: one handler per message, named after it.
``gate`` says when each is allowed.

Handlers validate nothing (``messages`` did) and decide nothing (``session`` does). One that waits
for nothing is no coroutine: it is answered on the spot, and one that returns nothing with ``Done``.
What goes back holds no secret: a storage ``get`` answers with a handle (SB-1).
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar, cast

from refapp import messages as m
from refapp.snapshot import Factor, Way
from refapp.trusted.errors import RefappError
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules import events as ev, pending as pn
from refapp.trusted.services.around import Around
from refapp.trusted.services.workspace import NoSuchNote
from refapp.trusted.shell.auth_store import AuthStore
from refapp.trusted.storage.secret import Credentials, FactorCode
from refapp.trusted.storage.secure_storage import SecureStorage, StorageResult
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.window.gate import Answered, Handler
from refapp.trusted.window.kept import Kept

R = TypeVar("R", bound=m.Request)


class Handlers:
    """``initialised`` is awaited when the window is ready for its first snapshot, ``changed``
    called when notes changed.

    ``unlocked`` hears what the keychain is after the person was asked to unlock it;
    ``used``, that she does something (LY-8).
    """

    def __init__(
        self,
        *,
        store: AuthStore,
        tokens: TokenService,
        storage: SecureStorage,
        around: Callable[[], Around],
        initialised: Callable[[], Awaitable[None]],
        kept: Kept,
        remember_window: Callable[[m.WindowParams], None],
        unlocked: Callable[[StorageState], None],
        changed: Callable[[], None],
        used: Callable[[], None],
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._storage = storage
        self._around = around
        self._initialised = initialised
        self._kept = kept
        self._remember_window = remember_window
        self._unlocked = unlocked
        self._changed = changed
        self._used = used

    def table(self) -> Mapping[type[m.Request], Handler]:
        """Request -> handler, for the gate."""

        def event(make: Callable[[], ev.Event]) -> Handler:
            return lambda _: self._store.dispatch(make())

        rows = dict(
            [
                _row(m.Initialize, self.on_initialize),
                _row(m.SignIn, self.on_sign_in),
                _row(m.SignInElsewhere, self.on_sign_in_elsewhere),
                _row(m.SignInOpenLink, event(pn.LinkAsked)),
                _row(m.SignInPaste, self.on_sign_in_paste),
                _row(m.SignInSecondFactor, self.on_sign_in_second_factor),
                _row(m.SignInSendCode, event(pn.CodeWanted)),
                _row(m.SignInSendVerification, event(pn.VerificationWanted)),
                _row(m.SignInAccept, event(pn.SignInAccepted)),
                _row(m.SignInCancel, event(pn.SignInCancelled)),
                _row(m.SignOut, event(ev.SignOutAsked)),
                _row(m.TryAgain, event(ev.TryAgainAsked)),
                _row(m.Restart, event(ev.RestartAsked)),
                _row(m.UnlockStorage, self.on_unlock_storage),
                _row(m.CancelPrompt, self.on_cancel_prompt),
                _row(m.KeepInMemory, self.on_keep_in_memory),
                _row(m.ListSessions, self.on_list_sessions),
                _row(m.RevokeSession, self.on_revoke_session),
                _row(m.RevokeOtherSessions, self.on_revoke_other_sessions),
                _row(m.SignOutEverywhere, self.on_sign_out_everywhere),
                _row(m.Dismiss, self.on_dismiss),
                _row(m.RememberWindow, self.on_remember_window),
                _row(m.NoteOpen, self.on_note_open),
                _row(m.NoteSave, self.on_note_save),
                _row(m.NoteDelete, self.on_note_delete),
                _row(m.AnswerNotesApart, self.on_notes_apart),
                _row(m.SyncNow, self.on_sync_now),
                _row(m.Summarise, self.on_summarise),
                _row(m.StorageIsAvailable, self.on_storage_is_available),
                _row(m.StorageSet, self.on_storage_set),
                _row(m.StorageGet, self.on_storage_get),
                _row(m.StorageDelete, self.on_storage_delete),
                _row(m.StorageClear, self.on_storage_clear),
            ]
        )
        return {kind: self._noticed(handle) for kind, handle in rows.items()}

    def _noticed(self, handle: Handler) -> Handler:
        """What is answered on the spot is a person's doing;
        what is awaited asks the server itself, if it has to.
        """
        if inspect.iscoroutinefunction(handle):
            return handle

        def noticing(request: m.Request) -> Answered | Awaitable[Answered]:
            came = handle(request)
            self._used()
            return came

        return noticing

    async def on_initialize(self, _: m.Initialize) -> None:
        await self._initialised()
        self._store.dispatch(ev.InitialiseAsked())

    def on_sign_in(self, request: m.SignIn) -> None:
        credentials = Credentials(request.params.email.strip(), request.params.password)
        self._store.dispatch(ev.SignInAsked(credentials))

    def on_sign_in_elsewhere(self, request: m.SignInElsewhere) -> None:
        self._store.dispatch(pn.SignInElsewhereAsked(Way(request.params.way)))

    def on_sign_in_paste(self, request: m.SignInPaste) -> None:
        self._store.dispatch(pn.CodePasted(request.params.pasted))

    def on_sign_in_second_factor(self, request: m.SignInSecondFactor) -> None:
        given = request.params
        self._store.dispatch(
            pn.CodeEntered(FactorCode.typed(Factor(given.factor), given.code, trust=given.trust))
        )

    async def on_unlock_storage(self, _: m.UnlockStorage) -> None:
        self._unlocked(await self._tokens.unlock())
        self._store.dispatch(ev.TryAgainAsked())

    async def on_keep_in_memory(self, _: m.KeepInMemory) -> None:
        await self._tokens.keep_in_memory()
        self._store.dispatch(ev.TryAgainAsked())

    def on_cancel_prompt(self, _: m.CancelPrompt) -> None:
        self._tokens.give_up_waiting()

    async def on_list_sessions(self, _: m.ListSessions) -> None:
        await self._around().own_sessions.look()

    async def on_revoke_session(self, request: m.RevokeSession) -> None:
        await self._around().own_sessions.revoke(request.params.session)

    async def on_revoke_other_sessions(self, _: m.RevokeOtherSessions) -> None:
        await self._around().own_sessions.revoke_others()

    async def on_sign_out_everywhere(self, _: m.SignOutEverywhere) -> None:
        if await self._around().own_sessions.revoke_others_before_sign_out():
            self._store.dispatch(ev.SignOutAsked())

    def on_dismiss(self, request: m.Dismiss) -> None:
        self._store.dispatch(ev.Dismissed(request.params.notice))

    def on_remember_window(self, request: m.RememberWindow) -> None:
        self._remember_window(request.params)

    def on_note_open(self, request: m.NoteOpen) -> m.Result:
        note = request.params.note
        return m.NoteText(note, self._around().workspace.text(note))

    def on_note_save(self, request: m.NoteSave) -> m.Result | None:
        params, workspace = request.params, self._around().workspace
        if params.note is None and not params.text:
            self._kept.given_up(params.owner)
            return None
        typed_into = params.owner if params.note is None else params.note
        try:
            note = workspace.of(params.owner).save(params.note, params.text)
        except RefappError as error:
            # What was written in a note that is gone comes back as a new one.
            self._kept.refused(
                params.owner if isinstance(error, NoSuchNote) else typed_into, error.sentence
            )
            raise
        self._kept.saved(typed_into)
        self._around().sync.note_changed()
        if params.owner is not None and params.owner != workspace.number:
            self._around().apart.look()
        self._changed()
        return m.NoteSaved(note)

    def on_note_delete(self, request: m.NoteDelete) -> None:
        self._around().workspace.delete(request.params.note)
        self._kept.given_up(request.params.note)
        self._around().sync.note_changed()
        self._changed()

    def on_notes_apart(self, request: m.AnswerNotesApart) -> None:
        around = self._around()
        answers = {"join": around.apart.join, "keep": around.apart.keep, "undo": around.apart.undo}
        try:
            answers[request.params.answer]()
        finally:
            around.apart.look()
            around.workspace.look()
            around.sync.note_changed()
            self._changed()

    async def on_sync_now(self, _: m.SyncNow) -> None:
        await self._around().sync.run()

    async def on_summarise(self, request: m.Summarise) -> m.Result:
        note = request.params.note
        around = self._around()
        notes = around.workspace
        return m.Summary(note, await around.assistant.summarise(notes.text(note), notes.owner))

    async def on_storage_is_available(self, _: m.StorageIsAvailable) -> m.Result:
        return _answer(await self._storage.is_available())

    async def on_storage_set(self, request: m.StorageSet) -> m.Result:
        return _answer(await self._storage.set(request.params.key, request.params.value))

    async def on_storage_get(self, request: m.StorageGet) -> m.Result:
        return _answer(await self._storage.handle(request.params.key))

    async def on_storage_delete(self, request: m.StorageDelete) -> m.Result:
        return _answer(await self._storage.delete(request.params.key))

    async def on_storage_clear(self, _: m.StorageClear) -> m.Result:
        return _answer(await self._storage.clear())


def _row(
    kind: type[R], handle: Callable[[R], Answered | Awaitable[Answered]]
) -> tuple[type[m.Request], Handler]:
    # The gate looks a handler up by the request's own type, so it never gets another.
    return cast("tuple[type[m.Request], Handler]", (kind, handle))


def _answer(answer: StorageResult) -> m.StorageAnswer:
    return m.StorageAnswer(answer.success, answer.data, answer.error)
