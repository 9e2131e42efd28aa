// BetterAuth behind Node's HTTP server on loopback. `kit` is the BetterAuth release to run (see main.mjs).
import { randomBytes, scryptSync } from "node:crypto";
import http from "node:http";
import { appApi } from "./app-api.mjs";
import { clock, controlOf, tablesOf } from "./control.mjs";
import { databaseIn } from "./database.mjs";
import { bodyOf, isOwnHost } from "./front-door.mjs";
import { mailbox } from "./mail.mjs";
import { pagesOf } from "./pages.mjs";
import { pluginsOf } from "./plugins.mjs";

const HOST = "127.0.0.1";
const ACCOUNT = { name: "Ada Lovelace", email: "ada@example.com", password: "analytical engine", username: "ada" };
const MISDIRECTED = [421, { message: "This server does not go by that name", code: "MISDIRECTED_REQUEST" }];
const TOO_LARGE = [413, { message: "Too large", code: "TOO_LARGE" }];

/** What there is to say of a server that serves, and how to `close` it. Nothing stays of one that can't start. */
export async function serve(kit, settings) {
  const server = http.createServer();
  await new Promise((done, failed) => server.once("error", failed).listen(settings.port, HOST, done));
  const close = () => void server.close().closeAllConnections();
  try {
    return { ...(await answering(server, kit, settings)), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function answering(server, kit, settings) {
  const url = `http://${HOST}:${server.address().port}`;
  const inOwnTime = clock();
  const mail = mailbox(settings);
  const options = optionsOf(kit, settings, url, mail);
  const tables = tablesOf(...Object.values(kit.getAuthTables(options)).map((table) => table.modelName), "rateLimit");
  options.database = settings.database ? await databaseIn(settings.database) : kit.memoryAdapter(tables);
  if (settings.database) await (await kit.getMigrations(options)).runMigrations();
  const auth = kit.betterAuth(options);
  const context = await auth.$context; // plugins and adapter are set up here, not on the first request
  const isThere = await context.internalAdapter.findUserByEmail(ACCOUNT.email);
  if (!isThere && !settings.passwordsOff) await addAccount(auth, settings, tables);

  const answerApp = appApi({
    sessionOf: (headers) => auth.api.getSession({ headers }),
    jwtOf: async (headers) => {
      if (!settings.jwt) return null;
      const token = (headers.get("authorization") ?? "").replace(/^bearer +/i, "");
      const verified = await auth.api.verifyJWT({ body: { token } }).catch(() => null);
      return verified?.payload ?? null;
    },
  });
  const controlKey = settings.control ? randomBytes(16).toString("base64url") : undefined;
  const answerControl = controlOf(tables, auth, mail);
  const answerPage = pagesOf(auth, url);

  async function answer(request, response) {
    if (!isOwnHost(request.headers.host) || !request.url.startsWith("/")) return respond(response, json(...MISDIRECTED));
    const body = await bodyOf(request);
    if (body === null) {
      response.setHeader("connection", "close");
      return respond(response, json(...TOO_LARGE));
    }
    const asked = asRequest(url, request, body);
    if (request.url.startsWith("/api/auth/")) return respond(response, await auth.handler(asked));
    if (request.url === "/control" && controlKey && request.headers["x-control-key"] === controlKey)
      return respond(response, json(...(await answerControl(body.toString()))));
    return respond(response, (await answerPage(asked)) ?? json(...(await answerApp(asked, body))));
  }
  server.on("request", (request, response) =>
    inOwnTime(() => answer(request, response)).catch((error) => {
      if (settings.log) console.error(error);
      if (!response.headersSent) response.writeHead(500).end();
    }),
  );

  const { email, password } = ACCOUNT;
  return { url, pid: process.pid, email, password, controlKey, version: kit.version };
}

async function addAccount(auth, settings, tables) {
  const { username, ...plain } = ACCOUNT;
  const named = settings.without.includes("username") ? plain : { ...plain, username };
  await auth.api.signUpEmail({ body: named });
  tables.session = []; // the sign-up of the demo account signed it in
  tables.refreshFamily = [];
}

function asRequest(url, { method, url: target, headers }, body) {
  const plain = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === "string") plain.set(name, value);
  const hasBody = method !== "GET" && method !== "HEAD" && body.length > 0;
  return new Request(url + target, { method, headers: plain, ...(hasBody ? { body } : {}) });
}

const json = (status, content) =>
  new Response(content === null ? null : JSON.stringify(content), {
    status,
    headers: content === null ? {} : { "content-type": "application/json" },
  });

async function respond(response, answer) {
  const body = Buffer.from(await answer.arrayBuffer());
  const { "set-cookie": _, ...headers } = Object.fromEntries(answer.headers);
  const cookies = answer.headers.getSetCookie();
  response.writeHead(answer.status, { ...headers, ...(cookies.length ? { "set-cookie": cookies } : {}) }).end(body);
}

function optionsOf(kit, settings, url, mail) {
  const cookieCache = settings.cookieCache > 0 ? { enabled: true, maxAge: settings.cookieCache } : { enabled: false };
  return {
    baseURL: url,
    secret: settings.secret ?? randomBytes(32).toString("base64url"),
    emailAndPassword: {
      enabled: !settings.passwordsOff,
      requireEmailVerification: settings.verifyEmail,
      revokeSessionsOnPasswordReset: true, // who resets a password may have lost it to somebody
      sendResetPassword: ({ user, token }) => mail.send(user.email, token),
      ...(settings.scryptCost ? { password: hashing(settings.scryptCost) } : {}),
    },
    emailVerification: {
      sendVerificationEmail: ({ user, token }) => mail.send(user.email, token),
      sendOnSignIn: true, // who comes back later would wait for a message that was lost
      autoSignInAfterVerification: true,
    },
    user: {
      changeEmail: { enabled: true, sendChangeEmailConfirmation: ({ user, token }) => mail.send(user.email, token) },
      deleteUser: { enabled: true },
    },
    session: {
      expiresIn: settings.expiresIn,
      updateAge: settings.updateAge,
      freshAge: settings.freshAge,
      cookieCache,
      ...(settings.deferRefresh ? { deferSessionRefresh: true } : {}),
    },
    rateLimit: { enabled: settings.rateLimit },
    trustedOrigins: [...settings.trustedOrigins, ...(settings.with.includes("passkey") ? [url.replace(HOST, "localhost")] : [])],
    telemetry: { enabled: false },
    logger: { disabled: !settings.log },
    plugins: pluginsOf(kit, settings, url, mail),
  };
}

// BetterAuth's own hashing takes a tenth of a second, which a test suite pays a thousand times.
function hashing(cost) {
  const keyOf = (password, salt) => scryptSync(password, salt, 32, { N: cost }).toString("hex");
  const hash = async (password) => {
    const salt = randomBytes(16).toString("hex");
    return `${salt}:${keyOf(password, salt)}`;
  };
  const verify = async ({ hash: kept, password }) => {
    const salt = kept.split(":")[0];
    return kept === `${salt}:${keyOf(password, salt)}`;
  };
  return { hash, verify };
}
