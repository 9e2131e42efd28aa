// Sees every end that BetterAuth gives to a session, and tells `ended(context, which[, but])` of those that somebody wished for.
//
// All of BetterAuth's endpoints, and those of its plugins, end sessions through four functions of its internal adapter; these are
// watched, so an endpoint need not be known here. A release with another such function is refused: nothing may end unseen.
// Deleting the row of a session that ran out is no wish, but for the endpoints that name the session which they end. `which` is
// {sessionToken} or {userId}; it is told before the session is deleted, so that nothing is renewed in between and outlives it.
const WATCHED = new Set(["deleteSession", "deleteSessions", "deleteUserSessions", "deleteUser"]);
const NAMES_SESSION = { "/revoke-session": "token", "/admin/revoke-user-session": "sessionToken", "/multi-session/revoke": "sessionToken" };

const rawOf = (token) => token?.split(".")[0]; // what follows the dot is its signature

export function sessionEnds({ createAuthMiddleware, getSessionFromCtx }, ended) {
  const watched = new WeakSet();

  function watch(context) {
    const store = context.internalAdapter;
    if (watched.has(store)) return;
    const unknown = Object.keys(store).filter((name) => /^(delete|revoke|end).*(Session|User$)/.test(name) && !WATCHED.has(name));
    if (unknown.length) throw new Error(`BetterAuth ends sessions by ${unknown.join(", ")}, which session-ends.mjs does not watch`);
    const { deleteSession, deleteSessions, deleteUserSessions, deleteUser } = store;
    store.deleteSession = async (token) => {
      const found = await store.findSession(token);
      const ranOut = found && found.session.expiresAt <= new Date();
      if (!ranOut) await ended(context, { sessionToken: token });
      return deleteSession(token);
    };
    store.deleteSessions = async (which) => {
      if (!Array.isArray(which)) await ended(context, { userId: which }); // 1.4
      else for (const sessionToken of which) await ended(context, { sessionToken });
      return deleteSessions(which);
    };
    for (const [name, end] of Object.entries({ deleteUserSessions, deleteUser }))
      if (end)
        store[name] = async (userId) => {
          await ended(context, { userId });
          return end(userId);
        };
    watched.add(store);
  }

  const startWatching = createAuthMiddleware(async (ctx) => watch(ctx.context));

  const endNamed = createAuthMiddleware(async (ctx) => {
    const named = ctx.body?.[NAMES_SESSION[ctx.path]];
    if (typeof named === "string") await ended(ctx.context, { sessionToken: named });
  });

  const endOwn = createAuthMiddleware(async (ctx) => {
    const bearer = /^bearer +(.+)$/i.exec(ctx.headers?.get("authorization") ?? "")?.[1];
    const cookie = await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret);
    for (const token of [bearer, cookie]) if (token) await ended(ctx.context, { sessionToken: rawOf(token) });
  });

  const endOthers = createAuthMiddleware(async (ctx) => {
    const own = await getSessionFromCtx(ctx);
    if (own) await ended(ctx.context, { userId: own.user.id }, { sessionToken: own.session.token });
  });

  return {
    before: [
      { matcher: () => true, handler: startWatching },
      { matcher: (ctx) => ctx.path in NAMES_SESSION, handler: endNamed },
      { matcher: (ctx) => ctx.path === "/sign-out", handler: endOwn },
    ],
    // Sessions that ran out have no row that it would find; their refresh tokens are others' all the same.
    after: [{ matcher: (ctx) => ctx.path === "/revoke-other-sessions", handler: endOthers }],
  };
}
