// as people meet them: counsel and the registry open, print and download the record of service of a document; receipts, and the
// page that says how to verify either, open in both languages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pdf } from "./document.js";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

const letter = { name: "Avis – séance.pdf", mimeType: "application/pdf", buffer: pdf() };
const TITLE = "Avis de convocation du 12 janvier";

async function downloaded(page, link) {
  const coming = page.waitForEvent("download");
  await link.click();
  const download = await coming;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

test("X-8: counsel reads who opened a document and when, prints it, and downloads it signed", async () => {
  const registry = await openPage(browser, portal, { language: "fr" });
  await signIn(registry, "registry");
  await registry.goto("/fr/registry/cases/MC4-01003");
  await registry.selectOption("#document_type", "notice-to-appear");
  await registry.fill("#title", TITLE);
  await registry.setInputFiles("#file", letter);
  await registry.getByRole("button", { name: "Envoyer au conseil" }).click();
  await registry.getByRole("link", { name: `Attestation de transmission : ${TITLE}` }).click();
  await look(registry, "service-record-unread", { language: "fr" });
  assert.match(await registry.locator("main").innerText(), /Personne ne l’a encore ouvert/);
  await registry.click(".language");
  await look(registry, "service-record-unread", { language: "en" });
  await registry.context().close();

  const delegate = await openPage(browser, portal, { language: "fr" });
  await signIn(delegate, "delegate-a");
  await delegate.getByRole("link", { name: /^Boîte de réception/ }).click();
  await downloaded(delegate, delegate.getByRole("link", { name: TITLE }));
  assert.equal(await delegate.getByRole("link", { name: /Attestation/ }).count(), 0, "not a delegate's");
  await delegate.context().close();

  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "counsel-a");
  await page.getByRole("link", { name: /^Boîte de réception/ }).click();
  await page.getByRole("link", { name: `Attestation de transmission : ${TITLE}` }).click();
  await look(page, "service-record", { language: "fr" });
  const row = page.locator("tbody tr");
  assert.equal(await row.count(), 1);
  assert.match(await row.innerText(), /personne déléguée/);
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator("footer").isVisible()) && !(await page.locator("header nav").isVisible()), "paper has no menus");
  assert.ok(await row.isVisible() && await page.locator("dl.facts").isVisible(), "paper has the record");
  await page.emulateMedia({ media: "screen" });
  const french = await downloaded(page, page.getByRole("link", { name: "Télécharger l’attestation signée" }));
  assert.equal(french.name, "attestation-de-transmission-MC4-01003.json");
  const said = JSON.parse(JSON.parse(french.text).statement);
  assert.deepEqual(said.readings.map((one) => one.capacity), ["delegate"]);
  await page.click(".language");
  await look(page, "service-record", { language: "en" });
  const english = await downloaded(page, page.getByRole("link", { name: "Download the signed record" }));
  assert.equal(english.name, "record-of-service-MC4-01003.json");
  await page.getByRole("link", { name: "How a receipt or a record of service is verified" }).click();
  await look(page, "verifying", { language: "en" });
  await page.context().close();
});

test("X-1: the receipt of a submission and the page on verifying open in both languages, also for somebody who is not signed in", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "counsel-a");
  await page.fill("#q", "MC4-01001");
  await page.locator("form.filter button").first().click();
  await page.locator("tbody a").first().click();
  await page.getByRole("link", { name: "Communiquer un document" }).click();
  await page.selectOption("#document_type", "other");
  await page.setInputFiles("#file", letter);
  await page.locator("form.stack button:not([type=button])").first().click();
  await page.getByRole("button", { name: "Envoyer au tribunal" }).click();
  const number = await page.locator(".confirmation").innerText();
  await page.getByRole("link", { name: "Lire ou télécharger le reçu signé" }).click();
  assert.match(await page.locator("h1").innerText(), new RegExp(number));
  await look(page, "receipt", { language: "fr" });
  await page.click(".language");
  await look(page, "receipt", { language: "en" });
  const receipt = await downloaded(page, page.getByRole("link", { name: "Download the receipt" }));
  assert.equal(receipt.name, `receipt-${number}.json`);
  assert.match(JSON.parse(receipt.text).statement, new RegExp(number));
  await page.context().close();

  const anybody = await openPage(browser, portal, { language: "fr" });
  await anybody.goto("/fr/receipts");
  await look(anybody, "verifying", { language: "fr" });
  assert.equal(await anybody.locator("li code", { hasText: "/log+" }).count(), 1, "the tribunal’s key");
  await anybody.click(".language");
  await look(anybody, "verifying-anybody", { language: "en" });
  await anybody.context().close();
});
