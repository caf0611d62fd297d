// CASE-1 … CASE-4 and SUB-1 … SUB-7 as people meet them: sign in, My Cases, a case, submit a document, the confirmation number.

import assert from "node:assert/strict";
import { test } from "node:test";
import { file, pdf } from "./document.js";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage({ MONDOSSIER__SUBMISSIONS__FILES_AT_MOST: "4", MONDOSSIER__SUBMISSIONS__FILE_BYTES_AT_MOST: "50000" });

const WORDS = {
  fr: { cases: "Mes dossiers", submit: "Communiquer un document", other: "English", signOut: "Se déconnecter" },
  en: { cases: "My Cases", submit: "Submit a document", other: "Français", signOut: "Sign out" },
};

for (const [language, counsel] of [["fr", "counsel-a"], ["en", "counsel-b"]]) {
  test(`SUB-1, SUB-2, SUB-4: counsel submits two documents and gets a number, in ${language}`, async () => {
    const page = await openPage(browser, portal, { language });
    await page.goto("/");
    await look(page, "home", { language });
    await page.click(`button[value="${counsel}"]`);
    assert.equal(await page.locator("h1").innerText(), WORDS[language].cases);
    await look(page, "my-cases", { language });

    await page.locator("tbody th a").first().click();
    await look(page, "case", { language });
    await page.getByRole("link", { name: WORDS[language].submit }).click();
    await look(page, "submit", { language });

    await page.selectOption("#document_type", "disclosure");
    await page.fill("#note", "Deux pièces, l’une de deux pages.");
    await page.setInputFiles("#file", [file("Pièce 1.pdf", pdf("Un")), file("Pièce 2.pdf", pdf("Deux", 2))]);
    await page.click("form.stack > .buttons button");
    await page.waitForURL(/\/drafts\//);
    assert.equal(await page.locator("tbody tr").count(), 2);
    await look(page, "review", { language });
    await page.locator("tbody input").first().fill("Passeport");
    // Enter keeps what was typed: it neither sends nor removes anything.
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    assert.equal(await page.locator("tbody tr").count(), 2);
    assert.equal(await page.locator("tbody input").first().inputValue(), "Passeport");
    await page.click('main button[value="send"]');

    const number = await page.locator(".confirmation").innerText();
    await look(page, "confirmation", { language });
    assert.match(await page.locator("ol.files").innerText(), /Passeport/);

    await page.locator(".trail a").nth(2).click();
    assert.match(await page.locator("tbody").innerText(), new RegExp(number));
    await look(page, "history", { language });

    const account = portal.people[counsel].account_id;
    const [, , , , , caseId] = new URL(page.url()).pathname.split("/");
    const history = await portal.asked(`/counsels/${account}/cases/${caseId}/submissions`, counsel);
    assert.equal(history.items[0].confirmation_number, number);
    assert.equal(history.items[0].files[0].title, "Passeport");
    assert.equal(history.items[0].files[1].pages, 2);

    await page.goto("/demo/mailbox");
    await page.waitForFunction((wanted) => document.body.innerText.includes(wanted) || location.reload(), number);
    await look(page, "mailbox", { language });
    await page.goto("/demo/clock");
    await look(page, "clock", { language });
    await page.goto("/demo/text-messages");
    await look(page, "text-messages", { language });
    await page.context().close();
  });

  test(`SUB-1: without a script too, what is wrong with a file is said, and the good ones are kept, in ${language}`, async () => {
    const page = await openPage(browser, portal, { language, javaScript: false });
    await signIn(page, counsel);
    await page.locator("tbody th a").last().click();
    await page.getByRole("link", { name: WORDS[language].submit }).click();
    const good = pdf("Bon");
    await page.selectOption("#document_type", "disclosure");
    await page.setInputFiles("#file", [
      file("bon.pdf", good),
      file("vide.pdf", Buffer.alloc(0)),
      file("pas-un-pdf.pdf", Buffer.from("rien qu’un texte\n".repeat(20))),
      file("coupé.pdf", good.subarray(0, good.length - 120)),
      file("trop-gros.pdf", Buffer.concat([good, Buffer.alloc(60_000, 32)])),
    ]);
    await page.click("form.stack > .buttons button");
    const problems = page.locator(".errors li");
    assert.equal(await problems.count(), 4);
    const texts = await problems.allInnerTexts();
    for (const name of ["vide.pdf", "pas-un-pdf.pdf", "coupé.pdf", "trop-gros.pdf"]) {
      assert.ok(texts.some((text) => text.startsWith(name)), `${name}: ${texts}`);
    }
    assert.equal(new Set(texts.map((text) => text.slice(text.indexOf(":")))).size, 4, "each its own words");
    assert.equal(await page.locator("tbody tr").count(), 1);
    await look(page, "review-problems", { language });

    await page.locator("tbody input").first().fill("Le bon");
    await page.click('tbody button[value^="remove-"]');
    assert.equal(await page.locator("tbody tr").count(), 0);
    await page.click('main button[value="send"]');
    assert.equal(await problems.count(), 1, "nothing to send");
    await page.setInputFiles("#file", [file("bon.pdf", good)]);
    await page.click('main button[value="send"]');
    assert.equal(await page.locator("tbody tr").count(), 1, "what came with the click is shown before it goes");
    await page.locator("tbody input").first().fill("Le bon, encore");
    await page.click('button[value="discard"]');
    await page.click('#errors button[value="keep"]');
    assert.equal(await page.locator("tbody input").first().inputValue(), "Le bon, encore", "who does not discard loses nothing");
    await page.click('button[value="discard"]');
    await look(page, "review-discard-sure", { language });
    await page.click('button[value="discarded"]');
    await page.waitForURL(/cases\/[^/]+\?done=discarded$/);
    await look(page, "case-discarded", { language });
    assert.ok(await page.locator('main .success[role="status"]').isVisible());
    await page.context().close();
  });
}

for (const [language, counsel] of [["fr", "counsel-a"], ["en", "counsel-b"]]) {
  for (const javaScript of [true, false]) {
    test(`SUB-1: of too many files, how many are beyond the limit is said ${javaScript ? "as they are added" : "without a script too"}, in ${language}`, async () => {
      const page = await openPage(browser, portal, { language, javaScript });
      await signIn(page, counsel);
      await page.locator("tbody th a").last().click();
      await page.getByRole("link", { name: WORDS[language].submit }).click();
      await page.selectOption("#document_type", "disclosure");
      await page.setInputFiles("#file", [1, 2, 3, 4, 5, 6].map((at) => file(`${at}.pdf`, pdf(`${at}`))));
      const goOn = () => page.locator("form.stack > .buttons button").click();
      const told = page.locator("#errors li");
      if (!javaScript) {
        await goOn();
        assert.deepEqual((await told.allInnerTexts()).map((text) => /^(\d)\.pdf.* (4) f/s.exec(text)?.slice(1).join()), ["5,4", "6,4"]);
        await page.context().close();
        return;
      }
      const beyond = page.locator('.uploads li[data-state="refused"]');
      assert.deepEqual(await beyond.locator(".name").allInnerTexts(), ["5.pdf", "6.pdf"], "as they are added");
      await page.locator('.uploads li[data-state="ready"]').nth(3).waitFor();
      await goOn();
      assert.match((await told.allInnerTexts()).join(), language === "fr" ? /au plus 4\. Retirez-en 2,/ : /at most 4\. Remove 2 of/);
      assert.equal(await page.evaluate(() => document.activeElement.id), "errors");
      await look(page, "submit-too-many", { language });
      await page.locator(".uploads .cancel").first().click();
      await page.locator('.uploads li[data-state="ready"]').nth(3).waitFor();
      assert.deepEqual(await beyond.locator(".name").allInnerTexts(), ["6.pdf"], "there was room again");
      await beyond.locator(".cancel").click();
      await goOn();
      await page.waitForURL(/\/drafts\//);
      assert.equal(await page.locator("tbody tr").count(), 4);
      await page.setInputFiles("#file", [file("7.pdf", pdf("7"))]);
      await beyond.waitFor();
      await page.context().close();
    });
  }
}

test("SUB-2: going back and sending again gives the same number", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "counsel-b");
  await page.locator("tbody th a").first().click();
  await page.getByRole("link", { name: "Submit a document" }).click();
  await page.selectOption("#document_type", "other");
  await page.setInputFiles("#file", [file("Once.pdf", pdf("Once"))]);
  await page.click("form.stack > .buttons button");
  await page.waitForURL(/\/drafts\//);
  const review = page.url();
  await page.click('main button[value="send"]');
  const number = await page.locator(".confirmation").innerText();
  await page.goto(review);
  assert.match(await page.locator("h1").innerText(), new RegExp(number));
  await page.context().close();
});

test("the whole way works without JavaScript", async () => {
  const page = await openPage(browser, portal, { language: "fr", javaScript: false });
  await signIn(page, "counsel-a");
  await page.fill("#q", "zzz");
  await page.click("form.filter button");
  assert.match(await page.locator("main").innerText(), /Aucun cas/);
  await page.goBack();
  await page.locator("tbody th a").nth(2).click();
  await page.getByRole("link", { name: "Communiquer un document" }).click();
  await page.selectOption("#document_type", "form");
  await page.setInputFiles("#file", [file("Formulaire.pdf", pdf("Formulaire"))]);
  await page.click("form.stack > .buttons button");
  await page.waitForURL(/\/drafts\//);
  await page.click('main button[value="send"]');
  assert.notEqual(await page.locator(".confirmation").innerText(), "");
  await page.context().close();
});

test("CASE-1, CASE-2: thirteen cases, found by name, number, division and order", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "counsel-a");
  assert.equal(await page.locator("tbody tr").count(), 13);
  await page.selectOption("#status", "decided");
  await page.click("form.filter button");
  assert.equal(await page.locator("tbody tr").count(), 1);
  await look(page, "my-cases-found", { language: "fr" });
  await page.locator("tbody th a").click();
  await look(page, "case-decided", { language: "fr" });
  await page.context().close();
});

