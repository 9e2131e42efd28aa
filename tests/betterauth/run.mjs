// The process: one server, as the command line says; or, with --many, as many as are asked for on standard input.
import { createInterface } from "node:readline";
import { serve } from "./serve.mjs";
import { readSettings } from "./settings.mjs";

const ready = ({ close, ...said }) => `READY ${JSON.stringify(said)}`;

/** `kit` is the BetterAuth release to run (see main.mjs). */
export async function run(kit) {
  process.on("SIGTERM", () => process.exit(0));
  try {
    const settings = readSettings();
    if (settings.many) return await many(kit);
    if (settings.exitWithStdin) process.stdin.resume().on("end", () => process.exit(0));
    console.log(ready(await serve(kit, settings)));
  } catch (error) {
    console.error(whyNot(error));
    process.exit(1);
  }
}

// Each line is one order, answered by one line. Servers share the process, and nothing else: what BetterAuth keeps for the whole
// process (how often somebody tried, with --rate-limit) is no server's own, so such a server is to run alone.
async function many(kit) {
  const running = new Map(); // address -> how to close it
  const orders = {
    start: async (args) => {
      const server = await serve(kit, readSettings(args));
      running.set(server.url, server.close);
      return ready(server);
    },
    end: async (url) => {
      running.get(url)();
      running.delete(url);
      return `ENDED ${url}`;
    },
  };
  process.on("SIGINT", () => {}); // Ctrl-C is for whoever asks
  for await (const line of createInterface({ input: process.stdin })) {
    const [[order, what]] = Object.entries(JSON.parse(line));
    console.log(await orders[order](what).catch((error) => `FAILED ${JSON.stringify(whyNot(error))}`));
  }
  process.exit(0);
}

const whyNot = (error) => `The auth server can't start: ${error.message}`;
