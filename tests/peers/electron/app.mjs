// The app: BetterAuth's official client for Electron, set up as its documentation says, and a
// window that shows who is signed in.
import { electronClient } from "@better-auth/electron/client";
import { storage } from "@better-auth/electron/storage";
import { createAuthClient } from "better-auth/client";
import { app, ended, ipcRenderer, shell } from "electron";

const SCHEME = "com.example.app";

// One run of it, from its start until `close`. `view` is all that the window has shown and was
// sent; it knows nothing of tokens.
export class App {
  view = { shows: [], says: [], sent: [] };
  waiting = 0;
  #user = null;
  #atWork = 0;
  #end = new AbortController();

  constructor(server) {
    this.server = server;
    const protocol = { scheme: SCHEME };
    this.client = createAuthClient({
      baseURL: server,
      fetchOptions: { customFetchImpl: (...asked) => this.#fetch(...asked) },
      plugins: [electronClient({ signInURL: `${server}/sign-in`, protocol, storage: storage() })],
    });
    this.client.setupMain();
    this.#hear("authenticated", (user) => this.#show(user));
    this.#hear("user-updated", (user) => this.#show(user));
    this.#hear("error", ({ message }) => this.#show(this.#user, message));
    this.#draw("that it is loading");
    this.#begin(this.#invoke("getUser").then((user) => this.#show(user)));
  }

  get busy() {
    return this.#atWork > this.waiting;
  }

  // The session's token in the cookie that the client keeps; empty if there is none, or the client
  // can't read its file.
  get token() {
    try {
      const cookie = this.client.getCookie().match(/better-auth\.session_token=([^;]*)/)?.[1] ?? "";
      return decodeURIComponent(cookie).split(".")[0];
    } catch {
      return "";
    }
  }

  signIn(email, password) {
    this.#begin(this.#signIn({ email, password }));
  }

  signOut() {
    this.#begin(this.#invoke("signOut").then(() => this.#show(null)));
  }

  // The window's process says a line of its own.
  say(line) {
    this.#begin(this.#say(line));
  }

  // As a process's end: what is under way is cut off, and nothing comes after it.
  close() {
    ended();
    this.#end.abort();
  }

  async #fetch(address, options) {
    this.waiting += 1;
    try {
      const signal = AbortSignal.any([
        this.#end.signal,
        ...(options.signal ? [options.signal] : []),
      ]);
      const answer = await fetch(address, { ...options, signal });
      await answer.clone().arrayBuffer();
      return answer;
    } finally {
      this.waiting -= 1;
    }
  }

  #begin(work) {
    this.#atWork += 1;
    work.catch(({ message }) => this.#show(this.#user, message)).finally(() => (this.#atWork -= 1));
  }

  #draw(what, ...says) {
    if (this.#end.signal.aborted) return;
    this.view.shows.push(what);
    this.view.says = what === "the login form" ? [...says, "Sign in"] : says;
  }

  // The person, or the login form; and what went wrong, if anything did.
  #show(user, wrong) {
    this.#user = user;
    const named = user ? [user.name, user.email] : [];
    this.#draw(
      user ? `${user.name.split(" ")[0]} signed in` : "the login form",
      ...named,
      ...(wrong ? [wrong] : []),
    );
  }

  #hear(event, hear) {
    ipcRenderer.on(`better-auth:${event}`, (_event, value) => {
      this.view.sent.push(JSON.stringify({ event, value }));
      hear(value);
    });
  }

  async #invoke(channel) {
    const told = await ipcRenderer.invoke(`better-auth:${channel}`);
    this.view.sent.push(JSON.stringify({ channel, told }));
    return told;
  }

  async #say(line) {
    let asked = {};
    try {
      asked = JSON.parse(line);
      const result = await ipcRenderer.invoke(asked.method, asked.params);
      this.view.sent.push(JSON.stringify({ id: asked.id, result }));
    } catch ({ message }) {
      this.view.sent.push(JSON.stringify({ id: asked.id, error: { message } }));
    }
  }

  // The person goes through the browser: its page takes e-mail and password, hands a code over by a
  // link, and signs out again.
  async #signIn(credentials) {
    let address;
    shell.opened = (link) => (address = link);
    this.#draw("that a sign-in is under way");
    await this.#invoke("requestAuth");
    const page = await this.#inBrowser(`sign-in/email${new URL(address).search}`, credentials);
    const cookies = Object.fromEntries(
      page.headers.getSetCookie().map((line) => line.split(/[=;]/, 2)),
    );
    await this.#inBrowser(
      "sign-out",
      {},
      { cookie: `better-auth.session_token=${cookies["better-auth.session_token"]}` },
    );
    await app.openedLink(`${SCHEME}://auth/callback#token=${cookies["better-auth.electron"]}`);
  }

  #inBrowser(path, body, headers = {}) {
    return fetch(`${this.server}/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.server, ...headers },
      body: JSON.stringify(body),
      signal: this.#end.signal,
    });
  }
}
