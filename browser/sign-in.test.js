// REG-3, REG-5, REG-7: signing in through an OpenID Connect service, against a certified provider, with the portal as it runs in
// production: a configuration, a migrated database, no demonstration.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { look, openBrowser, openPage } from "./look.js";
import { picture } from "./picture.js";

const PROGRAM = process.env.MONDOSSIER_PORTAL_BIN ?? "../target/debug/portal";
const PROVIDER = new URL("../adapters/sign-in-services/tests/provider/", import.meta.url).pathname;

let browser;
let provider;
let portal;
let folder;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "portal-serve-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const client = {
    client_id: "mondossier",
    client_secret: "a secret that both know",
    redirect_uris: [`${address}/sign-in/gckey/callback`],
    post_logout_redirect_uris: [`${address}/fr/`, `${address}/en/`],
    id_token_signed_response_alg: "ES256",
  };
  provider = spawn("node", ["provider.js", JSON.stringify({ clients: [client] })], {
    cwd: PROVIDER,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const line = await createInterface({ input: provider.stdout })[Symbol.asyncIterator]().next();
  const { issuer } = JSON.parse(line.value);
  const configuration = join(folder, "portal.toml");
  await writeFile(
    configuration,
    `[server]
listen = "127.0.0.1:${port}"
https = false
public_url = "${address}"
[database]
url = "sqlite://${folder}/records.sqlite?mode=rwc"
[documents]
folder = "${folder}/documents"
key = "${"89abcdef01234567".repeat(4)}"
[email]
from = "ne-pas-repondre@tribunal.example"
[email.smtp]
host = "localhost"
[text_messages]
url = "https://gateway.example"
api_key = "a key"
access_code_template_fr = "modele"
access_code_template_en = "template"
[rolls]
folder = "${folder}"
[secrets]
key = "${"0123456789abcdef".repeat(4)}"
[receipts]
origin = "portal.example/log"
key = "${"fedcba9876543210".repeat(4)}"
[[sign_in.services]]
key = "partner"
french = "Partenaire de connexion"
english = "Sign-In Partner"
issuer = "${issuer}"
client_id = "mondossier"
client_secret = "a secret that both know"
[[sign_in.services]]
key = "gckey"
french = "CléGC"
english = "GCKey"
issuer = "${issuer}"
client_id = "mondossier"
client_secret = "a secret that both know"
`,
  );
  execFileSync(PROGRAM, ["migrate", "--config", configuration]);
  const served = spawn(PROGRAM, ["serve", "--config", configuration], { stdio: ["ignore", "inherit", "inherit"] });
  portal = { portal: address, process: served };
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`${address}/health/ready`).catch(() => undefined);
    if (ready?.ok) break;
    assert.ok(tries < 100, "the portal does not start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  provider?.stdin.end();
  portal?.process.kill();
  await rm(folder, { recursive: true, force: true });
});

// The provider's page asks for nothing but a form.
async function prove(page, fields) {
  await page.waitForURL(/\/interaction\//);
  const asked = JSON.parse(await page.locator("body").innerText());
  await page.evaluate((fields) => {
    const form = document.createElement("form");
    form.method = "post";
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      [input.name, input.value] = [name, value];
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }, fields);
  return asked.params;
}

test("REG-3, REG-5, REG-7: a person signs in with a service by its name, in their language, and out again", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  await page.goto("/fr/");
  await look(page, "home-services", { language: "fr" });
  await picture(page, "home", "fr");
  await page.getByRole("link", { name: "CléGC" }).click();
  const asked = await prove(page, { account: "somebody", locale: "en" });
  assert.match(asked.ui_locales, /^fr/);
  assert.equal(asked.code_challenge_method, "S256");
  await page.waitForURL(/\/register$/);
  assert.equal(await page.locator("h1").count(), 1);
  const cookies = await page.context().cookies(portal.portal);
  const session = cookies.find((cookie) => cookie.name === "mondossier");
  assert.ok(session.httpOnly && session.sameSite === "Lax");
  assert.ok(!cookies.some((cookie) => cookie.name === "mondossier-away"), "used once");
  await page.locator("header form button").click();
  await look(page, "signed-out", { language: "fr" });
  await page.getByRole("link", { name: "Se déconnecter du service" }).click();
  await page.waitForURL(/session\/end/);
  await page.goto("/fr/register");
  assert.equal((await page.locator("h1").innerText()).trim(), "Se connecter");
  await page.context().close();
});

test("a person who turns back, and an answer that nobody waits for, are told so in words", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await page.goto("/en/");
  await look(page, "home-services", { language: "en" });
  await picture(page, "home", "en");
  await page.getByRole("link", { name: "GCKey" }).click();
  await prove(page, { refuse: "yes" });
  await page.waitForURL(/callback/);
  assert.match(await page.locator("main").innerText(), /not completed/);
  await page.goto("/sign-in/gckey/callback?code=stolen&state=guessed");
  assert.match(await page.locator("main").innerText(), /not completed/);
  await look(page, "sign-in-not-completed", { language: "en" });
  await page.goto("/sign-in/nobody");
  assert.match(await page.locator("h1").innerText(), /not found/i);
  assert.equal((await fetch(`${portal.portal}/demo/mailbox`)).status, 404, "no demonstration in production");
  await page.context().close();
});
