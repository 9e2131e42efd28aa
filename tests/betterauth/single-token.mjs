// The recipe's single token as a BetterAuth plugin: POST /refresh exchanges the token of a live session for that of a new one.
// A session that has run out can't be exchanged, so this renews nothing that sliding would not; it is here for servers that do so.
import { createHmac, timingSafeEqual } from "node:crypto";

const REFUSED = { code: "INVALID_REFRESH_TOKEN", message: "Invalid or expired refresh token" };

export function singleToken({ APIError, createAuthEndpoint, z }) {
  /** The session token in `given`, raw or rightly signed; null for anything else. */
  function tokenIn(given, secret) {
    const [token, signature] = given.split(/\.(.*)/s);
    if (signature === undefined) return token;
    const right = Buffer.from(createHmac("sha256", secret).update(token).digest("base64"));
    const came = Buffer.from(signature.includes("%") ? decodeURIComponent(signature) : signature);
    return right.length === came.length && timingSafeEqual(right, came) ? token : null;
  }

  const refresh = createAuthEndpoint(
    "/refresh",
    { method: "POST", body: z.object({ refreshToken: z.string().min(1) }) },
    async (ctx) => {
      ctx.setHeader("cache-control", "no-store");
      const { adapter, internalAdapter, secret } = ctx.context;
      const token = tokenIn(ctx.body.refreshToken, secret);
      const session = token && (await internalAdapter.findSession(token))?.session;
      const alive = session && session.expiresAt > new Date() && !session.impersonatedBy;
      // Whoever deletes the row has the exchange: two that come at once don't both find it.
      if (!alive || !(await adapter.deleteMany({ model: "session", where: [{ field: "token", value: token }] })))
        throw new APIError("UNAUTHORIZED", REFUSED);
      const next = await internalAdapter.createSession(session.userId);
      return ctx.json({ accessToken: next.token, refreshToken: next.token, expiresAt: next.expiresAt });
    },
  );
  return { id: "refapp-single-token", endpoints: { refappRefresh: refresh } };
}
