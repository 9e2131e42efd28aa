// The least that the kit can work with, for Node: the same app and adapter as in minimal.py. Copy it.
import { createInterface } from "node:readline";

class App {
  constructor(server, shows) {
    Object.assign(this, { server, shows, says: [], token: null, waiting: 0 });
    this.show("the login form");
  }

  show(what, ...says) {
    this.shows.push(what);
    this.says = what === "the login form" ? [...says, "Log in"] : says;
  }

  async fetch(method, path, body) {
    const headers = { "content-type": "application/json" };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    this.waiting += 1;
    try {
      const answer = await fetch(this.server + path, { method, headers, body: body && JSON.stringify(body) });
      return [answer.status, answer.ok ? await answer.json() : null];
    } finally {
      this.waiting -= 1;
    }
  }

  async signIn(email, password) {
    this.show("that a sign-in is under way");
    try {
      const [status, found] = await this.fetch("POST", "/api/auth/sign-in/email", { email, password });
      if (status !== 200) return this.show("the login form", "Wrong e-mail or password.");
      this.token = found.token;
      const [, { user }] = await this.fetch("GET", "/api/auth/get-session");
      this.show(`${user.name.split(" ")[0]} signed in`, user.name, user.email);
    } catch {
      this.show("the login form", "The server is not there.");
    }
  }

  async signOut() {
    await this.fetch("POST", "/api/auth/sign-out", {});
    this.token = null;
    this.show("the login form");
  }
}

let server, app, shows;
let atWork = 0;
const begin = (work) => {
  atWork += 1;
  work.catch((error) => console.error(error)).finally(() => (atWork -= 1));
};

function answer(order) {
  switch (order.do) {
    case "hello":
      return {
        protocol: 1,
        implementation: "minimal, in Node",
        version: "1",
        capabilities: ["memory", "password"],
        meanings: { "wrong credentials": ["Wrong e-mail or password."], unreachable: ["The server is not there."] },
      };
    case "start":
      [server, shows, app] = [order.server, [], null];
      return {};
    case "open":
      app = new App(server, shows);
      return {};
    case "close":
    case "finish":
      app = null;
      return {};
    case "sign_in":
      begin(app.signIn(order.email, order.password));
      return {};
    case "press":
      if (order.button !== "sign out") return { "not offered": `press ${order.button}` };
      begin(app.signOut());
      return {};
    case "report":
      return {
        busy: atWork > (app?.waiting ?? 0),
        waiting: app?.waiting ?? 0,
        shows,
        says: app?.says ?? [],
        notices: [],
        tokens: app?.token ? { access: app.token, refresh: app.token } : null,
      };
    default:
      return { "not offered": order.do };
  }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(answer(JSON.parse(line))));
process.exit(0);
