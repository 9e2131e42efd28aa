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
import { run } from "./run.mjs";

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

await run(kit);
