// Runs the BetterAuth release that is installed beside this file.
import { electron } from "@better-auth/electron";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { APIError, createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { fromNodeHeaders, toNodeHandler } from "better-auth/node";
import { bearer, deviceAuthorization, jwt, username } from "better-auth/plugins";
import * as z from "zod";
import { serve } from "./serve.mjs";
import { readSettings } from "./settings.mjs";

const kit = {
  version: "1.7.25",
  APIError,
  bearer,
  betterAuth,
  createAuthEndpoint,
  createAuthMiddleware,
  deviceAuthorization,
  electron,
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
