// Where the tables are: in this process's memory, or in an SQLite file, which several servers may share (Node has SQLite itself
// from release 22 on; for older ones this is its WebAssembly build, so nothing native has to be compiled).
import { SqliteDialect } from "kysely";

const BUSY_MS = 10_000; // another process writes: wait so long for it

/** BetterAuth's option `database` for the file, which is made if it is not there. */
export async function databaseIn(file) {
  const { default: sqlite } = await import("node-sqlite3-wasm");
  const database = new sqlite.Database(file);
  database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  const plain = (values) => values.map((value) => (value instanceof Date ? value.toISOString() : value));
  const prepare = (sql) => ({
    reader: /^\s*(select|pragma|with)|\breturning\b/i.test(sql),
    all: (values) => database.all(sql, plain(values)),
    run: (values) => {
      const { changes, lastInsertRowId } = database.run(sql, plain(values));
      return { changes, lastInsertRowid: lastInsertRowId };
    },
  });
  return { dialect: new SqliteDialect({ database: { prepare, close: () => database.close() } }), type: "sqlite" };
}
