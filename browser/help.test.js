// HELP-1, PRIV-1, HELP-2 as people meet them: what anybody may read, the help that belongs to a page, where the focus goes when something is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, openPage, signIn, takesFocus } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

for (const language of ["fr", "en"]) {
  test(`HELP-1: anybody reads the help without signing in (${language})`, async () => {
    const page = await openPage(browser, portal, { language, javaScript: true });
    for (const name of ["", "help", "privacy"]) {
      await page.goto(`/${language}/${name}`);
      await look(page, `help-${name || "home"}`, { language });
    }
    for (const address of [`/${language}/`, `/${language}/help`]) {
      await page.goto(address);
      for (const part of ["main", "footer"]) {
        const number = page.locator(part).locator(".number", { hasText: "833" });
        assert.equal(await number.evaluate((one) => one.textContent), "1 833 777 2433", "as people search for it");
        assert.equal(await number.evaluate((one) => getComputedStyle(one).whiteSpace), "nowrap", "in one line");
      }
    }
    for (const link of await page.locator(".on-page a").all()) {
      const subject = (await link.getAttribute("href")).slice(1);
      assert.equal(await page.locator(`main h2[id="${subject}"]`).count(), 1, subject);
    }
    await page.context().close();
  });

  test(`HELP-1: a signed-in page carries the help that belongs to it (${language})`, async () => {
    const page = await openPage(browser, portal, { language });
    await signIn(page, "counsel-b");
    const counsel = portal.people["counsel-b"].account_id;
    const pages = [
      ["cases", `counsels/${counsel}/cases`],
      ["documents", `counsels/${counsel}/inbox`],
      ["delegates", `counsels/${counsel}/delegates`],
      ["sending", `counsels/${counsel}/forms`],
      ["details", "account"],
    ];
    for (const [subject, address] of pages) {
      await page.goto(`/${language}/${address}`);
      await look(page, `design-${subject}`, { language });
      await page.click(".help a");
      assert.equal(new URL(page.url()).hash, `#${subject}`);
      assert.ok(await page.locator(`main h2[id="${subject}"]`).isVisible());
    }
    await page.context().close();
  });
}

test("HELP-2: without a script, every signed-in page says when the session ends", async () => {
  const page = await openPage(browser, portal, { language: "en", javaScript: false });
  await page.goto("/en/help");
  assert.doesNotMatch(await page.locator("footer").innerText(), /signed out 30 minutes/);
  await signIn(page, "counsel-b");
  await page.goto("/en/account");
  assert.match(await page.locator("footer").innerText(), /signed out 30 minutes after your last page/);
  await page.context().close();
});

test("The list of errors takes the focus, and the keyboard gets past the header in one step", async () => {
  const page = await openPage(browser, portal, { language: "en", javaScript: true });
  await signIn(page, "counsel-b");
  await page.goto("/en/account/change");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#main$/);
  await page.fill("#cell", "12");
  await page.getByRole("button", { name: "Submit" }).click();
  await page.waitForSelector(".errors");
  await takesFocus(page, "errors");
  await page.context().close();
});

test("The pages hold in the dark, in forced colours and on paper", async () => {
  const page = await openPage(browser, portal, { language: "fr" });
  await signIn(page, "counsel-a");
  const counsel = portal.people["counsel-a"].account_id;
  for (const [name, media] of [
    ["dark", { colorScheme: "dark" }],
    ["forced", { forcedColors: "active" }],
    ["print", { media: "print" }],
  ]) {
    await page.emulateMedia({ media: "screen", colorScheme: "light", forcedColors: "none", ...media });
    for (const address of ["help", `counsels/${counsel}/cases`, "account"]) {
      await page.goto(`/fr/${address}`);
      await look(page, `${name}-${address.split("/").at(-1)}`, { language: "fr" });
    }
  }
  await page.context().close();
});
