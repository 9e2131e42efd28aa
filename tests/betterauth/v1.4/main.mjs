// Runs the BetterAuth release that is installed beside this file.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { APIError, createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { fromNodeHeaders, toNodeHandler } from "better-auth/node";
import { bearer, deviceAuthorization, jwt, username } from "better-auth/plugins";
import * as z from "zod";
import { serve } from "../serve.mjs";
import { readSettings } from "../settings.mjs";

const kit = {
  version: "1.4.22",
  APIError,
  bearer,
  betterAuth,
  createAuthEndpoint,
  createAuthMiddleware,
  deviceAuthorization,
  fromNodeHeaders,
  jwt,
  memoryAdapter,
  toNodeHandler,
  username,
  z,
};

try {
  await serve(kit, readSettings());
} catch (error) {
  console.error(`The auth server can't start: ${error.message}`);
  process.exit(1);
}
