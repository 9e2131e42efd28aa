// Runs the BetterAuth release that is installed beside this file.
import { getCurrentAdapter } from "@better-auth/core/context";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { APIError, createAuthEndpoint, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { getAuthTables } from "better-auth/db";
import * as plugins from "better-auth/plugins";
import * as z from "zod";
import { serve } from "../serve.mjs";
import { readSettings } from "../settings.mjs";

const kit = {
  version: "1.4.22",
  APIError,
  betterAuth,
  createAuthEndpoint,
  createAuthMiddleware,
  getAuthTables,
  getCurrentAdapter,
  getSessionFromCtx,
  memoryAdapter,
  plugins: { ...plugins },
  z,
};

try {
  await serve(kit, readSettings());
} catch (error) {
  console.error(`The auth server can't start: ${error.message}`);
  process.exit(1);
}
