// The application's own API behind BetterAuth's sessions: the same endpoints, bodies and limits as the embedded server's.
const MAX_BODY = 1024 * 1024;
const MAX_TEXT = 100_000;
const MAX_NOTES = 1000;
const UNAUTHORIZED = [401, { message: "Unauthorized", code: "UNAUTHORIZED" }];
const TOO_LARGE = [413, { message: "Too large", code: "TOO_LARGE" }];
const invalid = (message) => [400, { message, code: "VALIDATION_ERROR" }];

export function appApi({ sessionOf, jwtOf }) {
  const notesOf = new Map(); // user id -> note id -> note

  const listed = (userId) => {
    const notes = [...(notesOf.get(userId)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
    return [200, { notes, now: Date.now() / 1000 }];
  };

  function merge(userId, notes) {
    if (!notesOf.has(userId)) notesOf.set(userId, new Map());
    const kept = notesOf.get(userId);
    for (const { id, text, changedAt, deleted = false } of notes) {
      const old = kept.get(id);
      const later = !old || changedAt > old.changedAt || (changedAt === old.changedAt && text > old.text);
      if (later) kept.set(id, { id, text, changedAt, deleted });
    }
  }

  const routes = {
    "GET /app/me": ({ user }) => [200, { id: user.id, email: user.email, name: user.name }],
    "GET /app/notes": ({ user }) => listed(user.id),
    "PUT /app/notes": ({ user, body }) => {
      if (!Array.isArray(body?.notes) || !body.notes.every(isNote)) return invalid("[body.notes] Invalid input");
      if (body.notes.length > MAX_NOTES || body.notes.some((note) => note.text.length > MAX_TEXT)) return TOO_LARGE;
      merge(user.id, body.notes);
      return listed(user.id);
    },
    "POST /app/summarise": ({ body }) => {
      if (typeof body?.text !== "string") return invalid("[body.text] Invalid input: expected string");
      return body.text.length > MAX_TEXT ? TOO_LARGE : [200, { summary: summaryOf(body.text) }];
    },
  };

  return async function answer(request, body) {
    const path = request.url.split("?")[0];
    if (request.method === "GET" && path === "/app/jwt-me") {
      const claims = await jwtOf(request.headers);
      return claims ? [200, { id: claims.sub }] : UNAUTHORIZED;
    }
    const route = routes[`${request.method} ${path}`];
    if (!route) return [404, null];
    if (body.length > MAX_BODY) return TOO_LARGE;
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

const FIELDS = { id: "string", text: "string", changedAt: "number", deleted: "boolean" };

function isNote(note) {
  if (note === null || typeof note !== "object") return false;
  const known = Object.entries(note).every(([name, value]) => typeof value === FIELDS[name]);
  return known && ["id", "text", "changedAt"].every((name) => name in note);
}

function summaryOf(text) {
  const sentences = (text.match(/[^.!?\n]+[.!?]*/g) ?? []).map((found) => found.trim()).filter(Boolean);
  if (!sentences.length) return "Nothing to summarise.";
  const words = text.split(/\s+/).filter(Boolean).length;
  const many = (count) => (count === 1 ? "" : "s");
  return `${sentences[0]} (${sentences.length} sentence${many(sentences.length)}, ${words} word${many(words)})`;
}
