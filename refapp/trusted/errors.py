"""The trusted side's errors, split by whose fault it is and what the caller may do.
Each carries a sentence for people.

    RefappError
      ConfigError            the user's: a setting that can't be used; nothing was started
      StorageError           the desktop's: secure storage can't do it now; what is stored stays
        StorageUnavailable     no keychain service answers
        StorageInsecure        the keychain that was found does not encrypt
        StorageLocked          the keychain is locked
        StorageTimeout         the keychain did not answer in time
        StorageFault           the keychain or the disk failed in some other way
          NotAFile               what lies in a file's place can't be ours
        KeyMissing             tokens are on file, their key is gone from the keychain
        BlobDamaged            the token file can't be decrypted or read
        BlobTooNew             the token file was written by a newer version
        WriteFailed            the token file could not be written; the old one is whole
        WriteNotDurable        the new token file is in place, but the disk did not confirm it
        LockTimeout            another copy of the app holds the token file for too long
      WindowRefused          the desktop's: the window can't be confined, and is not started
      CallError              a call that needs a session could not be made (``auth_store`` says why)
        NoAccessToken          nobody is signed in
        SessionExpired         the server ended the session
        CannotTell             the server can't be reached, or did not answer as the server it is
        SessionClosed          the app is being closed, or was
      WrongLoop              the program's:
                             a session is used outside of the event loop that it was opened in

What a server answered is a value (``verdict``), not an exception.
``sentence`` never holds a secret or an exception's text.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from refapp.trusted.wording import (
    file_words,
    keychain_words,
    session_words,
    storage_words,
    window_words,
)

UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding JSON raises: broken UTF-8 and endless depth come as Python's own errors."""


class RefappError(Exception):
    """``code`` is a closed word;
    ``sentence`` and ``cure`` are for people: what happened, and what to do.
    """

    code: ClassVar[str] = "error"
    cure: str = ""

    def __init__(self, sentence: str, cure: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cure = cure or type(self).cure


class ConfigError(RefappError):
    """A setting that can't be used."""

    code = "config"


class StorageError(RefappError):
    """Secure storage can't do it now. Nothing stored was lost by the attempt (SS-6, SS-13)."""

    code = "fault"


class StorageUnavailable(StorageError):
    """No keychain service answers (SS-4)."""

    code = "unavailable"
    cure = keychain_words.CURE_UNAVAILABLE


class StorageInsecure(StorageError):
    """The keychain that was found does not encrypt (SS-8)."""

    code = "insecure"
    cure = keychain_words.CURE_INSECURE


class StorageLocked(StorageError):
    """The keychain is locked (SS-13)."""

    code = "locked"
    cure = keychain_words.CURE_LOCKED


class StorageTimeout(StorageError):
    """The keychain did not answer in time (SS-13)."""

    code = "timeout"
    cure = keychain_words.CURE_TIMEOUT


class StorageFault(StorageError):
    """The keychain failed in some other way; only the type of its error is kept."""

    code = "fault"
    cure = keychain_words.CURE_FAULT


class NotAFile(StorageFault):
    """What lies in a file's place can't be ours:
    a folder, a pipe, a device, or too much (SS-14).
    """

    code = "not_a_file"
    cure = file_words.CURE_NOT_A_FILE


class KeyMissing(StorageError):
    """Tokens are on file, their key is gone (SS-14)."""

    code = "key_missing"
    cure = storage_words.CURE_SIGN_IN_AGAIN


class BlobDamaged(StorageError):
    """The token file can't be decrypted or read (SS-14)."""

    code = "damaged"
    cure = storage_words.CURE_SIGN_IN_AGAIN


class BlobTooNew(StorageError):
    """The token file was written by a newer version (SS-14)."""

    code = "too_new"
    cure = storage_words.CURE_TOO_NEW


class WriteFailed(StorageError):
    """The token file could not be written; the old one is whole (SS-11)."""

    code = "write_failed"
    cure = file_words.CURE_NOT_WRITTEN


class WriteNotDurable(StorageError):
    """The change is made, but the disk did not confirm it (SS-11)."""

    code = "not_durable"
    cure = file_words.CHECK_THE_DISK


class LockTimeout(StorageError):
    """Another copy of the app holds the token file for too long."""

    code = "lock_timeout"
    cure = file_words.CURE_BUSY


class WindowRefused(RefappError):
    """The window process can't be confined, so it is not started (SB-3)."""

    code = "not_confined"
    cure = window_words.CURE_REFUSED


class CallError(RefappError):
    """A call that needs a session could not be made."""

    code = "call"


class NoAccessToken(CallError):
    """Nobody is signed in (RF-5).
    Where that is since secure storage can't be used, it says so, with the cure.
    """

    code = "no_access_token"

    def __init__(
        self,
        sentence: str = session_words.NO_ACCESS_TOKEN,
        cure: str = session_words.CURE_NO_ACCESS_TOKEN,
    ) -> None:
        super().__init__(sentence, cure)


class SessionExpired(CallError):
    """The server ended the session (RF-4)."""

    code = "session_expired"

    def __init__(self) -> None:
        super().__init__(session_words.EXPIRED_FOR_A_CALL)


class CannotTell(CallError):
    """The server can't be reached, or what answered is not the server (OF-2, OF-3).

    ``after``: seconds that it asked to wait before the next try, if it did (OF-7).
    """

    code = "cannot_tell"

    def __init__(self, sentence: str, after: float | None = None) -> None:
        super().__init__(sentence)
        self.after = after


class SessionClosed(CallError):
    """The app, or the program that uses the session, has closed it."""

    code = "closed"

    def __init__(self) -> None:
        super().__init__(session_words.CLOSED)


class WrongLoop(RefappError):
    """A session is used outside of the event loop that it was opened in. Nothing was done."""

    code = "wrong_loop"
    cure = session_words.CURE_WRONG_LOOP

    def __init__(self) -> None:
        super().__init__(session_words.WRONG_LOOP)
