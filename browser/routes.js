// The portal's page routes, read from where they are declared, so that no test keeps a list of its own that goes stale.

import { readFile } from "node:fs/promises";

const PAGES = new URL("../adapters/web/src/pages.rs", import.meta.url);
const ADDRESSES = new URL("../adapters/web/src/pages/address.rs", import.meta.url);

// Every route that answers to GET, by its name in the source: `{ name, route }`, the route as in `/counsels/:counsel/cases`.
export async function pageRoutes() {
  const addresses = new Map();
  for (const [, name, route] of (await readFile(ADDRESSES, "utf8")).matchAll(/const (\w+): &str =\s*"([^"]+)"/g)) {
    addresses.set(name, route);
  }
  const declared = [...(await readFile(PAGES, "utf8")).matchAll(/\.at\(\s*route::(\w+),\s*(get|post)\(/g)];
  return declared.filter(([, , method]) => method === "get").map(([, name]) => ({ name, route: addresses.get(name) }));
}

// The route that a path under `/fr` or `/en` leads to: a fixed word goes before a placeholder, as in the portal.
export function routeOf(routes, path) {
  const parts = path.split("/").slice(2);
  const fits = ({ route }) => {
    const wanted = route.split("/").slice(1);
    return wanted.length === parts.length && wanted.every((part, at) => part.startsWith(":") || part === parts[at]);
  };
  const placeholders = ({ route }) => route.split(":").length;
  return routes.filter(fits).sort((a, b) => placeholders(a) - placeholders(b))[0];
}
