// The back door for tests: POST /control with the key that READY gave, {"do": "expire_access", "email": "..."}.
// It reaches into the memory adapter's tables, as a real server's operator would into a database.
import { AsyncLocalStorage } from "node:async_hooks";

// A server's time: tests let it go on, for all that is done in its name by whatever this process has imported.
const clocks = new AsyncLocalStorage();
const ahead = () => clocks.getStore()?.ahead ?? 0;
globalThis.Date = new Proxy(Date, {
  construct: (kind, given) => new kind(...(given.length ? given : [kind.now() + ahead()])),
  get: (kind, name) => (name === "now" ? () => kind.now() + ahead() : kind[name]),
});

/** A server's own clock: does `deed` in its time. */
export function clock() {
  const own = { ahead: 0 };
  return (deed) => clocks.run(own, deed);
}

const ANSWERED = new Set(["live_sessions", "last_mail", "endpoints"]);

export function controlOf(tables, auth, mail) {
  const userOf = ({ email }) => {
    const user = tables.user.find((row) => row.email === email);
    if (!user) throw new Error(`no account ${email}`);
    return user.id;
  };
  const rowsOf = (table, order) => (tables[table] ?? []).filter((row) => row.userId === userOf(order));
  // Before now: one that ends in this very millisecond is good until the next.
  const past = () => new Date(Date.now() - 1);
  const expire = (table, order) => rowsOf(table, order).forEach((row) => (row.expiresAt = past()));
  const remove = (table, order) => {
    const gone = rowsOf(table, order);
    if (tables[table]) tables[table] = tables[table].filter((row) => !gone.includes(row));
  };
  const orders = {
    expire_access: (order) => expire("session", order),
    expire_refresh: (order) => expire("refreshFamily", order),
    revoke_all: (order) => ["session", "refreshFamily"].forEach((table) => remove(table, order)),
    expire_devices: () => tables.deviceCode.forEach((row) => (row.expiresAt = past())),
    break_store: ({ broken = true }) => (tables.broken = broken),
    pass_time: ({ seconds }) => (clocks.getStore().ahead += 1000 * seconds),
    clear_faults: () => (tables.broken = false),
    last_mail: ({ email }) => mail.lastTo(email),
    make_admin: (order) => (tables.user.find((row) => row.id === userOf(order)).role = "admin"),
    endpoints: () => Object.keys(auth.api),
    live_sessions: (order) => rowsOf("session", order).filter((row) => row.expiresAt > new Date()).length,
  };
  return (body) => {
    try {
      const order = JSON.parse(body);
      if (!Object.hasOwn(orders, order.do)) throw new Error(`no order ${order.do}`);
      const result = orders[order.do](order);
      return [200, { done: ANSWERED.has(order.do) ? result : 1 }];
    } catch (error) {
      return [400, { message: error.message }];
    }
  };
}

/** The memory adapter's tables; while `broken` is set, the session table can't be reached. */
export function tablesOf(...names) {
  let sessions = [];
  const tables = Object.fromEntries(names.map((name) => [name, []]));
  const reachable = (value) => {
    if (tables.broken) throw new Error("the session store is broken");
    return value;
  };
  Object.defineProperty(tables, "broken", { value: false, writable: true, enumerable: false });
  Object.defineProperty(tables, "session", {
    enumerable: true,
    get: () => reachable(sessions),
    set: (rows) => (sessions = reachable(rows)),
  });
  return tables;
}
