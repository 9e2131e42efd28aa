// The order of plugins decides what a password alone is worth: refuses those in which a second factor can be gone around.
//
// BetterAuth runs the plugins' after-hooks in the order of the list, and it is an after-hook of twoFactor() that takes the session
// of a mere password back. A hook in front of it still sees that session: electron() gives the app its code, bearer() a token.
const SECOND_FACTOR = "two-factor";
const REFRESH_TOKENS = "refapp-refresh-tokens";

/** `plugins`, if their order is safe. Throws an Error that names the two plugins to exchange, and says why. */
export function inSafeOrder(plugins = []) {
  const place = (id) => plugins.findIndex((plugin) => plugin.id === id);
  const hooked = (among) => among.filter((plugin) => plugin.hooks?.after?.length).map((plugin) => plugin.id);
  const [early] = hooked(plugins.slice(0, Math.max(0, place(SECOND_FACTOR))));
  if (early)
    throw new Error(
      `the plugin ${early} stands before ${SECOND_FACTOR}: it would hand out a session for the password alone. ` +
        `Put ${SECOND_FACTOR} in front of every plugin that acts after a sign-in`,
    );
  const [late] = place(REFRESH_TOKENS) < 0 ? [] : hooked(plugins.slice(place(REFRESH_TOKENS) + 1));
  if (late)
    throw new Error(
      `the plugin ${late} stands behind ${REFRESH_TOKENS}: a refresh token would be given before ${late} has had its say. ` +
        `Put ${REFRESH_TOKENS} last`,
    );
  return plugins;
}
