// Rules that no other story lives: a sign-in that is reset, a confirmation for the sender alone, the time where the file is held, a copy for
// the other party, a blocked counsel's delegates, the privacy statement, supervision taken along.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { blank, file, pdf } from "./document.js";
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
  fr: {
    office: /\(heure de Vancouver\) au bureau/, tribunal: /\(H[NA]E\) au tribunal/, empty: /ajoutez-le de nouveau/, blank: /que des pages blanches/, copy: /une copie/, how: "Par courriel, à l’avocate du ministre",
  },
  en: {
    office: /\(Vancouver time\) at the office/, tribunal: /\(E[SD]T\) at the tribunal/, empty: /add it again/, blank: /nothing but blank pages/, copy: /a copy/, how: "By e-mail, to the Minister’s counsel",
  },
};

for (const language of ["fr", "en"]) {
  describe(`in ${language}`, () => {
    let portal;

    before(async () => {
      portal = await startPortal();
    });

    after(async () => {
      await portal?.stop();
    });

    const as = async (person) => {
      const page = await openPage(browser, portal, { language });
      await signIn(page, person);
      return page;
    };
    const counsel = (key) => `/${language}/counsels/${portal.people[key].account_id}`;
    const codes = async () => {
      const answer = await fetch(`${portal.portal}/demo/text-messages`, { headers: { accept: "application/json" } });
      return (await answer.json()).map(({ body }) => body.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0]);
    };
    const openCase = async (page, key, number) => {
      await page.goto(`${counsel(key)}/cases?q=${number}`);
      await page.locator("tbody th a").first().click();
    };
    const submitOn = async (page, key, number, type = "other") => {
      await openCase(page, key, number);
      await page.goto(`${new URL(page.url()).pathname}/submit`);
      await page.selectOption("#document_type", type);
      await page.setInputFiles("#file", [file("Lettre.pdf", pdf("Lettre"))]);
      await page.click("form.stack button:not([type=button])");
      await page.waitForURL(/\/drafts\//);
    };
    const notices = async (wanted) => {
      for (let tries = 0; tries < 50; tries += 1) {
        const found = (await portal.mailbox()).filter(wanted);
        if (found.length > 0) return found;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return [];
    };

    test("PRIV-1, REG-3: nobody is registered who has not accepted the privacy statement", async () => {
      const page = await as("new-counsel");
      await page.goto(`/${language}/register`);
      await page.fill("#access_code", (await codes()).at(-1));
      await page.evaluate(() => (document.querySelector("form.card").noValidate = true));
      await page.click("form.card button");
      assert.equal(await page.locator(".errors li").count(), 1);
      await look(page, "register-not-accepted", { language });
      await page.fill("#access_code", (await codes()).at(-1));
      await page.check("#privacy_statement");
      await page.click("form.card button");
      assert.match(page.url(), /\/cases\?done=registered$/, "the code was not used up");
      await page.context().close();
    });

    test("REG-6, REG-7: a sign-in that is reset opens nothing more, until a new code binds it", async () => {
      const page = await as("new-counsel");
      const desk = await as("help-desk");
      await desk.goto(`/${language}/help-desk?q=new-counsel@demonstration.example`);
      await desk.locator(".cards a").click();
      await desk.click('button[value="reset"]');
      await desk.click('button[value="reset-sign-in"]');
      await page.goto(`/${language}/account`);
      assert.equal(await page.locator(".faces").count(), 1, "the session is over");
      await signIn(page, "new-counsel");
      assert.match(page.url(), /\/register$/, "and so is the binding");
      const registry = await as("registry");
      await registry.goto(`/${language}/registry/registrations`);
      await registry.locator("tbody a").first().click();
      await registry.click('button[value="issue"]');
      await registry.locator(".success").waitFor();
      await page.fill("#access_code", (await codes()).at(0));
      await page.check("#privacy_statement");
      await page.click("form.card button");
      assert.match(page.url(), /\/cases\?done=registered$/);
      for (const one of [page, desk, registry]) await one.context().close();
    });

    test("SUB-3, MAIL-1, MAIL-2: the confirmation goes to whoever sent, alone, with no link and nothing of the case", async () => {
      const page = await as("delegate-a");
      await submitOn(page, "counsel-a", "MC4-01002");
      await page.click('main button[value="send"]');
      const number = await page.locator(".confirmation").innerText();
      const found = await notices(({ body }) => body.includes(number));
      assert.deepEqual(found.map(({ to }) => to), ["delegate-a@demonstration.example"]);
      const [{ subject, body }] = found;
      for (const never of [/https?:|www\./i, /MC4-01002/, /Lettre/, /Diallo/]) assert.doesNotMatch(subject + body, never);
      assert.match(subject, /Mon dossier/);
      assert.match(subject, /My Case/);
      await page.context().close();
    });

    test("SUB-6: the time of receipt is told where the file is held, and at the tribunal", async () => {
      const page = await as("counsel-b");
      await submitOn(page, "counsel-b", "VC4-03150");
      await page.click('main button[value="send"]');
      const told = await page.locator(".facts").innerText();
      assert.match(told, WORDS[language].office);
      assert.match(told, WORDS[language].tribunal);
      await look(page, "sent-western", { language });
      await page.context().close();
    });

    test("SUB-7: a submission lists its documents, each with its title and pages", async () => {
      const page = await as("counsel-a");
      await openCase(page, "counsel-a", "MC4-01003");
      await page.goto(`${new URL(page.url()).pathname}/submit`);
      await page.selectOption("#document_type", "appeal-record");
      await page.setInputFiles("#file", [file("1.pdf", pdf("1", 3)), file("2.pdf", pdf("2"))]);
      await page.click("form.stack button:not([type=button])");
      await page.waitForURL(/\/drafts\//);
      await page.locator('input[name^="title-"]').first().fill("Dossier d’appel");
      await page.click('main button[value="send"]');
      const [first, second] = await page.locator("ol.files li").allInnerTexts();
      assert.match(first, /1\.pdf.*Dossier d’appel[^]*3 pages/);
      assert.match(second, /2\.pdf[^]*1 page\b/);
      await page.context().close();
    });

    test("SUB-7: a type that asks for it is not sent without how and when the other party was given a copy", async () => {
      const types = '[{code = "disclosure", french = "Preuve documentaire", english = "Documentary evidence", asks_for_service = true}]';
      const asking = await startPortal({ MONDOSSIER__TRIBUNAL__DOCUMENT_TYPES: types });
      try {
        const page = await openPage(browser, asking, { language });
        await signIn(page, "counsel-a");
        await page.goto(`/${language}/counsels/${asking.people["counsel-a"].account_id}/cases`);
        await page.locator("tbody th a").last().click();
        await page.goto(`${new URL(page.url()).pathname}/submit`);
        await page.selectOption("#document_type", "disclosure");
        await page.setInputFiles("#file", [file("Lettre.pdf", pdf("Lettre"))]);
        await page.click("form.stack button:not([type=button])");
        assert.match(await page.locator(".errors li").innerText(), WORDS[language].copy);
        assert.deepEqual(await page.locator("tbody th").allInnerTexts(), ["Lettre.pdf"], "it is kept");
        await look(page, "copy-missing", { language });
        await page.fill("#service_how", WORDS[language].how);
        await page.fill("#service_on", "2026-11-20");
        await page.click('main button[value="send"]');
        const number = await page.locator(".confirmation").innerText();
        assert.ok((await page.locator(".facts").innerText()).includes(WORDS[language].how));
        await look(page, "copy-given", { language });
        const caseId = new URL(page.url()).pathname.split("/")[5];
        const history = await asking.asked(`/counsels/${asking.people["counsel-a"].account_id}/cases/${caseId}/submissions`, "counsel-a");
        const sent = history.items.find((one) => one.confirmation_number === number);
        assert.deepEqual(sent.service, { how: WORDS[language].how, on: "2026-11-20" });
        await page.context().close();
      } finally {
        await asking.stop();
      }
    });

    test("X-10: what is wrong with a file is told as soon as it is added, and what to do", async () => {
      const page = await as("counsel-a");
      await openCase(page, "counsel-a", "MC4-01001");
      await page.goto(`${new URL(page.url()).pathname}/submit`);
      await page.selectOption("#document_type", "other");
      await page.setInputFiles("#file", [file("vide.pdf", Buffer.alloc(0)), file("blanc.pdf", blank())]);
      for (const [name, words] of [["vide.pdf", WORDS[language].empty], ["blanc.pdf", WORDS[language].blank]]) {
        const row = page.locator('.uploads li[data-state="refused"]', { hasText: name });
        assert.match(await row.locator(".state").innerText(), words);
      }
      await page.context().close();
    });

    test("DEL-7, X-7: supervision is taken along as a table, by person and case", async () => {
      const page = await as("counsel-a");
      await page.goto(`${counsel("counsel-a")}/activity?action=sent`);
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator('a[href*="activity.csv"]').click()]);
      const table = await readFile(await download.path(), "utf8");
      assert.match(download.suggestedFilename(), /\.csv$/);
      assert.match(table, /Karim Benali/);
      assert.match(table, /MC4-01002/);
      await page.context().close();
    });

    test("CASE-4: names stand where one looks for them, accents and all", async () => {
      const page = await as("counsel-a");
      await page.goto(`${counsel("counsel-a")}/cases?sort=name`);
      const names = (await page.locator("tbody td:nth-child(2)").allInnerTexts()).map((text) => text.trim().split("\n").at(-1));
      const sorted = [...names].sort(new Intl.Collator("fr-CA", { ignorePunctuation: false }).compare);
      assert.deepEqual(names, sorted);
      assert.ok(names.some((name) => /^É/.test(name)) && !/^É/.test(names.at(-1)), "É is not after Z");
      await page.context().close();
    });

    test("DEL-8, SEC-1: a counsel who is blocked takes their delegates' access with them", async () => {
      const page = await as("counsel-a");
      await page.goto(`${counsel("counsel-a")}/delegates/new`);
      for (const [id, text] of Object.entries({ given_name: "Jordan", family_name: "MacLeod", email: "counsel-b@demonstration.example", "question-1": "?", "answer-1": "!" })) {
        await page.fill(`#${id}`, text);
      }
      await page.check("#language-en");
      await page.click('main button[value="review"]');
      await page.check("#terms");
      await page.click('main button[value="send"]');
      await page.context().close();

      const delegate = await as("delegate-ab");
      await delegate.goto(`${counsel("counsel-b")}/cases`);
      assert.notEqual(await delegate.locator("tbody tr").count(), 0);
      const other = await as("counsel-b");
      await other.goto(`/${language}/invitations`);
      for (let tries = 0; tries < 5; tries += 1) {
        await other.locator('input[name="answer"]').first().fill("wrong");
        await other.locator("form.card button").first().click();
      }
      assert.match(await other.locator(".confirmation").innerText(), /^[0-9A-Z]{4}-[0-9A-Z]{3}$/);
      await delegate.reload();
      assert.equal(delegate.answered, 403);
      await look(delegate, "counsel-blocked", { language });
      await delegate.context().close();
      await other.context().close();
    });
  });
}
