// The pages that BetterAuth leaves to the application: allow a device (/device), and sign in for the app that opened the browser
// (/sign-in, /sign-up, /reset, a second factor, a provider). Same addresses, fields and outcomes as the embedded server's.
//
// Every step is a request to BetterAuth's own handler with the browser's cookies, Origin and address, never a call of auth.api:
// that goes around the rate limit and the check of the Origin. A page signs in only to say who it is; once the app has its code the
// page's session ends. The way back is a loopback address alone (RFC 8252, 7.3), else the page shows the code to paste.
import { readFileSync } from "node:fs";
import { isForeignForm, isLoopback, PAGE_HEADERS } from "./front-door.mjs";
import * as forms from "./page-forms.mjs";

const CLIENT = "electron";
const SCRIPT = readFileSync(new URL("passkey.js", import.meta.url));
const WRONG = "Wrong e-mail or password.";
const FROM_BROWSER = ["cookie", "origin", "user-agent", "x-forwarded-for", "accept-language"];

export function pagesOf(auth, url) {
  const hasBrowserFlow = Boolean(auth.api.electronTransferUser);
  const has = (id) => auth.options.plugins.some((plugin) => plugin.id === id);
  const ways = { social: has("generic-oauth"), passkey: has("passkey") };

  /** One request to BetterAuth as the browser would send it; `headers` in place of the browser's. */
  async function ask(request, path, body, headers = {}) {
    const sent = new Headers(headers);
    for (const name of FROM_BROWSER) if (!sent.has(name) && request.headers.has(name)) sent.set(name, request.headers.get(name));
    if (body) sent.set("content-type", "application/json");
    const method = body ? "POST" : "GET";
    const answer = await auth.handler(new Request(`${url}/api/auth${path}`, { method, headers: sent, body: body && JSON.stringify(body) }));
    const content = await answer.json().catch(() => null);
    return { ok: answer.ok, status: answer.status, headers: answer.headers, content, cookies: answer.headers.getSetCookie() };
  }

  /** What the page says of a refusal, and the status to say it with. */
  function problemOf({ status, headers, content }, wrong = WRONG) {
    if (status === 429) {
      const seconds = headers.get("x-retry-after");
      return {
        status,
        problem: `Too many tries. Wait ${seconds ? `${seconds} seconds` : "a quarter of an hour"}, and try again.`,
        headers: seconds ? { "x-retry-after": seconds } : {},
      };
    }
    return { problem: status === 401 ? wrong : (content?.message ?? wrong) };
  }

  // The session that an answer of BetterAuth opened: as headers for the page's own requests, and the cookies for the browser.
  const own = ({ cookies }) => ({ headers: { cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; "), origin: url }, cookies });

  /** Ends it; the cookies for the browser after that (that it is trusted, say, but no session). */
  async function end(request, session) {
    const ended = await ask(request, "/sign-out", {}, session.headers);
    return [...session.cookies, ...ended.cookies];
  }

  /** After a password: a second factor, or what `then` makes of the session. `again` is the form with what was wrong. */
  async function signedIn(request, answer, action, then, again) {
    if (!answer.ok) return again(problemOf(answer));
    if (answer.content?.twoFactorRedirect)
      return forms.secondFactorForm(action, answer.content.twoFactorMethods ?? ["totp"], { cookies: answer.cookies });
    return then(own(answer));
  }

  async function secondFactor(request, form, action, then) {
    const kind = ["totp", "otp", "backup-code"].includes(form.kind) ? form.kind : null;
    const methods = ["totp", ...(auth.options.plugins.find((plugin) => plugin.id === "two-factor")?.options?.otpOptions ? ["otp"] : [])];
    const answer = kind
      ? await ask(request, `/two-factor/verify-${kind}`, { code: form.code ?? "", trustDevice: form.trust === "yes" })
      : await ask(request, "/two-factor/send-otp", {});
    if (answer.ok && kind) return then(own(answer));
    if (answer.ok) return forms.secondFactorForm(action, methods, { problem: "A code is on its way to you." });
    return forms.secondFactorForm(action, methods, problemOf(answer, answer.content?.message));
  }

  async function decide(request, { user_code: userCode, decision }, session) {
    const looked = await ask(request, `/device?${new URLSearchParams({ user_code: userCode })}`, null, session.headers);
    const verdict = decision === "allow" ? "approve" : "deny";
    const said = looked.ok ? await ask(request, `/device/${verdict}`, { userCode }, session.headers) : looked;
    const cookies = await end(request, session);
    if (!said.ok) return forms.deviceForm(userCode, { cookies, problem: said.content?.error_description ?? "This code can't be used." });
    const done = `<p>The app ${decision === "allow" ? "is" : "was not"} signed in. You can close this page.`;
    return forms.page("Done", done, { cookies });
  }

  async function handOver(request, query, session) {
    const { state, ...asked } = Object.fromEntries(["client_id", "code_challenge", "state"].map((name) => [name, query.get(name)]));
    const given = await ask(request, `/electron/transfer-user?${new URLSearchParams({ ...asked, state })}`, {}, session.headers);
    const code = given.content?.electron_authorization_code;
    const cookies = await end(request, session);
    if (!code) return forms.page("This did not work", `<p>The server could not hand the sign-in over. Start again in the app.`, { status: 502 });
    const back = query.get("redirect_uri");
    if (isLoopback(back)) return forms.redirect(`${back}?${new URLSearchParams({ code, state })}`, cookies);
    return forms.pasteForm(Buffer.from(JSON.stringify({ identifier: code, state })).toString("base64url"), { cookies });
  }

  async function signUp(request, query, form) {
    const answer = await ask(request, "/sign-up/email", { name: form.name, email: form.email, password: form.password });
    if (!answer.ok) return forms.signUpForm(query, problemOf(answer));
    if (answer.content.token) return handOver(request, query, own(answer));
    return forms.page("Almost there", `<p>Open the message that we sent you, then start the sign-in in the app again.`);
  }

  async function reset(request, query, form) {
    const answer = await ask(request, "/request-password-reset", { email: form.email, redirectTo: `${url}/new-password?${query}` });
    if (!answer.ok) return forms.resetForm(query, problemOf(answer));
    return forms.page("Look into your mail", `<p>If there is such an account, a message with a link is on its way.`);
  }

  async function newPassword(request, query, form) {
    const answer = await ask(request, "/reset-password", { newPassword: form.password, token: query.get("token") });
    if (!answer.ok) return forms.newPasswordForm(query, problemOf(answer, "This link was used, or is too old. Ask for another."));
    query.delete("token");
    return forms.signInForm(query, { ...ways, problem: "Your password is changed. Sign in with the new one." });
  }

  async function toProvider(request, query) {
    const back = `${url}/sign-in/continue?${query}`;
    const where = { callbackURL: back, errorCallbackURL: `${url}/sign-in?${query}` };
    const answer = auth.api.signInWithOAuth2
      ? await ask(request, "/sign-in/oauth2", { providerId: "example", ...where }) // 1.4
      : await ask(request, "/sign-in/social", { provider: "example", ...where });
    return answer.ok ? forms.redirect(answer.content.url, answer.cookies) : forms.signInForm(query, { ...ways, ...problemOf(answer) });
  }

  // The browser's own session: BetterAuth checks the Origin of the post, since a cookie comes with it.
  async function goOn(request, query, method) {
    const found = await ask(request, "/get-session");
    if (!found.content) return forms.signInForm(query, { ...ways, problem: "You are not signed in." });
    if (method === "GET") return forms.continueForm(query, found.content.user.email);
    const headers = { cookie: request.headers.get("cookie"), origin: request.headers.get("origin") ?? "null" };
    return handOver(request, query, { headers, cookies: [] });
  }

  async function forApp(request, { pathname, searchParams: query }, form) {
    const { method } = request;
    if (query.get("client_id") !== CLIENT || !query.get("code_challenge") || !query.get("state"))
      return forms.page("This address is not complete", "<p>Start the sign-in in the app.", { status: 400 });
    if (!hasBrowserFlow)
      return forms.page("Not on this server", "<p>This server can't hand a sign-in over to an app. Sign in with a password there.", { status: 501 });
    const then = (session) => handOver(request, query, session);
    const factorAt = `/sign-in/second-factor?${query}`;
    switch (`${method} ${pathname}`) {
      case "GET /sign-in":
        return forms.signInForm(query, ways);
      case "POST /sign-in": {
        const answer = await ask(request, "/sign-in/email", { email: form.email, password: form.password });
        return signedIn(request, answer, factorAt, then, (wrong) => forms.signInForm(query, { ...ways, ...wrong }));
      }
      case "POST /sign-in/second-factor":
        return secondFactor(request, form, factorAt, then);
      case "POST /sign-in/social":
        return toProvider(request, query);
      case "GET /sign-in/continue":
      case "POST /sign-in/continue":
        return goOn(request, query, method);
      case "GET /sign-up":
        return forms.signUpForm(query);
      case "POST /sign-up":
        return signUp(request, query, form);
      case "GET /reset":
        return forms.resetForm(query);
      case "POST /reset":
        return reset(request, query, form);
      case "GET /new-password":
        return forms.newPasswordForm(query);
      case "POST /new-password":
        return newPassword(request, query, form);
      default:
        return null;
    }
  }

  async function forDevice(request, { pathname, searchParams: query }, form) {
    const asked = { user_code: form.user_code ?? query.get("user_code") ?? "", decision: form.decision ?? query.get("decision") };
    const factorAt = `/device/second-factor?${new URLSearchParams(asked)}`;
    const then = (session) => decide(request, asked, session);
    switch (`${request.method} ${pathname}`) {
      case "GET /device":
        return forms.deviceForm(asked.user_code);
      case "POST /device": {
        const answer = await ask(request, "/sign-in/email", { email: form.email, password: form.password });
        return signedIn(request, answer, factorAt, then, (wrong) => forms.deviceForm(asked.user_code, wrong));
      }
      case "POST /device/second-factor":
        return secondFactor(request, form, factorAt, then);
      default:
        return null;
    }
  }

  async function forPasskey(request, { pathname }, form) {
    if (!ways.passkey) return null;
    switch (`${request.method} ${pathname}`) {
      case "GET /passkey.js":
        return new Response(SCRIPT, { headers: { ...PAGE_HEADERS, "content-type": "text/javascript" } });
      case "GET /passkey":
        return forms.passkeyForm();
      case "POST /passkey": {
        const answer = await ask(request, "/sign-in/email", { email: form.email, password: form.password });
        const then = (session) => forms.addPasskey(session.cookies);
        return signedIn(request, answer, "/passkey/second-factor", then, forms.passkeyForm);
      }
      case "POST /passkey/second-factor":
        return secondFactor(request, form, "/passkey/second-factor", (session) => forms.addPasskey(session.cookies));
      default:
        return null;
    }
  }

  const ROUTES = { passkey: forPasskey, "passkey.js": forPasskey, device: forDevice, "sign-in": forApp, "sign-up": forApp, reset: forApp, "new-password": forApp };
  return async function answer(request) {
    const asked = new URL(request.url);
    const route = ROUTES[asked.pathname.split("/")[1]];
    if (!route) return null;
    // BetterAuth checks the Origin where a cookie comes along. A form that brings none may make no account and use up no tries either.
    if (isForeignForm(request)) return forms.page("Not done", "<p>Another site sent this form. Nothing was done.", { status: 403 });
    const form = request.method === "POST" ? Object.fromEntries(new URLSearchParams(await request.clone().text())) : {};
    return route(request, asked, form);
  };
}
