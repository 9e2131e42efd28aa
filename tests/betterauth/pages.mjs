// The pages that BetterAuth leaves to the application: allow a device (/device), and sign in for the app that opened the browser
// (/sign-in). Same addresses, fields and outcomes as the embedded server's; each post carries e-mail and password.
const CLIENT = "electron";
const HEADERS = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "referrer-policy": "no-referrer" };
const CREDENTIALS = `<p><label>E-mail <input name="email" type="email" required></label>
<p><label>Password <input name="password" type="password" required></label>`;
const WRONG = "Wrong e-mail or password.";

const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const page = (title, content, status = 200) => ({
  status,
  headers: HEADERS,
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${content}</html>`,
});
const alert = (problem) => (problem ? `<p role="alert">${escaped(problem)}</p>` : "");

export function pagesOf(auth) {
  const deviceForm = (userCode, problem) =>
    page(
      "Sign in to the app",
      `${alert(problem)}<form method="post" action="/device">
<p><label>Code <input name="user_code" value="${escaped(userCode)}" required></label>${CREDENTIALS}
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
    );

  async function decide(form) {
    const { user_code: userCode, email, password, decision } = form;
    const signedIn = await auth.api.signInEmail({ body: { email, password } }).catch(() => null);
    if (!signedIn) return deviceForm(userCode, WRONG);
    const headers = new Headers({ authorization: `Bearer ${signedIn.token}` });
    try {
      await auth.api.deviceVerify({ query: { user_code: userCode }, headers });
      const verdict = decision === "allow" ? auth.api.deviceApprove : auth.api.deviceDeny;
      await verdict({ body: { userCode }, headers });
    } catch (error) {
      return deviceForm(userCode, error.body?.error_description ?? "This code can't be used.");
    } finally {
      await auth.api.signOut({ headers }); // the page signed in only to say who decides
    }
    return page("Done", `<p>The app ${decision === "allow" ? "is" : "was not"} signed in. You can close this page.`);
  }

  const signInForm = (query, problem) =>
    page(
      "Sign in to the app",
      `${alert(problem)}<form method="post" action="/sign-in?${escaped(query.toString())}">${CREDENTIALS}
<p><button>Sign in</button></form>`,
    );

  async function signIn(query, form) {
    const asked = Object.fromEntries(["client_id", "code_challenge", "state"].map((name) => [name, query.get(name)]));
    const body = { email: form.email, password: form.password };
    const signedIn = await auth.api.signInEmail({ body, query: asked }).catch(() => null);
    if (!signedIn) return signInForm(query, WRONG);
    await auth.api.signOut({ headers: new Headers({ authorization: `Bearer ${signedIn.token}` }) });
    const code = signedIn.electron_authorization_code;
    const back = query.get("redirect_uri");
    if (back && isLoopback(back))
      return { status: 303, headers: { ...HEADERS, location: `${back}?${new URLSearchParams({ code, state: asked.state })}` }, body: "" };
    const pasteable = Buffer.from(JSON.stringify({ identifier: code, state: asked.state })).toString("base64url");
    return page("Almost there", `<p>Copy this code and paste it into the app:<p><code>${pasteable}</code>`);
  }

  return async function answer(method, url, body) {
    const form = Object.fromEntries(new URLSearchParams(body));
    const query = url.searchParams;
    switch (`${method} ${url.pathname}`) {
      case "GET /device":
        return deviceForm(query.get("user_code") ?? "");
      case "POST /device":
        return decide(form);
      case "GET /sign-in":
      case "POST /sign-in":
        if (query.get("client_id") !== CLIENT || !query.get("code_challenge") || !query.get("state"))
          return page("This address is not complete", "<p>Start the sign-in in the app.", 400);
        return method === "GET" ? signInForm(query) : signIn(query, form);
      default:
        return null;
    }
  };
}

function isLoopback(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.protocol === "http:" && url.host === `127.0.0.1:${url.port}` && !url.search && !url.hash && !url.username;
}
