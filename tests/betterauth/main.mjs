// Runs the BetterAuth release that is installed beside this file.
import { electron } from "@better-auth/electron";
import { getCurrentAdapter } from "@better-auth/core/context";
import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { APIError, createAuthEndpoint, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { getAuthTables } from "better-auth/db";
import { getMigrations } from "better-auth/db/migration";
import * as plugins from "better-auth/plugins";
import * as z from "zod";
import { serve } from "./serve.mjs";
import { readSettings } from "./settings.mjs";

const kit = {
  version: "1.7.25",
  APIError,
  betterAuth,
  createAuthEndpoint,
  createAuthMiddleware,
  getAuthTables,
  getCurrentAdapter,
  getMigrations,
  getSessionFromCtx,
  memoryAdapter,
  plugins: { ...plugins, electron, passkey },
  z,
};

try {
  await serve(kit, readSettings());
} catch (error) {
  console.error(`The auth server can't start: ${error.message}`);
  process.exit(1);
}
