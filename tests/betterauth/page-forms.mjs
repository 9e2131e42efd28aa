// The pages' HTML: plain forms. Whatever comes from outside is escaped.
import { PAGE_HEADERS } from "./front-door.mjs";

const escaped = (text) => String(text ?? "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function page(title, content, { status = 200, problem = "", headers = {}, cookies = [] } = {}) {
  const alert = problem ? `<p role="alert">${escaped(problem)}</p>` : "";
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><h1>${title}</h1>${alert}${content}</html>`;
  const all = new Headers({ ...PAGE_HEADERS, ...headers });
  for (const cookie of cookies) all.append("set-cookie", cookie);
  return new Response(body, { status, headers: all });
}

export function redirect(location, cookies = []) {
  const headers = new Headers({ ...PAGE_HEADERS, location });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

const field = (label, name, attributes) => `<p><label>${label} <input name="${name}" ${attributes} required></label>`;
const form = (action, content) => `<form method="post" action="${escaped(action)}">${content}</form>`;
const EMAIL = field("E-mail", "email", 'type="email" autocomplete="username"');
const PASSWORD = field("Password", "password", 'type="password" autocomplete="current-password"');
const NEW_PASSWORD = field("New password", "password", 'type="password" autocomplete="new-password" minlength="8"');

export const deviceForm = (userCode, more) =>
  page(
    "Sign in to the app",
    `<p>Go on only if the app shows this code, and you started the sign-in yourself.` +
      form("/device", `${field("Code", "user_code", `value="${escaped(userCode)}"`)}${EMAIL}${PASSWORD}
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>`),
    more,
  );

const passkeyButton = (deed, text) =>
  `<p><button type="button" data-passkey="${deed}">${text}</button> <output></output><script src="/passkey.js"></script>`;

/** `social`, `passkey`: what the server has. `query` is what the app asked, and goes along from page to page. */
export const signInForm = (query, { social, passkey, ...more }) =>
  page(
    "Sign in to the app",
    form(`/sign-in?${query}`, `${EMAIL}${PASSWORD}<p><button>Sign in</button>`) +
      (social ? form(`/sign-in/social?${query}`, `<p><button>Sign in with Example</button>`) : "") +
      (passkey ? passkeyButton("sign-in", "Sign in with a passkey") : "") +
      `<p><a href="/sign-up?${escaped(query)}">No account yet?</a> <a href="/reset?${escaped(query)}">Forgot your password?</a>`,
    more,
  );

export const signUpForm = (query, more) =>
  page("New account", form(`/sign-up?${query}`, `${field("Name", "name", 'autocomplete="name"')}${EMAIL}${NEW_PASSWORD}<p><button>Sign up</button>`), more);

export const resetForm = (query, more) =>
  page("Forgot your password?", form(`/reset?${query}`, `${EMAIL}<p><button>Send me a message</button>`), more);

export const newPasswordForm = (query, more) =>
  page("New password", form(`/new-password?${query}`, `${NEW_PASSWORD}<p><button>Change it</button>`), more);

/** `action`: where the code is posted. `methods`: BetterAuth's, what this account has. */
export const secondFactorForm = (action, methods, more) =>
  page(
    "One more step",
    form(
      action,
      `${field("Code", "code", 'autocomplete="one-time-code"')}
<p><label><input type="checkbox" name="trust" value="yes"> Trust this browser</label>
<p>${methods.includes("totp") ? `<button name="kind" value="totp">From the authenticator</button>` : ""}
${methods.includes("otp") ? `<button name="kind" value="otp">From the e-mail</button>` : ""}
<button name="kind" value="backup-code">A backup code</button>`,
    ) + (methods.includes("otp") ? form(action, `<p><button name="kind" value="send">Send me a code by e-mail</button>`) : ""),
    more,
  );

/** Somebody is signed in in this browser: a page of another site may have led here, so she says it herself. */
export const continueForm = (query, email, more) =>
  page("Go on in the app?", `<p>You are signed in as ${escaped(email)}.` + form(`/sign-in/continue?${query}`, `<p><button>Go on in the app</button>`), more);

export const passkeyForm = (more) => page("A passkey for your account", form("/passkey", `${EMAIL}${PASSWORD}<p><button>Sign in</button>`), more);

export const addPasskey = (cookies) => page("A passkey for your account", passkeyButton("add", "Add a passkey"), { cookies });

export const pasteForm = (code, more) => page("Almost there", `<p>Copy this code and paste it into the app:<p><code>${escaped(code)}</code>`, more);