test("DEL-6: a delegate of two counsel chooses, and the ribbon names for whom they act", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await signIn(page, "delegate-ab");
  assert.equal(await page.locator("h1").innerText(), "My Counsels");
  await look(page, "my-counsels", { language: "en" });
  await page.locator("main a").first().click();
  await page.waitForURL(/\/cases$/);
  assert.match(await page.locator(".ribbon").innerText(), /You act for .+\n*.*Choose another counsel/s);
  await look(page, "my-cases-delegate", { language: "en" });
  await page.click(".language");
  await look(page, "my-cases-delegate", { language: "fr" });
  await page.context().close();
});

test("who may not see a page is told why, and where to turn", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  const counsel = portal.people["counsel-a"].account_id;
  await page.goto(`/fr/counsels/${counsel}/cases`);
  await look(page, "sign-in-needed", { language: "fr" });
  await page.click('button[value="counsel-a"]');
  assert.equal(await page.locator("h1").innerText(), "Mes dossiers", "back to what one was doing");
  await signIn(page, "counsel-b");
  await page.goto(`/fr/counsels/${counsel}/cases`);
  await look(page, "no-access", { language: "fr" });
  await page.goto("/en/nothing-here");
  await look(page, "not-found", { language: "en" });
  await signIn(page, "stranger");
  await look(page, "no-account", { language: "fr" });
  await page.context().close();
});

test("signing out everywhere ends every session", async () => {
  const first = await openPage(browser, portal, { language: "en" });
  const second = await openPage(browser, portal, { language: "en" });
  for (const page of [first, second]) await signIn(page, "counsel-b");
  await first.goto("/en/account");
  await look(first, "account", { language: "en" });
  await first.getByRole("button", { name: "Sign out everywhere" }).click();
  await second.reload();
  assert.equal(await second.locator("h1").innerText(), "Sign in");
  await first.context().close();
  await second.context().close();
});
