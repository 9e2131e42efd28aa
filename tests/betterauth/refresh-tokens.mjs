// A BetterAuth plugin for what the recipe takes for granted and BetterAuth does not have: POST /refresh, with rotation.
//
// Mode "rotating": a sign-in brings a one-time refresh token in the header set-refresh-token. It is exchanged for a new session
// and its successor; a used one that comes again ends its family (RFC 9700, 4.14.2), unless it comes within the reuse window
// while its successor is unused: then the same pair is given again. Only hashes are kept; the successor is derived from its
// predecessor, so that it can be given again without being kept. A session token is taken as well (the single-token pattern).
// Mode "single": no separate token; the session token is exchanged for that of a new session.
import { createHash, createHmac, randomBytes } from "node:crypto";

const TABLE = "refreshToken";
const REFUSED = { code: "INVALID_REFRESH_TOKEN", message: "Invalid or expired refresh token" };
const GIVES_SESSION = /^\/(sign-in|sign-up)\/|^\/(device|electron)\/token$/;
const ENDS_SESSION = new Set(["/sign-out", "/revoke-session", "/revoke-sessions", "/revoke-other-sessions"]);

const hashOf = (token) => createHash("sha256").update(token).digest("hex");
const rawOf = (token) => token.split(".")[0]; // what follows the dot of a session token is its signature
const bearerOf = (headers) => rawOf((headers?.get("authorization") ?? "").replace(/^bearer +/i, ""));

export function refreshTokens({ APIError, createAuthEndpoint, createAuthMiddleware, z }, { mode, expiresIn, reuseWindow, secret }) {
  const where = (fields) => Object.entries(fields).map(([field, value]) => ({ field, value }));
  const find = (ctx, token) => ctx.adapter.findOne({ model: TABLE, where: where({ hash: hashOf(token) }) });
  const forget = (ctx, fields) => ctx.adapter.deleteMany({ model: TABLE, where: where(fields) });
  const refuse = () => new APIError("UNAUTHORIZED", REFUSED);
  const successorOf = (token, family) => createHmac("sha256", secret).update(`refresh:${family}:${token}`).digest("base64url");

  const keep = (ctx, token, family, session, usedAt = null) =>
    ctx.adapter.create({
      model: TABLE,
      data: {
        hash: hashOf(token),
        family,
        userId: session.userId,
        sessionToken: session.token,
        expiresAt: new Date(Date.now() + expiresIn * 1000),
        usedAt,
      },
    });

  async function endFamily(ctx, family) {
    const rows = await ctx.adapter.findMany({ model: TABLE, where: where({ family }) });
    for (const row of rows) await ctx.internalAdapter.deleteSession(row.sessionToken);
    await forget(ctx, { family });
  }

  async function exchange(ctx, given, family, old) {
    // The new session first: if the session store fails, the token that was sent must not be spent.
    const session = await ctx.internalAdapter.createSession(old.userId);
    await ctx.adapter.update({ model: TABLE, where: where({ hash: hashOf(given) }), update: { usedAt: new Date() } });
    await ctx.internalAdapter.deleteSession(old.sessionToken);
    const successor = successorOf(given, family);
    await keep(ctx, successor, family, session);
    return { session, refreshToken: successor };
  }

  async function giveAgain(ctx, given, row) {
    const successor = successorOf(given, row.family);
    const next = await find(ctx, successor);
    const inTime = Date.now() - row.usedAt < reuseWindow * 1000;
    const alive = next && (await ctx.internalAdapter.findSession(next.sessionToken));
    if (inTime && alive && !next.usedAt) return { session: alive.session, refreshToken: successor };
    await endFamily(ctx, row.family);
    throw refuse();
  }

  async function fromSessionToken(ctx, given) {
    const token = rawOf(given);
    const found = await ctx.internalAdapter.findSession(token);
    if (!found || found.session.expiresAt < new Date()) throw refuse();
    const { session } = found;
    if (mode === "single") {
      await ctx.internalAdapter.deleteSession(session.token);
      const next = await ctx.internalAdapter.createSession(session.userId);
      return { session: next, refreshToken: next.token };
    }
    await forget(ctx, { sessionToken: session.token });
    const family = randomBytes(12).toString("hex");
    await keep(ctx, token, family, session, new Date());
    return exchange(ctx, token, family, { userId: session.userId, sessionToken: session.token });
  }

  async function rotate(ctx, given) {
    const row = mode === "rotating" ? ((await find(ctx, given)) ?? (await find(ctx, rawOf(given)))) : null;
    if (!row) return fromSessionToken(ctx, given);
    if (row.usedAt) return giveAgain(ctx, rawOf(given), row);
    if (row.expiresAt < new Date()) throw refuse();
    return exchange(ctx, given, row.family, row);
  }

  // One after the other: two that come at once with the same token must not both find it unused. This holds for one process;
  // several processes over one database need its transaction or row lock here.
  let last = Promise.resolve();
  const inTurn = (work) => (last = last.then(work, work));

  const refresh = createAuthEndpoint(
    "/refresh",
    { method: "POST", body: z.object({ refreshToken: z.string().min(1) }) },
    async (ctx) => {
      ctx.setHeader("cache-control", "no-store");
      const { session, refreshToken } = await inTurn(() => rotate(ctx.context, ctx.body.refreshToken));
      return ctx.json({ accessToken: session.token, refreshToken, expiresAt: session.expiresAt });
    },
  );

  // Who ends a session ends its refresh token: BetterAuth's own endpoints know of the session alone.
  const endWithSession = createAuthMiddleware(async (ctx) => {
    const own = bearerOf(ctx.headers);
    if (ctx.path === "/sign-out") return void (await forget(ctx.context, { sessionToken: own }));
    const user = (await ctx.context.internalAdapter.findSession(own))?.user;
    if (!user) return;
    const rows = await ctx.context.adapter.findMany({ model: TABLE, where: where({ userId: user.id }) });
    const ends = (token) => ctx.path === "/revoke-sessions" || (ctx.path === "/revoke-session" ? token === ctx.body?.token : token !== own);
    for (const row of rows) if (ends(row.sessionToken)) await forget(ctx.context, { hash: row.hash });
  });

  const giveWithSession = createAuthMiddleware(async (ctx) => {
    const { newSession } = ctx.context;
    if (!newSession) return;
    const token = randomBytes(32).toString("base64url");
    await keep(ctx.context, token, randomBytes(12).toString("hex"), newSession.session);
    ctx.setHeader("set-refresh-token", token);
  });

  const rotating = mode === "rotating";
  const text = { type: "string", required: true };
  return {
    id: "refapp-refresh-tokens",
    endpoints: { refappRefresh: refresh },
    schema: !rotating ? {} : {
      [TABLE]: {
        fields: {
          hash: { ...text, unique: true },
          family: text,
          userId: text,
          sessionToken: text,
          expiresAt: { type: "date", required: true },
          usedAt: { type: "date", required: false },
        },
      },
    },
    hooks: !rotating ? {} : {
      before: [{ matcher: (ctx) => ENDS_SESSION.has(ctx.path), handler: endWithSession }],
      after: [{ matcher: (ctx) => GIVES_SESSION.test(ctx.path ?? ""), handler: giveWithSession }],
    },
    rateLimit: [{ pathMatcher: (path) => path === "/refresh", window: 10, max: 10 }],
  };
}
