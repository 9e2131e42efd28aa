// Speaks for @better-auth/electron to the conformance kit: `pytest features --sut 'node
// tests/peers/electron/adapter.mjs'`.
//
// The computer is here: its folder, the key in its keychain, its clock. The app is in app.mjs,
// Electron in stand-in/.
import { App } from "./app.mjs";
import { computer } from "electron";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", import.meta.url)));
const HELLO = {
  protocol: 1,
  implementation: "@better-auth/electron",
  version: `${packages["node_modules/@better-auth/electron"].version}, with Electron stood in for`,
  capabilities: ["token file", "window process", "keychain", "full disk", "time"],
  meanings: { unreachable: ["fetch failed"] },
};
const FILE = "config.json"; // conf's, of the client's own storage
const KEYCHAIN = { works: true, forgetful: true, locked: false, missing: false };

let server, running, token, windows, past, key, keychainAnswers;

const open = () => {
  close();
  computer.key = keychainAnswers ? key : null;
  try {
    running = new App(server);
  } catch ({ message }) {
    return { failed: `the app ended at its start: ${message}` };
  }
  windows += 1;
  return {};
};

const close = () => {
  if (!running) return;
  token = running.token;
  running.close();
  past = {
    shows: [...past.shows, ...running.view.shows],
    sent: [...past.sent, ...running.view.sent],
  };
  running = null;
};

const trouble = (state) => {
  if (!(state in KEYCHAIN)) return { "not offered": `a keychain that is ${state}` };
  // Electron reads the key once, at the start: what runs keeps it.
  keychainAnswers = KEYCHAIN[state];
  if (state === "forgetful") key = randomBytes(32);
  return {};
};

const report = () => {
  const { shows, says, sent } = running?.view ?? { shows: [], says: [], sent: [] };
  if (running) token = running.token;
  return {
    busy: running?.busy ?? false,
    waiting: running?.waiting ?? 0,
    shows: [...past.shows, ...shows],
    says,
    sent: [...past.sent, ...sent],
    notices: [],
    windows,
    tokens: token ? { access: token, refresh: token } : null,
    token_file: token ? FILE : null,
  };
};

const answer = (order) => {
  switch (order.do) {
    case "hello":
      return HELLO;
    case "start":
      [server, computer.home, computer.aheadMs, computer.diskIsFull] = [
        order.server,
        order.home,
        0,
        false,
      ];
      [running, token, windows, past] = [null, "", 0, { shows: [], sent: [] }];
      [key, keychainAnswers] = [randomBytes(32), true];
      break;
    case "open":
      return open();
    case "close":
    case "finish":
      close();
      break;
    case "keychain":
      return trouble(order.state);
    case "disk_full":
      computer.diskIsFull = true;
      break;
    case "pass_time":
      computer.aheadMs += order.seconds * 1000;
      break;
    case "sign_in":
      running.signIn(order.email, order.password);
      break;
    case "channel":
      // It keeps nothing for the window, and has no bridge for that.
      if (/"method": "storage_/.test(order.line))
        return { "not offered": "a store that the window can use" };
      running.say(order.line);
      break;
    case "at_once":
      return order.acts.map(answer).find((told) => told["not offered"]) ?? {};
    case "report":
      return report();
    default:
      if (order.button !== "sign out")
        return { "not offered": [order.do, order.button ?? order.how].filter(Boolean).join(" ") };
      running.signOut();
  }
  return {};
};

process.on("unhandledRejection", (error) => console.error(error));
for await (const line of createInterface({ input: process.stdin })) {
  // What an answer of the server has set off is done by then, or waits for the next one.
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  console.log(JSON.stringify(answer(JSON.parse(line))));
}
process.exit(0);
