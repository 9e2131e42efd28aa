// BetterAuth behind Node's HTTP server on loopback. `kit` is the BetterAuth release to run (see main.mjs).
import { randomBytes, scryptSync } from "node:crypto";
import http from "node:http";
import { appApi } from "./app-api.mjs";
import { controlOf, tablesOf } from "./control.mjs";
import { pagesOf } from "./pages.mjs";
import { refreshTokens } from "./refresh-tokens.mjs";

const HOST = "127.0.0.1";
const DEVICE_CLIENT = "refapp";
const BROWSER_CLIENT = "electron";
const ACCOUNT = { name: "Ada Lovelace", email: "ada@example.com", password: "analytical engine", username: "ada" };

export async function serve(kit, settings) {
  const server = http.createServer();
  await new Promise((done, failed) => server.once("error", failed).listen(settings.port, HOST, done));
  const url = `http://${HOST}:${server.address().port}`;

  const tables = tablesOf("user", "account", "verification", "jwks", "deviceCode", "rateLimit", "refreshToken");
  const auth = kit.betterAuth(optionsOf(kit, settings, url, tables));
  await auth.$context; // plugins and adapter are set up here, not on the first request
  const { username, ...plain } = ACCOUNT;
  await auth.api.signUpEmail({ body: settings.without.includes("username") ? plain : { ...plain, username } });
  tables.session = []; // the sign-up of the demo account signed it in
  tables.refreshToken = [];

  const answerApp = appApi({
    sessionOf: (headers) => auth.api.getSession({ headers: kit.fromNodeHeaders(headers) }),
    jwtOf: async (headers) => {
      if (!settings.jwt) return null;
      const token = (headers.authorization ?? "").replace(/^bearer +/i, "");
      const verified = await auth.api.verifyJWT({ body: { token } }).catch(() => null);
      return verified?.payload ?? null;
    },
  });
  const controlKey = settings.control ? randomBytes(16).toString("base64url") : undefined;
  const answerControl = controlOf(tables);
  const answerPage = pagesOf(auth);
  const answerAuth = kit.toNodeHandler(auth);

  async function answer(request, response) {
    if (request.url.startsWith("/api/auth/")) return answerAuth(request, response);
    const isControl = request.url === "/control" && controlKey && request.headers["x-control-key"] === controlKey;
    const body = await bodyOf(request);
    const page = isControl ? null : await answerPage(request.method, new URL(request.url, url), body);
    if (page) return response.writeHead(page.status, page.headers).end(page.body);
    const [status, content] = isControl ? answerControl(body) : await answerApp(request, body);
    return content === null
      ? response.writeHead(status).end()
      : response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
  }
  server.on("request", (request, response) =>
    answer(request, response).catch((error) => {
      if (settings.log) console.error(error);
      if (!response.headersSent) response.writeHead(500).end();
    }),
  );

  process.on("SIGTERM", () => process.exit(0));
  if (settings.exitWithStdin) process.stdin.resume().on("end", () => process.exit(0));
  const { email, password } = ACCOUNT;
  console.log(`READY ${JSON.stringify({ url, pid: process.pid, email, password, controlKey, version: kit.version })}`);
}

function optionsOf(kit, settings, url, tables) {
  const secret = randomBytes(32).toString("base64url");
  const has = (plugin) => !settings.without.includes(plugin);
  const plugins = [];
  if (has("username")) plugins.push(kit.username());
  if (has("bearer")) plugins.push(kit.bearer({ requireSignature: settings.requireSignature }));
  if (has("device"))
    plugins.push(
      kit.deviceAuthorization({
        expiresIn: `${settings.deviceExpiresIn}s`,
        interval: `${settings.deviceInterval}s`,
        verificationUri: `${url}/device`,
        validateClient: (id) => id === DEVICE_CLIENT,
        schema: {}, // 1.4 insists on it
      }),
    );
  if (kit.electron && has("electron")) plugins.push(kit.electron({ clientID: BROWSER_CLIENT }));
  if (settings.jwt) plugins.push(kit.jwt({ jwt: { expirationTime: `${settings.jwtExpiresIn}s` } }));
  if (settings.mode !== "sliding")
    plugins.push(
      refreshTokens(kit, {
        mode: settings.mode,
        expiresIn: settings.refreshExpiresIn,
        reuseWindow: settings.reuseWindow,
        secret,
      }),
    );
  const cookieCache = settings.cookieCache > 0 ? { enabled: true, maxAge: settings.cookieCache } : { enabled: false };
  return {
    baseURL: url,
    secret,
    database: kit.memoryAdapter(tables),
    emailAndPassword: { enabled: true, ...(settings.scryptCost ? { password: hashing(settings.scryptCost) } : {}) },
    session: {
      expiresIn: settings.expiresIn,
      updateAge: settings.updateAge,
      freshAge: settings.freshAge,
      cookieCache,
      ...(settings.deferRefresh ? { deferSessionRefresh: true } : {}),
    },
    rateLimit: { enabled: settings.rateLimit },
    trustedOrigins: settings.trustedOrigins,
    telemetry: { enabled: false },
    logger: { disabled: !settings.log },
    plugins,
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

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
