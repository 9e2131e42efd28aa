// A BetterAuth plugin for what the recipe takes for granted and BetterAuth does not have: POST /refresh, with rotation.
//
// A session that opens brings a refresh token in the header set-refresh-token, and with it a family: one row, which names the
// session that lives now and the number of the token that is good now. Token number N is FAMILY.N.MAC; it works once, for a new
// session and for number N+1. A used number that comes again is taken for theft and ends the family (RFC 9700, 4.14.2), unless it
// comes within the reuse window, while its successor is unused: then the same pair is given again. No token is kept, and only what
// this server made is read as one: whatever else is sent, a session's token or a token with something behind it, is refused.
//
// Invariants. The row decides, in one statement that only one process can win: no lock is needed, however many share the database.
// Whatever ends a session ends its family (session-ends.mjs), families first; a session that runs out ends none. A session that
// somebody impersonates, or that another plugin took back (a second factor is missing), brings no refresh token.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { inSafeOrder } from "./plugin-order.mjs";
import { sessionEnds } from "./session-ends.mjs";

const TABLE = "refreshFamily";
const PATH = "/refresh";
const REFUSED = { code: "INVALID_REFRESH_TOKEN", message: "Invalid or expired refresh token" };
const TOKEN = /^([0-9a-f]{32})\.(0|[1-9]\d{0,14})\.([\w-]{43})$/;

export function refreshTokens({ APIError, createAuthEndpoint, createAuthMiddleware, getCurrentAdapter, getSessionFromCtx, z }, { expiresIn, reuseWindow }) {
  const where = (fields) => Object.entries(fields).map(([field, value]) => ({ field, value }));
  const refuse = () => new APIError("UNAUTHORIZED", REFUSED);
  const later = () => new Date(Date.now() + expiresIn * 1000);
  const find = (ctx, fields) => ctx.adapter.findOne({ model: TABLE, where: where(fields) });

  const tokenOf = (ctx, family, number) => {
    const mac = createHmac("sha256", ctx.secret).update(`refresh:${family}.${number}`).digest("base64url");
    return `${family}.${number}.${mac}`;
  };

  /** Family and number of a token that this server made; null for anything else, to the last character. */
  function read(ctx, given) {
    const [, family, number] = TOKEN.exec(given) ?? [];
    if (!family) return null;
    const made = tokenOf(ctx, family, number);
    return timingSafeEqual(Buffer.from(made), Buffer.from(given)) ? { family, number: Number(number) } : null;
  }

  async function open(ctx, session) {
    const family = randomBytes(16).toString("hex");
    await ctx.adapter.deleteMany({
      model: TABLE,
      where: [...where({ userId: session.userId }), { field: "expiresAt", operator: "lt", value: new Date() }],
    });
    await ctx.adapter.create({
      model: TABLE,
      data: { family, number: 0, userId: session.userId, sessionToken: session.token, renewedAt: new Date(), expiresAt: later() },
    });
    return tokenOf(ctx, family, 0);
  }

  async function rotate(ctx, given) {
    const token = read(ctx, given);
    const row = token && (await find(ctx, { family: token.family }));
    if (!row) throw refuse();
    if (token.number !== row.number) return giveAgain(ctx, token);
    if (row.expiresAt < new Date()) throw refuse();
    // The new session first: if the session store fails, the token that was sent must not be spent.
    const session = await ctx.internalAdapter.createSession(row.userId);
    if (!(await isClaimed(ctx, token, session))) {
      await ctx.internalAdapter.deleteSession(session.token);
      return giveAgain(ctx, token);
    }
    await ctx.internalAdapter.deleteSession(row.sessionToken);
    return { session, refreshToken: tokenOf(ctx, token.family, token.number + 1) };
  }

  // The one statement that uses a token up: of two processes that hold the same one, the database lets one find its number.
  const isClaimed = async (ctx, { family, number }, session) =>
    Boolean(
      await ctx.adapter.updateMany({
        model: TABLE,
        where: where({ family, number }),
        update: { number: number + 1, sessionToken: session.token, renewedAt: new Date(), expiresAt: later() },
      }),
    );

  async function giveAgain(ctx, { family, number }) {
    const row = await find(ctx, { family });
    if (!row) throw refuse();
    const inTime = row.number === number + 1 && Date.now() - row.renewedAt < reuseWindow * 1000;
    const alive = inTime && (await ctx.internalAdapter.findSession(row.sessionToken));
    if (alive) return { session: alive.session, refreshToken: tokenOf(ctx, family, row.number) };
    await endFamily(ctx, row);
    throw refuse();
  }

  // The number is part of the condition: a family that is renewed meanwhile is read again, or its newest session would live on.
  async function endFamily(ctx, row) {
    for (let last = row; last; last = await find(ctx, { family: row.family })) {
      const { family, number, sessionToken } = last;
      if (!(await ctx.adapter.deleteMany({ model: TABLE, where: where({ family, number }) }))) continue;
      return void (await ctx.internalAdapter.deleteSession(sessionToken));
    }
  }

  const refresh = createAuthEndpoint(
    PATH,
    { method: "POST", body: z.object({ refreshToken: z.string().min(1) }) },
    async (ctx) => {
      ctx.setHeader("cache-control", "no-store");
      const { session, refreshToken } = await rotate(ctx.context, ctx.body.refreshToken);
      return ctx.json({ accessToken: session.token, refreshToken, expiresAt: session.expiresAt });
    },
  );

  const giveWithSession = createAuthMiddleware(async ({ context, setHeader }) => {
    const session = context.newSession?.session;
    if (!session || session.impersonatedBy) return;
    if (await find(context, { sessionToken: session.token })) return; // it is not new, its end has moved
    if (await context.internalAdapter.findSession(session.token)) setHeader("set-refresh-token", await open(context, session));
  });

  const ended = async (ctx, fields, but = {}) => {
    const spared = Object.entries(but).map(([field, value]) => ({ field, value, operator: "ne" }));
    // Inside of a transaction the rows are its own, or a database with one connection waits for itself.
    const adapter = await getCurrentAdapter(ctx.adapter);
    await adapter.deleteMany({ model: TABLE, where: [...where(fields), ...spared] });
  };

  const text = { type: "string", required: true };
  const date = { type: "date", required: true };
  const ends = sessionEnds({ createAuthMiddleware, getSessionFromCtx }, ended);
  return {
    id: "refapp-refresh-tokens",
    init: ({ options }) => void inSafeOrder(options.plugins),
    endpoints: { refappRefresh: refresh },
    schema: {
      [TABLE]: {
        fields: {
          family: { ...text, unique: true },
          number: { type: "number", required: true },
          userId: { ...text, index: true },
          sessionToken: { ...text, index: true },
          renewedAt: date,
          expiresAt: date,
        },
      },
    },
    hooks: {
      before: ends.before,
      after: [...ends.after, { matcher: (ctx) => ctx.path !== PATH, handler: giveWithSession }],
    },
    rateLimit: [{ pathMatcher: (path) => path === PATH, window: 10, max: 10 }],
  };
}
