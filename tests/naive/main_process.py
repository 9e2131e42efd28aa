"""The recipe's main process: safeStorage and electron-store, the four functions over them, and the
five IPC handlers.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Result = dict[str, Any]


class SafeStorage:
    """Stands in for Electron's: one key in the keychain.
    ``state`` is the kit's word for how the keychain is.
    """

    def __init__(self) -> None:
        self.state = "works"
        self.key = AESGCM.generate_key(256)

    def is_encryption_available(self) -> bool:
        return self.state not in ("missing", "locked")

    def encrypt_string(self, text: str) -> bytes:
        if self.state == "failing":
            raise OSError("the keychain failed")
        nonce = os.urandom(12)
        return nonce + AESGCM(self.key).encrypt(nonce, text.encode(), None)

    def decrypt_string(self, data: bytes) -> str:
        if self.state == "failing":
            raise OSError("the keychain failed")
        return AESGCM(self.key).decrypt(data[:12], data[12:], None).decode()


class ElectronStore:
    """Stands in for electron-store: a JSON file that every change writes anew."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self._disk = disk

    def read(self) -> dict[str, Any]:
        return dict(json.loads(self.path.read_text())) if self.path.exists() else {}

    def write(self, content: dict[str, Any]) -> None:
        self._disk.check()
        new = self.path.with_suffix(".tmp")
        new.write_text(json.dumps(content))
        new.replace(self.path)

    def get(self, key: str) -> Any:
        return self.read().get(key)

    def set(self, key: str, value: Any) -> None:
        self.write({**self.read(), key: value})

    def delete(self, key: str) -> None:
        self.write({name: value for name, value in self.read().items() if name != key})

    def clear(self) -> None:
        self.write({})


class Disk:
    full = False

    def check(self) -> None:
        if self.full:
            raise OSError("No space left on device")


class SecureStorageService:
    def __init__(self, home: Path, safe_storage: SafeStorage, disk: Disk) -> None:
        self._safe_storage = safe_storage
        self.store = ElectronStore(home / "secure-tokens.json", disk)

    def is_available(self) -> bool:
        return self._safe_storage.is_encryption_available()

    def set_token(self, key: str, value: str) -> Result:
        if not self.is_available():
            return {"success": False, "error": "Secure storage not available"}
        try:
            self.store.set(key, base64.b64encode(self._safe_storage.encrypt_string(value)).decode())
        except (OSError, ValueError) as error:
            return {"success": False, "error": f"Encryption failed: {error}"}
        return {"success": True}

    def get_token(self, key: str) -> Result:
        if not self.is_available():
            return {"success": False, "error": "Secure storage not available"}
        try:
            found = self.store.get(key)
            if not found:
                return {"success": True}
            return {
                "success": True,
                "data": self._safe_storage.decrypt_string(base64.b64decode(found)),
            }
        except (OSError, ValueError, InvalidTag) as error:
            return {"success": False, "error": f"Decryption failed: {error}"}

    def delete_token(self, key: str) -> Result:
        try:
            self.store.delete(key)
        except (OSError, ValueError) as error:
            return {"success": False, "error": f"Delete failed: {error}"}
        return {"success": True}

    def clear_all_tokens(self) -> Result:
        try:
            self.store.clear()
        except (OSError, ValueError) as error:
            return {"success": False, "error": f"Clear failed: {error}"}
        return {"success": True}


class Ipc:
    """``ipcMain.handle`` and ``ipcRenderer.invoke``;
    ``sent`` is every answer that went over to the renderer.
    """

    def __init__(self, storage: SecureStorageService) -> None:
        self.sent: list[str] = []
        self._handlers: dict[str, Callable[..., Any]] = {
            "secure-storage:is-available": storage.is_available,
            "secure-storage:set": storage.set_token,
            "secure-storage:get": storage.get_token,
            "secure-storage:delete": storage.delete_token,
            "secure-storage:clear": storage.clear_all_tokens,
        }

    async def invoke(self, channel: str, *args: str) -> Any:
        answer = self._handlers[channel](*args)
        self.sent.append(json.dumps({"ipc": channel, "answer": answer}))
        return answer
