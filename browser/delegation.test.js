// DEL-1 … DEL-6 as people meet them: counsel invites, a person answers and works for the counsel, counsel renews and ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

const inOtherLanguage = (page) => Promise.all([page.waitForEvent("load"), page.click(".language")]);

test("DEL-2: counsel invites somebody, and nothing that was typed is lost when a place is taken", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "counsel-a");
  await page.getByRole("link", { name: "Personnes déléguées" }).click();
  await look(page, "delegates", { language: "fr" });
  await page.getByRole("link", { name: "Ajouter une personne déléguée" }).click();
  await look(page, "invite", { language: "fr" });
  const fill = async (email) => {
    await page.fill("#given_name", "Noémie");
    await page.fill("#family_name", "Gagné");
    await page.fill("#email", email);
    await page.check("#language-fr");
    await page.fill("#question-1", "Notre premier dossier?");
    await page.fill("#answer-1", "Le bleu");
    await page.locator("form.stack button:not([type=button])").click();
    await page.check("#terms");
    await page.getByRole("button", { name: "Envoyer l’invitation" }).click();
  };
  await page.fill("#given_name", "Noémie");
  await page.fill("#family_name", "Gagné");
  await page.fill("#email", "faute@cabinet.example");
  await page.check("#language-fr");
  await page.fill("#question-1", "Notre premier dossier?");
  await page.fill("#answer-1", "Le bleu");
  await inOtherLanguage(page);
  assert.equal(await page.inputValue("#answer-1"), "Le bleu");
  await inOtherLanguage(page);
  // What Enter presses is not the button of the language, which comes first on the page.
  await Promise.all([page.waitForEvent("load"), page.press("#answer-1", "Enter")]);
  await look(page, "invite-review", { language: "fr" });
  await page.check("#terms");
  await inOtherLanguage(page);
  await look(page, "invite-review", { language: "en" });
  assert.ok(await page.isChecked("#terms"), "the same step, with what was ticked");
  await inOtherLanguage(page);
  await page.getByRole("button", { name: "Modifier" }).click();
  assert.equal(await page.inputValue("#email"), "faute@cabinet.example");
  await fill("noemie.gagne@cabinet.example");
  assert.match(await page.locator(".success").innerText(), /en route/);
  await look(page, "delegates-invited", { language: "fr" });
  await page.getByRole("link", { name: "Ajouter une personne déléguée" }).click();
  await fill("Noemie.Gagne@cabinet.example");
  assert.match(await page.locator(".errors").innerText(), /déjà/);
  assert.equal(await page.inputValue("#question-1"), "Notre premier dossier?");
  await look(page, "invite-refused", { language: "fr" });
  await page.context().close();
});

test("DEL-2, DEL-6, REG-4: an invited person answers, is registered, and acts for the counsel", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "new-delegate");
  await look(page, "invitations", { language: "fr" });
  await page.locator('input[name="answer"]').fill("Gaspé");
  await page.check('input[name="privacy_statement"]');
  await page.locator("form.card button").click();
  assert.match(await page.locator(".errors").innerText(), /4 essais/);
  await look(page, "invitations-wrong", { language: "fr" });
  await page.locator('input[name="answer"]').fill("Gaspésie");
  await inOtherLanguage(page);
  await look(page, "invitations", { language: "en" });
  assert.equal(await page.inputValue('input[name="answer"]'), "Gaspésie", "what was typed goes along");
  assert.ok(await page.isChecked('input[name="privacy_statement"]'));
  assert.equal(new URL(page.url()).search, "");
  const [{ answer }] = portal.secrets["new-delegate"];
  await page.locator('input[name="answer"]').fill(` ${answer.toUpperCase()} `);
  await page.check('input[name="privacy_statement"]');
  await page.locator("form.card button").click();
  assert.equal(await page.locator("h1").innerText(), "My Counsels");
  await page.locator("main a").first().click();
  await page.waitForURL(/\/cases$/);
  assert.match(await page.locator(".ribbon").innerText(), /You act for Jordan MacLeod/);
  assert.equal(await page.locator("tbody tr").count(), 5);
  await page.context().close();
});

test("DEL-3, DEL-4: counsel renews, and ends after being asked twice", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "counsel-b");
  await page.getByRole("link", { name: "Delegates" }).click();
  assert.equal(await page.locator("tbody tr").count(), 2);
  await page.getByRole("button", { name: "Renew the delegation of Priya Sharma" }).click();
  assert.match(await page.locator(".success").innerText(), /renewed/);
  await page.getByRole("button", { name: "Delete the delegation of Priya Sharma" }).click();
  await look(page, "delegates-end", { language: "en" });
  assert.equal(await page.locator("tbody tr").count(), 2, "not yet");
  await page.getByRole("button", { name: "Yes, delete it" }).click();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await look(page, "delegates", { language: "en" });
  await page.context().close();
});

test("DEL-2: an invitation that does not show by itself is found by its number", async () => {
  const page = await openPage(browser, portal, { language: "en", javaScript: false });
  await signIn(page, "stranger");
  await page.goto("/en/invitations");
  await page.fill("#number", "2222-2222-22");
  await page.getByRole("button", { name: "Find my invitation" }).click();
  assert.match(await page.locator(".errors").innerText(), /no open invitation|no invitation number/);
  await page.goto("/demo/mailbox");
  const body = await page.locator("main").innerText();
  const [number] = body.match(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{2}(?![2-9A-Z-])/);
  await page.goto("/fr/invitations");
  await page.fill("#number", number.toLowerCase());
  await page.getByRole("button", { name: "Trouver mon invitation" }).click();
  await page.locator('input[name="answer"]').first().waitFor();
  assert.match(await page.locator("form.card h2").first().innerText(), /Tremblay/);
  await page.context().close();
  const looked = await openPage(browser, portal, { language: "fr" });
  await signIn(looked, "stranger");
  await looked.goto(`/fr/invitations?number=${number}`);
  await look(looked, "invitations-number", { language: "fr" });
  await looked.context().close();
});
