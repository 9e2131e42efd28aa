// The application's own API behind BetterAuth's sessions: the same endpoints, bodies and limits as the embedded server's.
const MAX_TEXT = 100_000;
const MAX_NOTES = 1000; // in one request
const MOST_KEPT = 2000; // of one user
const PAGE_NOTES = 500;
const PAGE_CHARACTERS = 256 * 1024;
const UNAUTHORIZED = [401, { message: "Unauthorized", code: "UNAUTHORIZED" }];
const TOO_LARGE = [413, { message: "Too large", code: "TOO_LARGE" }];
const now = () => Date.now() / 1000;
const invalid = (message) => [400, { message, code: "VALIDATION_ERROR" }];

export function appApi({ sessionOf, jwtOf }) {
  const notesOf = new Map(); // user id -> note id -> note

  const kept = (userId) => {
    if (!notesOf.has(userId)) notesOf.set(userId, new Map());
    return notesOf.get(userId);
  };
  const byRevision = (userId) => [...kept(userId).values()].sort((a, b) => a.revision - b.revision);
  const newest = (userId) => Math.max(0, ...[...kept(userId).values()].map((note) => note.revision));
  const alive = (userId) => [...kept(userId).values()].filter((note) => !note.deleted).length;

  // The revision of the note if it is as sent; null if it was changed from something else than what is here, or finds no room.
  function take(userId, { id, text, changedAt, deleted = false, revision = 0 }) {
    const old = kept(userId).get(id);
    if (deleted) text = "";
    if (old && old.text === text && old.deleted === deleted) return old.revision;
    if (!old && deleted) return 0;
    if (old && old.revision !== revision) return null;
    if (!deleted && (!old || old.deleted) && alive(userId) >= MOST_KEPT) return null;
    kept(userId).set(id, { id, text, changedAt, deleted, revision: newest(userId) + 1 });
    return newest(userId);
  }

  // The changes after `since`, as far as they fit into one answer.
  function page(userId, since) {
    const all = byRevision(userId);
    const found = all.filter((note) => note.revision > (since <= newest(userId) ? since : 0));
    let characters = 0;
    let count = 0;
    while (count < Math.min(found.length, PAGE_NOTES)) {
      characters += found[count].text.length;
      if (count && characters > PAGE_CHARACTERS) break;
      count += 1;
    }
    const more = count < found.length;
    const upTo = more ? found[count - 1].revision : newest(userId);
    return { notes: found.slice(0, count), upTo, more, room: MOST_KEPT - alive(userId) };
  }

  const routes = {
    "GET /app/me": ({ user }) => [200, { id: user.id, email: user.email, name: user.name }],
    "GET /app/notes": ({ user }) => [200, { notes: byRevision(user.id), now: now() }],
    "PUT /app/notes": ({ user, body }) => {
      if (!Array.isArray(body?.notes) || !body.notes.every(isNote)) return invalid("[body.notes] Invalid input");
      if (!Number.isInteger(body.since ?? 0)) return invalid("[body.since] Invalid input: expected int");
      if (body.notes.length > MAX_NOTES || body.notes.some((note) => note.text.length > MAX_TEXT)) return TOO_LARGE;
      const took = body.notes.map((note) => [note.id, take(user.id, note)]).filter(([, revision]) => revision !== null);
      const taken = Object.fromEntries(took);
      const { notes, ...rest } = page(user.id, body.since ?? 0);
      const news = notes.filter((note) => taken[note.id] !== note.revision);
      return [200, { taken, notes: news, ...rest, now: now() }];
    },
    "POST /app/summarise": ({ body }) => {
      if (typeof body?.text !== "string") return invalid("[body.text] Invalid input: expected string");
      return body.text.length > MAX_TEXT ? TOO_LARGE : [200, { summary: summaryOf(body.text) }];
    },
  };

  return async function answer(request, body) {
    const path = new URL(request.url).pathname;
    if (request.method === "GET" && path === "/app/jwt-me") {
      const claims = await jwtOf(request.headers);
      return claims ? [200, { id: claims.sub }] : UNAUTHORIZED;
    }
    const route = routes[`${request.method} ${path}`];
    if (!route) return [404, null];
    const found = await sessionOf(request.headers);
    if (!found) return UNAUTHORIZED;
    let parsed;
    try {
      parsed = body.length ? JSON.parse(body) : undefined;
    } catch {
      return [400, { message: "Invalid JSON in request body", code: "BAD_REQUEST" }];
    }
    return route({ user: found.user, body: parsed });
  };
}

// What the app could not read is not taken from others either: one such note, and it reads none of the answer.
const FIELDS = {
  id: (value) => typeof value === "string" && /^[0-9a-f]{12}$/.test(value),
  text: (value) => typeof value === "string",
  changedAt: (value) => typeof value === "number" && value >= 0 && value < 253_402_300_800, // the year 10000
  deleted: (value) => typeof value === "boolean",
  revision: (value) => Number.isSafeInteger(value) && value >= 0,
};

function isNote(note) {
  if (note === null || typeof note !== "object") return false;
  const known = Object.entries(note).every(([name, value]) => Object.hasOwn(FIELDS, name) && FIELDS[name](value));
  return known && ["id", "text", "changedAt"].every((name) => name in note);
}

function summaryOf(text) {
  const sentences = (text.match(/[^.!?\n]+[.!?]*/g) ?? []).map((found) => found.trim()).filter(Boolean);
  if (!sentences.length) return "Nothing to summarise.";
  const words = text.split(/\s+/).filter(Boolean).length;
  const many = (count) => (count === 1 ? "" : "s");
  return `${sentences[0]} (${sentences.length} sentence${many(sentences.length)}, ${words} word${many(words)})`;
}
