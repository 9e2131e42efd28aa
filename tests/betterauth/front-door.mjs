// What comes before any endpoint, and what every page goes out with.
//
// A server on loopback must refuse a Host that is not its own: by DNS rebinding a page in the person's browser can reach it under
// the page's own name, and reads all answers. No request is read beyond 1 MiB, whoever sends it.
export const MOST_BYTES = 1024 * 1024;

export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; " +
    "form-action 'self' http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "same-origin", // with no-referrer a form's post says "Origin: null", which BetterAuth refuses
  "x-content-type-options": "nosniff",
};

const OWN_NAMES = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Whether `host`, a request's header, names this server: loopback at any port, a proxy may stand before it. */
export const isOwnHost = (host) => OWN_NAMES.has((host ?? "").replace(/:\d{1,5}$/, "").toLowerCase());

/** The body, or null if there is more of it than may be; the connection is then to be closed. */
export async function bodyOf(request) {
  if (Number(request.headers["content-length"]) > MOST_BYTES) return null;
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Whether a browser says of the form that it sends that another site's page had it sent. Older ones say nothing. */
export const isForeignForm = ({ method, headers }) =>
  method === "POST" && ["cross-site", "same-site"].includes(headers.get("sec-fetch-site"));

/** Is it `http://127.0.0.1:PORT/path`, letter for letter? Whatever a URL parser would mend is none. */
export function isLoopback(address) {
  const [, port] = /^http:\/\/127\.0\.0\.1:(\d{1,5})(?:\/[\w./~-]*)?$/.exec(address ?? "") ?? [];
  return port > 0 && port < 65536;
}
