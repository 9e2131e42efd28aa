// Runs the BetterAuth release that is installed beside this file.
import { getCurrentAdapter } from "@better-auth/core/context";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { APIError, createAuthEndpoint, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { getAuthTables } from "better-auth/db";
import * as plugins from "better-auth/plugins";
import * as z from "zod";
import { run } from "../run.mjs";

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

await run(kit);
