// Stands in for Electron's main process under Node: the functions that @better-auth/electron calls,
// and no more.
//
// As in Electron: `safeStorage` seals with one key of the computer's keychain, which the app has
// since its start or not at all; `ipcMain` takes one handler a channel; what a page is sent arrives
// there. What is not here: windows that are drawn, the single-instance lock and the registration of
// a scheme (a link comes as the event that a second instance causes), the policy for what pages
// load, and the image proxy. The computer is stood in for too: its clock can be put ahead, its disk
// can be full.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

process.type = "browser"; // Electron's name for the main process

// `key`: what the keychain gave at the start, or null. The rest may change while the app runs.
export const computer = { home: "", key: null, aheadMs: 0, diskIsFull: false };

const now = Date.now.bind(Date);
globalThis.Date = class Shifted extends Date {
  static now() {
    return now() + computer.aheadMs;
  }
  constructor(...given) {
    super(...(given.length ? given : [Shifted.now()]));
  }
};

const write = fs.writeSync;
fs.writeSync = (...given) => {
  if (computer.diskIsFull)
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  return write(...given);
};
syncBuiltinESMExports();

const events = new EventEmitter();
const page = new EventEmitter();
const handlers = new Map();

// The process has ended: the next app starts with nothing of it.
export const ended = () => {
  events.removeAllListeners();
  page.removeAllListeners();
  handlers.clear();
  delete globalThis[Symbol.for("better-auth:electron")];
};

export const app = {
  userAgentFallback: "stand-in",
  getPath: () => computer.home,
  getName: () => "peer",
  getVersion: () => "1.0.0",
  whenReady: async () => {},
  setAsDefaultProtocolClient: () => true,
  requestSingleInstanceLock: () => true,
  quit: () => {},
  on: (name, heard) => events.on(name, heard),
  // The operating system opened `link`, and the instance that it started hands the link over and
  // ends.
  openedLink: (link) =>
    Promise.all(
      events.listeners("second-instance").map((heard) => heard({}, ["app", link], "", undefined)),
    ),
};

export const safeStorage = {
  isEncryptionAvailable: () => computer.key !== null,
  encryptString: (text) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", computer.key, iv);
    return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  },
  decryptString: (sealed) => {
    const opened = createDecipheriv("aes-256-gcm", computer.key, sealed.subarray(0, 12)).setAuthTag(
      sealed.subarray(-16),
    );
    return opened.update(sealed.subarray(12, -16), undefined, "utf8") + opened.final("utf8");
  },
};

export const ipcMain = {
  handle: (channel, handler) => {
    if (handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
};

// The page of the one window: `ipcRenderer`, as far as a preload script needs it.
export const ipcRenderer = {
  on: (channel, heard) => page.on(channel, heard),
  invoke: async (channel, ...values) => {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return structuredClone(await handler({}, ...values));
  },
};
const contents = { send: (channel, value) => page.emit(channel, {}, structuredClone(value)) };
export const webContents = { getFocusedWebContents: () => contents };
const theWindow = {
  webContents: contents,
  isMinimized: () => false,
  restore: () => {},
  focus: () => {},
};
export const BrowserWindow = { getAllWindows: () => [theWindow] };

// The person's browser: `opened` is told the address.
export const shell = { opened: () => {}, openExternal: async (address) => shell.opened(address) };
export const net = { fetch };
export const session = { defaultSession: { webRequest: { onHeadersReceived: () => {} } } };
export const protocol = { registerSchemesAsPrivileged: () => {}, handle: () => {} };
export default {
  app,
  safeStorage,
  ipcMain,
  ipcRenderer,
  webContents,
  BrowserWindow,
  shell,
  net,
  session,
  protocol,
};
