// The portal for everybody: by keyboard alone, magnified four times, in the dark, in forced colours, with more contrast, on paper, and without
// a script from registering to sending.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { file, pdf } from "./document.js";
import { look, openBrowser, openPage, signIn } from "./look.js";
import { startPortal } from "./portal.js";

let browser;

before(async () => {
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
});

for (const language of ["fr", "en"]) {
  describe(`in ${language}`, () => {
    let portal;
    let main;

    before(async () => {
      portal = await startPortal();
      const mine = `/${language}/counsels/${portal.people["counsel-a"].account_id}`;
      const { items } = await portal.asked(`/counsels/${portal.people["counsel-a"].account_id}/cases?limit=1`, "counsel-a");
      const of = `${mine}/cases/${items[0].id}`;
      main = { home: `/${language}/`, cases: `${mine}/cases`, case: of, submit: `${of}/submit`, inbox: `${mine}/inbox`,
        delegates: `${mine}/delegates`, invite: `${mine}/delegates/new`, form: `${mine}/forms/counsel-contact`, account: `/${language}/account` };
    });

    after(async () => {
      await portal?.stop();
    });

    const as = async (person, options) => {
      const page = await openPage(browser, portal, { language, ...options });
      await signIn(page, person);
      return page;
    };

    test("Tab reaches everything in order, shows where one is, and the first stop skips the header", async () => {
      const page = await as("counsel-a");
      for (const [name, address] of Object.entries(main)) {
        await page.goto(address);
        const there = await page.evaluate(() => {
          const all = [...document.querySelectorAll("a[href], button:not([tabindex=\"-1\"]), input:not([type=hidden]), select, textarea, summary")].filter(
            (one) => !one.closest("dialog:not([open]), [hidden]"),
          );
          const group = new Set();
          // A group of radio buttons is one stop.
          const stops = all.filter((one) => one.type !== "radio" || (!group.has(one.name) && group.add(one.name)));
          stops.forEach((one, at) => (one.dataset.stop = one.type === "radio" ? `radio ${one.name}` : at));
          all.filter((one) => one.type === "radio").forEach((one) => (one.dataset.stop = `radio ${one.name}`));
          return stops.map((one) => one.dataset.stop);
        });
        const reached = [];
        for (let presses = 0; presses < there.length + 20 && reached.length < there.length; presses += 1) {
          await page.keyboard.press("Tab");
          const at = await page.evaluate(() => {
            const one = document.activeElement;
            const style = getComputedStyle(one);
            const box = one.getBoundingClientRect();
            return {
              stop: one.dataset.stop,
              skip: one.className,
              ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
              visible: box.bottom > 0 && box.top < innerHeight && box.width > 0,
            };
          });
          // A date has a stop for each of its parts.
          if (at.stop === undefined || at.stop === reached.at(-1)) continue;
          if (reached.length === 0) assert.equal(at.skip, "skip", name);
          assert.ok(at.ringed && at.visible, `${name}: stop ${at.stop} is not to be seen`);
          reached.push(at.stop);
        }
        assert.deepEqual(reached, there, name);
      }
      await page.context().close();
    });

    test("Magnified to 400 %, everything is in one column", async () => {
      const page = await as("counsel-a");
      await page.setViewportSize({ width: 320, height: 256 });
      for (const [name, address] of Object.entries(main)) {
        await page.goto(address);
        const wide = await page.evaluate(() =>
          [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > 320.5 && !one.closest(".unseen")).length);
        assert.equal(wide, 0, name);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await page.waitForURL(/#main$/);
      }
      await page.context().close();
    });

    test("In the dark, in forced colours and with more contrast, everything is to be read", async () => {
      const page = await as("counsel-a");
      for (const [way, media] of [["dark", { colorScheme: "dark" }], ["forced", { forcedColors: "active" }], ["contrast", { contrast: "more" }]]) {
        await page.emulateMedia({ colorScheme: "light", forcedColors: "none", contrast: "no-preference", ...media });
        for (const name of ["home", "case", "invite", "delegates"]) {
          await page.goto(main[name]);
          await look(page, `${way}-${name}`, { language });
        }
      }
      await page.context().close();
    });

    test("X-3, HELP-2: without a script, everything that a person does is done", async () => {
      const off = { javaScript: false };
      const newcomer = await as("new-counsel", off);
      const messages = await (await fetch(`${portal.portal}/demo/text-messages`, { headers: { accept: "application/json" } })).json();
      await newcomer.goto(`/${language}/register`);
      await newcomer.fill("#access_code", "AAAA-AAAA");
      await newcomer.check("#privacy_statement");
      await newcomer.click("form.card button");
      assert.equal(await newcomer.locator(".errors li").count(), 1);
      await newcomer.fill("#access_code", messages.at(-1).body.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0]);
      await newcomer.check("#privacy_statement");
      await newcomer.click("form.card button");
      assert.match(newcomer.url(), /\/cases\?done=registered$/);
      await newcomer.locator("header form button").click();
      await newcomer.goto(`/${language}/account`);
      assert.equal(await newcomer.locator(".faces").count(), 1, "signed out");
      await newcomer.context().close();

      const page = await as("counsel-a", off);
      await page.goto(main.submit);
      await page.selectOption("#document_type", "disclosure");
      await page.setInputFiles("#file", [file("1.pdf", pdf("1")), file("2.pdf", Buffer.alloc(0))]);
      await page.click("form.stack button:not([type=button])");
      assert.equal(await page.locator(".errors li").count(), 1);
      await page.click('main button[value="send"]');
      assert.match(await page.locator(".confirmation").innerText(), /^[0-9A-Z]{4}-/);

      await page.goto(main.invite);
      for (const [id, text] of Object.entries({ given_name: "Noémie", family_name: "Gagné", email: "noemie@cabinet.example", "question-1": "1?", "answer-1": "1" })) {
        await page.fill(`#${id}`, text);
      }
      await page.check("#language-fr");
      await page.click('main button[value="review"]');
      await page.check("#terms");
      await page.click('main button[value="send"]');
      assert.equal(await page.locator("tbody tr").count(), 3);
      await page.locator('tbody button[name="renew"]').first().click();
      await page.locator(".success").waitFor();
      await page.locator("tbody tr", { hasText: "Noémie" }).locator('button[name="end"]').click();
      await page.click('button[name="confirmed"]');
      assert.equal(await page.locator("tbody tr").count(), 2);

      await page.goto(main.inbox);
      const before = await page.locator("tbody tr").count();
      await page.locator('tbody button[name="delete"]').first().click();
      await page.click('button[name="confirmed"]');
      assert.equal(await page.locator("tbody tr").count(), before - 1);

      await page.goto(`/${language}/account/change`);
      await page.fill("#cell", "514 555-0199");
      await page.locator("form.stack button:not([type=button])").click();
      await page.locator(".success").waitFor();
      await page.context().close();

      const registry = await as("registry", off);
      await registry.goto(`/${language}/registry/profile-changes`);
      await registry.locator("tbody a").click();
      await registry.click('button[value="apply"]');
      assert.equal(await registry.locator("tbody").count(), 0);
      await registry.goto(`/${language}/registry/submissions`);
      await registry.locator("tbody a").first().click();
      await registry.locator("main form button").click();
      await registry.goto(`/${language}/registry/cases/MC4-01003`);
      await registry.selectOption("#document_type", "letter");
      await registry.fill("#title", "Lettre");
      await registry.setInputFiles("#file", file("Lettre.pdf", pdf("Lettre")));
      await registry.click("form.stack button:not([type=button])");
      await registry.locator(".success").waitFor();
      await registry.context().close();
    });

    test("SUB-2, X-1: on paper, the confirmation and the receipt are whole and nothing else", async () => {
      const page = await as("counsel-a");
      await page.goto(main.submit);
      await page.selectOption("#document_type", "disclosure");
      await page.setInputFiles("#file", [file("1.pdf", pdf("1"))]);
      await page.click("form.stack button:not([type=button])");
      await page.waitForURL(/\/drafts\//);
      await page.click('main button[value="send"]');
      const number = await page.locator(".confirmation").innerText();
      const sent = new URL(page.url()).pathname;
      for (const [name, address] of [["sent", page.url()], ["receipt", `${sent}/receipt`], ["case", main.case]]) {
        await page.goto(address);
        await page.emulateMedia({ media: "print" });
        await look(page, `paper-${name}`, { language, onPaper: true });
        for (const gone of ["footer", "header nav", ".demonstration", ".skip"]) {
          for (const one of await page.locator(gone).all()) assert.equal(await one.isVisible(), false, `${name}: ${gone}`);
        }
        assert.ok((await page.locator("main").innerText()).includes(number), name);
        const paper = await page.pdf({ format: "Letter" });
        assert.equal(paper.subarray(0, 5).toString(), "%PDF-");
        const sheets = paper.toString("latin1").match(/\/Type \/Page\b/g).length;
        assert.ok(sheets <= 3, `${name}: ${sheets} sheets`);
        await page.emulateMedia({ media: "screen" });
      }
      await page.context().close();
    });
  });
}
