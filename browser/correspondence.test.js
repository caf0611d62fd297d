// BOX-1 … BOX-4, DEL-7, SUB-5, X-4, X-5 as people meet them: the registry sends, counsel and delegates read, counsel deletes and supervises,
// the registry takes over, documents go on several cases, and the clock goes to what comes next.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pdf } from "./document.js";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

const letter = { name: "Décision – 3 pages.pdf", mimeType: "application/pdf", buffer: pdf() };

test("BOX-1: the registry finds a case and sends a document, and is told what to put right", async () => {
  const page = await openPage(browser, portal, { language: "fr", javaScript: false });
  await signIn(page, "registry");
  await page.goto("/fr/registry/cases");
  await page.fill("#number", "XX9-00000");
  await page.getByRole("button", { name: "Trouver" }).click();
  assert.match(await page.locator(".errors").innerText(), /Vérifiez le numéro/);
  await page.fill("#number", "mc4-01003");
  await page.getByRole("button", { name: "Trouver" }).click();
  assert.equal(await page.locator("h1").innerText(), "Cas MC4-01003");
  const send = async (also) => {
    await page.selectOption("#document_type", "decision");
    await page.fill("#title", "Décision du 23 novembre");
    await page.fill("#also_on", also);
    await page.setInputFiles("#file", letter);
    await page.getByRole("button", { name: "Envoyer au conseil" }).click();
  };
  await send("XX9-00000");
  assert.match(await page.locator(".errors").innerText(), /XX9-00000/);
  assert.equal(await page.inputValue("#title"), "Décision du 23 novembre");
  await send("");
  assert.match(await page.locator(".success").innerText(), /boîte de réception du conseil/);
  await page.context().close();
});

test("BOX-2, BOX-3, BOX-4: counsel and delegate read, counsel sees who, deletes after being asked twice, and supervises", async () => {
  const delegate = await openPage(browser, portal, { language: "fr" });
  await signIn(delegate, "delegate-a");
  await delegate.getByRole("link", { name: /^Boîte de réception \(\d nouveaux\)$/ }).click();
  await look(delegate, "inbox-delegate", { language: "fr" });
  assert.equal(await delegate.getByRole("button", { name: /Supprimer/ }).count(), 0, "delegates cannot delete");
  const coming = delegate.waitForEvent("download");
  await delegate.getByRole("link", { name: "Décision du 23 novembre" }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), letter.name);
  assert.deepEqual(await readFile(await download.path()), letter.buffer);
  await delegate.context().close();

  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "counsel-a");
  await page.getByRole("link", { name: /^Boîte de réception/ }).click();
  await look(page, "inbox", { language: "fr" });
  const row = page.locator("tbody tr", { hasText: "Décision du 23 novembre" });
  assert.match(await row.innerText(), /Nouveau/);
  assert.match(await row.innerText(), /2026|20\d\d/);
  await row.locator("td a").first().click();
  await look(page, "case-with-inbox", { language: "fr" });
  await page.getByRole("heading", { name: "Boîte de réception" }).getByRole("link").click();
  await look(page, "inbox-of-case", { language: "fr" });
  await page.getByRole("link", { name: "Voir la boîte de réception générale" }).click();
  await page.getByRole("button", { name: "Supprimer Décision du 23 novembre" }).click();
  await look(page, "inbox-delete", { language: "fr" });
  await page.locator(".errors button").click();
  assert.match(await page.locator(".success").innerText(), /supprimé/);
  assert.equal(await page.getByRole("link", { name: "Décision du 23 novembre" }).count(), 0);
  await page.getByRole("link", { name: "Activité" }).click();
  assert.equal(await page.locator("tbody tr").count(), 2);
  await page.selectOption("#action", "read");
  await page.getByRole("button", { name: "Afficher" }).click();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await look(page, "activity", { language: "fr" });
  await page.click(".language");
  await look(page, "activity", { language: "en" });
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await look(page, "inbox", { language: "en" });
  await page.context().close();

  const registry = await openPage(browser, portal, { language: "en" });
  await signIn(registry, "registry");
  await registry.goto("/en/registry/cases/MC4-01003");
  await look(registry, "registry-case", { language: "en" });
  assert.equal(await registry.locator("#sent ~ table tbody li").count(), 1, "read by one");
  await registry.context().close();
});

test("X-4, SUB-5: documents go on the cases of a family, each with its number, and the registry takes them over", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "counsel-a");
  await page.goto(page.url().replace("/fr/", "/en/"));
  await page.fill("#q", "MC4-01001");
  await page.getByRole("button", { name: "Search" }).click();
  await page.locator("tbody a").first().click();
  await page.getByRole("link", { name: "Submit a document" }).click();
  await page.selectOption("#document_type", "other");
  await page.setInputFiles("#file", letter);
  await page.locator("form.stack button:not([type=button])").first().click();
  await page.locator('input[type="checkbox"][name="also_on"]').first().check();
  await look(page, "review-joined", { language: "en" });
  await page.getByRole("button", { name: "Send to the tribunal" }).click();
  await look(page, "sent-joined", { language: "en" });
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator("footer").isVisible()) && !(await page.locator("header nav").isVisible()), "paper has no menus");
  assert.ok(await page.locator(".confirmation").isVisible(), "paper has the number");
  await page.emulateMedia({ media: "screen" });
  const numbers = await page.locator("main .number").allInnerTexts();
  assert.equal(new Set(numbers).size, 2, numbers.join(" "));
  await page.context().close();

  const supervision = await openPage(browser, portal, { language: "en" });
  await signIn(supervision, "counsel-a");
  await supervision.getByRole("link", { name: /Activit/ }).click();
  await supervision.selectOption("#action", "sent");
  await supervision.locator("form.filter button").click();
  assert.equal(await supervision.locator("tbody tr").count(), 2, "drafts are not sent");
  await supervision.context().close();

  const registry = await openPage(browser, portal, { language: "fr" });
  await signIn(registry, "registry");
  await registry.getByRole("link", { name: "Communications" }).click();
  assert.equal(await registry.locator("tbody tr").count(), 2);
  await look(registry, "registry-submissions", { language: "fr" });
  await registry.locator("tbody a").first().click();
  await registry.getByRole("button", { name: "Prendre en charge" }).click();
  await look(registry, "registry-submission", { language: "fr" });
  const coming = registry.waitForEvent("download");
  await registry.locator(".files a").first().click();
  assert.equal((await coming).suggestedFilename(), letter.name);
  await registry.getByRole("link", { name: "Communications" }).first().click();
  assert.equal(await registry.locator("tbody tr").count(), 1);
  await registry.context().close();
});

test("X-5: the clock goes to what comes next", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await page.goto("/demo/clock?language=en");
  await look(page, "clock", { language: "en" });
  const first = await page.locator("tbody time").first().innerText();
  await page.locator("tbody button").first().click();
  await page.goto("/demo/clock?language=en");
  assert.match(await page.locator(".lead").innerText(), new RegExp(first.replace(/[.()]/g, "\\$&")));
  await page.context().close();
});
