// Which plugins of BetterAuth run, and in which order: the one in which a second factor holds (plugin-order.mjs).
import { inSafeOrder } from "./plugin-order.mjs";
import { refreshTokens } from "./refresh-tokens.mjs";
import { singleToken } from "./single-token.mjs";

const DEVICE_CLIENT = "refapp";
const BROWSER_CLIENT = "electron";

// Top to bottom: what asks for a second factor, what checks before a sign-in, ways of signing in, what hands sessions to apps.
const MAKERS = {
  "two-factor": ({ kit, mail }) =>
    kit.plugins.twoFactor({ otpOptions: { sendOTP: ({ user, otp }) => mail.send(user.email, otp) } }),
  captcha: ({ kit, settings }) =>
    kit.plugins.captcha({
      provider: "hcaptcha",
      secretKey: "of the verifier",
      siteVerifyURLOverride: settings.captcha,
      endpoints: ["/sign-up/email", "/sign-in/email", "/sign-in/username", "/request-password-reset"], // username is not its default
    }),
  username: ({ kit }) => kit.plugins.username(),
  admin: ({ kit }) => kit.plugins.admin(),
  organization: ({ kit }) => kit.plugins.organization(),
  anonymous: ({ kit }) => kit.plugins.anonymous(),
  "magic-link": ({ kit, mail }) => kit.plugins.magicLink({ sendMagicLink: ({ email, token }) => mail.send(email, token) }),
  "email-otp": ({ kit, mail }) =>
    kit.plugins.emailOTP({ changeEmail: { enabled: true }, sendVerificationOTP: ({ email, otp }) => mail.send(email, otp) }),
  "phone-number": ({ kit, mail }) =>
    kit.plugins.phoneNumber({
      sendOTP: ({ phoneNumber, code }) => mail.send(phoneNumber, code),
      sendPasswordResetOTP: ({ phoneNumber, code }) => mail.send(phoneNumber, code),
      signUpOnVerification: { getTempEmail: (number) => `${number}@phone.example.com` },
    }),
  "one-time-token": ({ kit }) => kit.plugins.oneTimeToken(),
  "multi-session": ({ kit }) => kit.plugins.multiSession(),
  "generic-oauth": ({ kit, settings }) => kit.plugins.genericOAuth({ config: [provider(settings.provider)] }),
  // A passkey is for a name, never for an address of numbers.
  passkey: ({ kit, url }) => kit.plugins.passkey?.({ rpID: "localhost", rpName: "refapp", origin: url.replace("127.0.0.1", "localhost") }),
  bearer: ({ kit, settings }) => kit.plugins.bearer({ requireSignature: settings.requireSignature }),
  device: ({ kit, settings, url }) =>
    kit.plugins.deviceAuthorization({
      expiresIn: `${settings.deviceExpiresIn}s`,
      interval: `${settings.deviceInterval}s`,
      verificationUri: `${url}/device`,
      validateClient: (id) => id === DEVICE_CLIENT,
      schema: {}, // 1.4 insists on it
    }),
  electron: ({ kit }) => kit.plugins.electron?.({ clientID: BROWSER_CLIENT }),
  jwt: ({ kit, settings }) => kit.plugins.jwt({ jwt: { expirationTime: `${settings.jwtExpiresIn}s` } }),
  refresh: ({ kit, settings }) =>
    settings.mode === "single" ? singleToken(kit) : refreshTokens(kit, { expiresIn: settings.refreshExpiresIn, reuseWindow: settings.reuseWindow }),
};

/** All names, for the command line. */
export const PLUGINS = Object.keys(MAKERS);
const ALWAYS = ["username", "bearer", "device", "electron"];

/** The list for BetterAuth's option `plugins`. `--first` moves some to the front, for a test of the order. */
export function pluginsOf(kit, settings, url, mail) {
  const wanted = new Set([...ALWAYS, ...settings.with]);
  if (settings.jwt) wanted.add("jwt");
  if (settings.mode !== "sliding") wanted.add("refresh");
  const names = PLUGINS.filter((name) => wanted.has(name) && !settings.without.includes(name));
  names.sort((one, other) => settings.first.includes(other) - settings.first.includes(one));
  return inSafeOrder(names.map((name) => MAKERS[name]({ kit, settings, url, mail })).filter(Boolean));
}

function provider(issuer) {
  return {
    providerId: "example",
    clientId: "refapp",
    clientSecret: "a secret between two servers",
    authorizationUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/token`,
    userInfoUrl: `${issuer}/userinfo`,
    scopes: ["openid", "email", "profile"],
    pkce: true,
  };
}
