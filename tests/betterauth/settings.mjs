// The command line: each option's meaning is in README.md. Times are seconds.
import { parseArgs } from "node:util";
import { PLUGINS } from "./plugins.mjs";

const TEXT = { type: "string" };
const FLAG = { type: "boolean", default: false };
const OPTIONS = {
  port: { ...TEXT, default: "0" },
  mode: { ...TEXT, default: "sliding" },
  "expires-in": { ...TEXT, default: String(7 * 86400) },
  "update-age": { ...TEXT, default: "86400" },
  "fresh-age": { ...TEXT, default: "86400" },
  "refresh-expires-in": { ...TEXT, default: String(30 * 86400) },
  "reuse-window": { ...TEXT, default: "0" },
  "jwt-expires-in": { ...TEXT, default: "900" },
  "device-interval": { ...TEXT, default: "5" },
  "device-expires-in": { ...TEXT, default: "1800" },
  "cookie-cache": { ...TEXT, default: "0" },
  "scrypt-cost": { ...TEXT, default: "0" },
  "trusted-origin": { ...TEXT, multiple: true, default: [] },
  without: { ...TEXT, multiple: true, default: [] },
  with: { ...TEXT, multiple: true, default: [] },
  first: { ...TEXT, multiple: true, default: [] },
  provider: { ...TEXT, default: "" },
  captcha: { ...TEXT, default: "" },
  database: { ...TEXT, default: "" },
  secret: TEXT,
  "verify-email": FLAG,
  "passwords-off": FLAG,
  "require-signature": FLAG,
  "defer-refresh": FLAG,
  "rate-limit": FLAG,
  jwt: FLAG,
  control: FLAG,
  "exit-with-stdin": FLAG,
  many: FLAG,
  log: FLAG,
};
const MODES = ["sliding", "single", "rotating"];

export function readSettings(args = process.argv.slice(2)) {
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  const numberOf = (name) => {
    const number = Number(values[name]);
    if (Number.isNaN(number) || number < 0) throw new Error(`--${name} ${values[name]}: not a number`);
    return number;
  };
  if (!MODES.includes(values.mode)) throw new Error(`--mode ${values.mode}: one of ${MODES.join(", ")}`);
  for (const option of ["with", "without", "first"])
    for (const name of values[option])
      if (!PLUGINS.includes(name)) throw new Error(`--${option} ${name}: one of ${PLUGINS.join(", ")}`);
  return {
    port: numberOf("port"),
    mode: values.mode,
    expiresIn: numberOf("expires-in"),
    updateAge: numberOf("update-age"),
    freshAge: numberOf("fresh-age"),
    refreshExpiresIn: numberOf("refresh-expires-in"),
    reuseWindow: numberOf("reuse-window"),
    jwtExpiresIn: numberOf("jwt-expires-in"),
    deviceInterval: numberOf("device-interval"),
    deviceExpiresIn: numberOf("device-expires-in"),
    cookieCache: numberOf("cookie-cache"),
    scryptCost: numberOf("scrypt-cost"),
    without: values.without,
    with: values.with,
    first: values.first,
    provider: values.provider,
    captcha: values.captcha,
    database: values.database,
    secret: values.secret,
    verifyEmail: values["verify-email"],
    passwordsOff: values["passwords-off"],
    trustedOrigins: values["trusted-origin"],
    requireSignature: values["require-signature"],
    deferRefresh: values["defer-refresh"],
    rateLimit: values["rate-limit"],
    jwt: values.jwt,
    control: values.control,
    exitWithStdin: values["exit-with-stdin"],
    many: values.many,
    log: values.log,
  };
}
