// PRO-1, REG-8 as people meet it: a change is asked for, waits, is refused with a reason or applied, and the registry sees what is late.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

test("PRO-1: a change is asked for, and what was typed is not lost when something is wrong", async () => {
  const page = await openPage(browser, portal, { language: "fr", javaScript: false });
  await signIn(page, "counsel-a");
  await page.goto("/fr/");
  const menu = page.getByRole("navigation", { name: "Menu" });
  assert.ok(await menu.getByText("Élise Tremblay").isVisible(), "who is signed in");
  assert.equal(await menu.getByRole("link", { name: "Élise Tremblay" }).count(), 0, "a name says nothing of what is behind it");
  await menu.getByRole("link", { name: "Mon profil", exact: true }).click();
  await page.getByRole("link", { name: "Modifier mes coordonnées" }).click();
  await page.fill("#cell", "12");
  await page.fill("#email", "elise@nouveau.example");
  await page.getByRole("button", { name: "Soumettre" }).click();
  assert.match(await page.locator(".errors").innerText(), /numéro de téléphone/);
  assert.equal(await page.inputValue("#email"), "elise@nouveau.example");
  await page.fill("#cell", "514 555-0199");
  await page.getByRole("button", { name: "Soumettre" }).click();
  assert.match(await page.locator(".success").innerText(), /envoyée/);
  assert.match(await page.locator("main").innerText(), /En attente du tribunal/);
  await page.context().close();
});

test("PRO-1: the registry refuses with a reason, the person reads it, asks again, and it is applied", async () => {
  const registry = await openPage(browser, portal, { language: "en" });
  await signIn(registry, "registry");
  await registry.goto("/en/registry/profile-changes");
  await look(registry, "profile-changes", { language: "en" });
  await registry.locator("tbody a").first().click();
  await look(registry, "profile-change", { language: "en" });
  await registry.fill("#reason", "Please send proof.");
  await registry.getByRole("button", { name: "Refuse" }).click();
  assert.match(await registry.locator("main").innerText(), /No changes here/);

  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "counsel-a");
  await page.goto("/en/account");
  assert.match(await page.locator("main").innerText(), /Refused: Please send proof\./);
  await look(page, "profile-refused", { language: "en" });
  await page.getByRole("link", { name: "Change my details" }).click();
  await look(page, "change-profile", { language: "en" });
  await page.fill("#email", "elise@new.example");
  await page.getByRole("button", { name: "Submit" }).click();
  await look(page, "profile-pending", { language: "en" });
  await page.click(".language");
  await look(page, "profile-pending", { language: "fr" });

  await page.goto("/demo/clock");
  await page.fill("#advance", "49h");
  await page.locator("form.stack button:not([type=button])").click();
  await signIn(registry, "registry");
  await registry.goto("/fr/registry/profile-changes");
  assert.match(await registry.locator("tbody").innerText(), /En retard/);
  await look(registry, "profile-changes-late", { language: "fr" });
  await registry.locator("tbody a").first().click();
  await registry.getByRole("button", { name: "Appliquer" }).click();
  await signIn(page, "counsel-a");
  await page.goto("/fr/account");
  assert.match(await page.locator("main").innerText(), /elise@new\.example/);
  await page.context().close();
  await registry.context().close();
});

test("X-9: an officer who reads returned mail enters its reference, and finds the person's other channels", async () => {
  const box = await portal.mailbox();
  const mail = box.find((one) => one.to.startsWith("counsel-a@"));
  const reference = mail.body.match(/Référence\u00a0: (\S+)/)[1];
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "registry");
  await page.goto("/fr/registry/undelivered");
  await look(page, "undelivered-none", { language: "fr" });
  await page.getByLabel("Un courriel est revenu").fill("01234567");
  await page.getByRole("button", { name: "Inscrire" }).click();
  assert.match(await page.locator(".errors").innerText(), /Aucun avis n’a cette référence/);
  await look(page, "undelivered-unknown", { language: "fr" });
  await page.getByLabel("Un courriel est revenu").fill(reference);
  await page.getByRole("button", { name: "Inscrire" }).click();
  assert.match(await page.locator(".success").innerText(), /inscrit/);
  assert.equal(await page.locator("tbody tr").count(), 1);
  await look(page, "undelivered", { language: "fr" });
  await page.click(".language");
  await look(page, "undelivered", { language: "en" });
  await page.context().close();
});
