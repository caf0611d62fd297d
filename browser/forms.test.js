// FORM-1 as people meet it: a form is filled in, put right, kept, looked over, sent, and its numbers are shown with a copy to print.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

const WORDS = {
  fr: {
    forms: "Formulaires", counselForm: "Remplir Coordonnées du conseil", review: "Vérifier", keep: "Garder pour plus tard",
    postal: "Entrez un code postal canadien", send: "Envoyer au tribunal", sent: "Le tribunal a votre formulaire", type: "Coordonnées du conseil",
  },
  en: {
    forms: "Forms", counselForm: "Fill in Counsel Contact Information", review: "Check", keep: "Keep for later",
    postal: "Enter a Canadian postal code", send: "Send to the tribunal", sent: "The tribunal has your form", type: "Counsel Contact Information",
  },
};

for (const [language, counsel] of [["fr", "counsel-a"], ["en", "counsel-b"]]) {
  test(`FORM-1: counsel fills in their own form, puts it right and sends it, in ${language}`, async () => {
    const words = WORDS[language];
    const page = await openPage(browser, portal, { language });
    await signIn(page, counsel);
    await page.getByRole("link", { name: words.forms, exact: true }).click();
    await look(page, "forms", { language });
    await page.getByRole("link", { name: words.counselForm }).click();
    assert.notEqual(await page.inputValue("#family_name"), "", "what the portal knows is there");
    assert.equal(await page.getAttribute("#postal_code", "autocomplete"), "postal-code");
    await look(page, "form", { language });

    await page.fill("#city", "Gatineau");
    await page.fill("#postal_code", "D1D 1D1");
    await page.fill("#retainer_limits", "Une audience.\nRien de plus.");
    await page.getByRole("button", { name: words.review, exact: true }).click();
    assert.match(await page.locator(".errors").innerText(), new RegExp(words.postal));
    assert.equal(await page.inputValue("#postal_code"), "D1D 1D1", "what was typed is kept");
    const described = await page.getAttribute("#postal_code", "aria-describedby");
    assert.match(await page.locator(`#${described.split(" ").pop()}`).innerText(), new RegExp(words.postal));
    await look(page, "form-problems", { language });
    await page.click('.errors a[href="#street"]');
    assert.equal(await page.evaluate(() => document.activeElement.id), "street", "the summary leads to the field");

    await page.fill("#street", "12, rue Principale");
    await page.selectOption("#province", "QC");
    await page.fill("#postal_code", "j8x3x2");
    await page.getByRole("button", { name: words.keep }).click();
    await look(page, "form-kept", { language });
    assert.ok(await page.locator('button[value="discard"]').isVisible());
    await page.getByRole("link", { name: words.forms, exact: true }).first().click();
    await look(page, "forms-begun", { language });
    await page.locator('.drafts button[value="discard"]').first().click();
    assert.equal(await page.inputValue("#street"), "12, rue Principale");
    await look(page, "form-discard-sure", { language });
    await page.click('#errors button[value="keep"]');
    await page.getByRole("link", { name: words.forms, exact: true }).first().click();
    await page.locator("#begun ~ ul a").first().click();
    assert.equal(await page.inputValue("#street"), "12, rue Principale");
    for (const box of (await page.locator('input[type="checkbox"]').all()).slice(0, 2)) await box.check();
    await page.getByRole("button", { name: words.review, exact: true }).click();
    await look(page, "form-review", { language });
    assert.match(await page.locator("main").innerText(), /J8X 3X2/);
    const review = page.url();
    await page.getByRole("button", { name: words.send }).click();
    assert.equal(await page.locator("h1").innerText(), words.sent);
    const numbers = await page.locator(".confirmation").allInnerTexts();
    assert.equal(new Set(numbers).size, 2);
    await look(page, "form-sent", { language });
    await page.goto(review);
    assert.deepEqual(await page.locator(".confirmation").allInnerTexts(), numbers, "sent once");

    await page.locator(".confirmation").first().click();
    await look(page, "form-entry", { language });
    assert.match(await page.locator("main").innerText(), new RegExp(words.type));
    assert.doesNotMatch(await page.locator("main").innerText(), /rue Principale/, "SUB-4");
    await page.goto("/demo/mailbox");
    await page.waitForFunction((wanted) => document.body.innerText.includes(wanted) || location.reload(), numbers[0]);
    await page.context().close();
  });
}

test("FORM-1, DEL-5: a delegate sends a client's form from a case, and the registry reads it", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "delegate-a");
  await page.locator("tbody th a").first().click();
  const number = (await page.locator(".trail li").last().innerText()).replace("›", "").trim();
  await page.getByRole("link", { name: "Remplir un formulaire" }).click();
  await page.getByRole("link", { name: /Remplir Avis de communication/ }).click();
  assert.ok(await page.isChecked(`input[value="${number}"]`), "the case that one came from");
  assert.equal(await page.getAttribute("#street", "autocomplete"), "off");
  for (const [id, text] of Object.entries({ given_name: "Amina", family_name: "Đặng", client_id: "1234-5678", street: "1, rue du Refuge", city: "Paris", postal_code: "75001", country: "France" })) {
    await page.fill(`#${id}`, text);
  }
  await page.check("#language-fr");
  await look(page, "client-form", { language: "fr" });
  await page.getByRole("button", { name: "Vérifier", exact: true }).click();
  await page.getByRole("button", { name: "Envoyer au tribunal" }).click();
  const confirmation = await page.locator(".confirmation").innerText();
  await look(page, "client-form-sent", { language: "fr" });
  await page.context().close();

  const registry = await openPage(browser, portal, { language: "en" });
  await signIn(registry, "registry");
  await registry.goto("/en/registry/submissions");
  await registry.getByRole("link", { name: confirmation }).click();
  await look(registry, "registry-form", { language: "en" });
  const [download] = await Promise.all([registry.waitForEvent("download"), registry.locator("ol.files a").click()]);
  assert.equal(download.suggestedFilename(), "client-contact.html");
  const record = await registry.context().newPage();
  record.complaints = [];
  await record.setContent(await readFile(await download.path(), "utf8"));
  assert.match(await record.locator("main").innerText(), /Đặng[\s\S]*1234-5678[\s\S]*1, rue du Refuge/);
  await look(record, "form-record", { language: "fr" });
  await registry.context().close();
});

test("FORM-1: a form is filled in, put right and sent without JavaScript", async () => {
  const page = await openPage(browser, portal, { language: "en", javaScript: false });
  await signIn(page, "counsel-b");
  await page.getByRole("link", { name: "Forms", exact: true }).click();
  await page.getByRole("link", { name: /Fill in Notification/ }).click();
  await page.fill("#given_name", "Amina");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  assert.notEqual(await page.locator(".errors li").count(), 0);
  await page.click('.errors a[href="#language-fr"]');
  assert.equal(await page.evaluate(() => document.activeElement.id), "language-fr", "of a group, the first button takes the focus");
  for (const [id, text] of Object.entries({ family_name: "Diallo", street: "1 Main Street", city: "Ottawa", postal_code: "K1A 0B1" })) {
    await page.fill(`#${id}`, text);
  }
  await page.selectOption("#province", "ON");
  await page.check("#language-en");
  await page.locator('input[type="checkbox"]').first().check();
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.getByRole("button", { name: "Send to the tribunal" }).click();
  assert.notEqual(await page.locator(".confirmation").innerText(), "");
  await page.context().close();
});
