// One's sessions: seen, ended one by one or all others, without a script; and after a sign-in that is no longer recent (OWASP ASVS 7.5.2).

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { look, openBrowser, openPage, signIn } from "./look.js";
import { startPortal } from "./portal.js";

let browser;

before(async () => {
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
});

const WORDS = {
  fr: { this: "Cette session-ci", end: /^Mettre fin à la session/, others: "Mettre fin à toutes les autres sessions", ended: /La session a pris fin/,
    othersEnded: /Toutes les autres sessions ont pris fin/, signIn: "Se connecter", again: "Connectez-vous de nouveau", service: "Démonstration" },
  en: { this: "This session", end: /^End the session/, others: "End all other sessions", ended: /The session has ended/,
    othersEnded: /All other sessions have ended/, signIn: "Sign in", again: "Sign in again", service: "Demonstration" },
};

for (const language of ["fr", "en"]) {
  describe(`in ${language}`, () => {
    const words = WORDS[language];
    let portal;

    before(async () => {
      portal = await startPortal();
    });

    after(async () => {
      await portal?.stop();
    });

    const as = async (person, options) => {
      const page = await openPage(browser, portal, { language, ...options });
      await signIn(page, person);
      return page;
    };
    const heading = async (page) => (await page.locator("h1").innerText()).trim();
    const sessions = (page) => page.locator("section[aria-labelledby=sessions] tbody tr");

    test("REG-6: a lost telephone's session ends from the computer, and is told from this one", async () => {
      const computer = await as("counsel-b", { javaScript: false });
      const telephone = await as("counsel-b", { javaScript: false });
      await computer.goto(`/${language}/account`);
      assert.equal(await sessions(computer).count(), 2);
      assert.match(await sessions(computer).first().innerText(), new RegExp(words.this));
      assert.match(await sessions(computer).last().innerText(), new RegExp(words.service));
      assert.equal(await sessions(computer).first().getByRole("button").count(), 0, "one signs out of this one");
      await look(computer, "sessions-two", { language });
      await computer.getByRole("button", { name: words.end }).click();
      assert.match(await computer.locator(".success").innerText(), words.ended);
      assert.equal(await sessions(computer).count(), 1);
      assert.equal(await computer.getByRole("button", { name: words.others }).count(), 0);
      await telephone.goto(`/${language}/account`);
      assert.equal(await heading(telephone), words.signIn);
      await telephone.context().close();
      await computer.context().close();
    });

    test("REG-8: ending all others asks for a recent sign-in, and comes back", async () => {
      const page = await as("delegate-ab");
      const others = [await as("delegate-ab"), await as("delegate-ab")];
      await page.goto(`/${language}/account`);
      await fetch(`${portal.portal}/demo/clock`, { method: "POST", body: JSON.stringify({ advance: "16m" }) });
      await page.getByRole("button", { name: words.others }).click();
      assert.equal(await heading(page), words.again);
      await page.click('button[value="delegate-ab"]');
      assert.equal(new URL(page.url()).pathname, `/${language}/account`);
      await page.getByRole("button", { name: words.others }).click();
      assert.match(await page.locator(".success").innerText(), words.othersEnded);
      assert.equal(await sessions(page).count(), 1);
      for (const other of others) {
        await other.goto(`/${language}/account`);
        assert.equal(await heading(other), words.signIn);
        await other.context().close();
      }
      await page.context().close();
    });
  });
}
