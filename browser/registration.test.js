// REG-1 … REG-6 and SEC-1 as people meet them: the registry opens a registration and sends a code, a person registers with it, wrong codes
// block, the help desk unblocks and resets. Also X-2: tokens in one's account.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();


test("REG-1, REG-2: the registry opens a registration and sends a code", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "registry");
  await page.click(".language");
  await look(page, "registrations", { language: "en" });
  await page.getByRole("link", { name: "Open a registration" }).click();
  await look(page, "registration-open", { language: "en" });
  await page.selectOption("#order", "cicc");
  await page.fill("#membership_number", "R600002");
  await page.fill("#given_name", "John");
  await page.fill("#family_name", "Smith");
  await page.fill("#email", "john.smith@firm.example");
  await page.fill("#cell", "514 555-0188");
  await page.check("#language-en");
  await page.fill("#identity_document", "passport");
  await page.click("form.stack button:not([type=button])");
  assert.match(await page.locator(".errors").innerText(), /good standing/);
  assert.equal(await page.inputValue("#family_name"), "Smith", "nothing that was typed is lost");
  await look(page, "registration-refused", { language: "en" });
  await page.fill("#membership_number", "R600001");
  await page.fill("#given_name", "Grace");
  await page.fill("#family_name", "Okonkwo");
  await page.click("form.stack button:not([type=button])");
  assert.equal(await page.locator("h1").innerText(), "Grace Okonkwo");
  await page.getByRole("button", { name: "Send an access code" }).click();
  assert.match(await page.locator(".success").innerText(), /on its way/);
  await look(page, "registration", { language: "en" });
  await page.click(".language");
  await look(page, "registration", { language: "fr" });
  await page.getByRole("button", { name: "Annuler le code" }).click();
  assert.match(await page.locator("dl").innerText(), /Pas encore de code/);
  await page.context().close();
});

test("REG-2, SEC-1: wrong codes block, the help desk unblocks, the right code registers", async () => {
  const code = await firstCode();
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "new-counsel");
  await look(page, "register", { language: "fr" });
  await page.click(".language");
  await look(page, "register", { language: "en" });
  await page.click(".language");
  for (let left = 4; left >= 1; left -= 1) {
    await page.fill("#access_code", "AAAA-AAAA");
    await page.check("#privacy_statement");
    // An impatient hand: its second click is no try of its own.
    await Promise.all([page.waitForEvent("load"), page.dblclick("form.card button")]);
    assert.match(await page.locator(".errors").innerText(), left === 1 ? /un essai/ : new RegExp(`${left} essais`));
  }
  await look(page, "register-wrong", { language: "fr" });
  await page.fill("#access_code", "AAAA-AAAA");
  await page.check("#privacy_statement");
  await page.click("form.card button");
  const lockCode = await page.locator(".confirmation").innerText();
  await look(page, "blocked", { language: "fr" });

  const helper = await openPage(browser, portal, { language: "en" });
  await signIn(helper, "help-desk");
  await look(helper, "help-desk", { language: "en" });
  await helper.fill("#q", "nonsense");
  await helper.click("form.filter button");
  await look(helper, "help-desk-unusable", { language: "en" });
  await helper.fill("#q", lockCode.toLowerCase().replace("-", " "));
  await helper.click("form.filter button");
  await look(helper, "help-desk-found", { language: "en" });
  await helper.locator(".cards a").click();
  await helper.getByRole("button", { name: "Unblock" }).click();
  await look(helper, "help-desk-unblocked", { language: "en" });

  await page.goto("/fr/register");
  await page.fill("#access_code", code);
  await page.check("#privacy_statement");
  await page.click("form.card button");
  assert.equal(await page.locator("h1").innerText(), "Mes dossiers");
  await look(page, "my-cases-none", { language: "fr" });

  await helper.goto("/en/help-desk");
  await helper.fill("#q", "NEW-COUNSEL@demonstration.example");
  await helper.click("form.filter button");
  await helper.locator(".cards a").click();
  await helper.click('button[value="reset"]');
  await helper.click('button[value="reset-sign-in"]');
  await look(helper, "help-desk-account", { language: "en" });
  await page.reload();
  assert.notEqual(await page.locator("h1").innerText(), "Mes dossiers", "a reset ends the session");
  await helper.context().close();
  await page.context().close();
});

// The code that the demonstration sent when it was loaded: it is the oldest message.
async function firstCode() {
  const answer = await fetch(`${portal.portal}/demo/text-messages`, { headers: { accept: "application/json" } });
  const messages = await answer.json();
  return messages.at(-1).body.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
}

test("X-2: counsel makes a token, sees it once, and revokes it", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "counsel-b");
  await page.goto("/en/account");
  await page.fill("#label", "Software of the firm");
  await page.check("#scope-read");
  await page.locator("form.card button").click();
  const secret = await page.locator(".success code").innerText();
  await look(page, "account-token", { language: "en" });
  const me = () => fetch(`${portal.api}/me`, { headers: { authorization: `Bearer ${secret}` } });
  assert.equal((await me()).status, 200);
  await page.goto("/fr/account");
  await look(page, "account", { language: "fr" });
  assert.equal((await page.content()).includes(secret), false);
  await page.getByRole("button", { name: "Révoquer Software of the firm" }).click();
  assert.equal((await me()).status, 401);
  await page.context().close();
});

test("REG-8: making a token asks to sign in again, and comes back", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "counsel-b");
  await fetch(`${portal.portal}/demo/clock`, { method: "POST", body: JSON.stringify({ advance: "20m" }) });
  await page.goto("/en/account");
  await page.fill("#label", "Too late");
  await page.check("#scope-read");
  await page.locator("form.card button").click();
  await look(page, "sign-in-not-recent", { language: "en" });
  await page.click('button[value="counsel-b"]');
  assert.equal(await page.locator("h1").innerText(), "My Profile");
  await page.context().close();
});
