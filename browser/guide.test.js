// The guides for counsel and delegates: every picture and every section that they name is there, and both say the same things in the same
// order. With `MONDOSSIER_GUIDE_PICTURES=1`, the story that they tell is lived once more in each language, and its pictures are taken anew.

import assert from "node:assert/strict";
import { access, readFile, readdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { file, pdf } from "./document.js";
import { openBrowser, openPage, signIn } from "./look.js";
import { picture, wanted } from "./picture.js";
import { startPortal } from "./portal.js";

const DOCS = new URL("../docs/", import.meta.url);
const guide = (language) => readFile(new URL(`guide.${language}.md`, DOCS), "utf8");
const pictures = (text) => [...text.matchAll(/!\[[^\]]+\]\(guide\/([a-z-]+)\.(fr|en)\.png\)/g)];

describe("the pictures", { skip: !wanted }, () => {
  let browser;

  before(async () => {
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
  });

  for (const language of ["fr", "en"]) {
    test(`taken anew, in ${language}`, async () => {
      const portal = await startPortal();
      const as = async (person) => {
        const page = await openPage(browser, portal, { language });
        await signIn(page, person);
        return page;
      };
      const go = (page, path) => page.goto(`/${language}${path}`);
      const show = (page, name, options) => picture(page, name, language, options);
      const mine = `/counsels/${portal.people["counsel-a"].account_id}`;
      const words = language === "fr"
        ? { one: "Preuve d’identité.pdf", other: "Lettre de l’employeur.pdf", title: "Passeport, toutes les pages", question: "Où avons-nous plaidé ensemble la première fois\u202f?" }
        : { one: "Proof of identity.pdf", other: "Letter from the employer.pdf", title: "Passport, all pages", question: "Where did we first plead together?" };

      const newcomer = await as("new-counsel");
      await go(newcomer, "/register");
      await show(newcomer, "register");
      for (let tries = 0; tries < 5; tries += 1) {
        await newcomer.fill("#access_code", "AAAA-AAAA");
        await newcomer.check("#privacy_statement");
        await newcomer.click("form.card button");
      }
      await show(newcomer, "blocked");
      await newcomer.context().close();

      const page = await as("counsel-a");
      await go(page, "/");
      await show(page, "today");
      await go(page, `${mine}/cases`);
      await show(page, "cases", { height: 1060 });
      await go(page, `${mine}/cases?q=MC4-01001`);
      const on = await page.locator("tbody th a").first().getAttribute("href");
      await page.goto(on);
      await show(page, "case", { height: 900 });
      await page.goto(`${on}/submit`);
      await page.selectOption("#document_type", "disclosure");
      await page.setInputFiles("#file", [file(words.one, pdf("A", 12)), file(words.other, pdf("B", 2))]);
      await show(page, "submit");
      await page.click("form.stack button:not([type=button])");
      await page.locator('input[name^="title-"]').first().fill(words.title);
      await show(page, "review", { height: 900 });
      await page.click('main button[value="send"]');
      await show(page, "confirmation", { height: 1000 });
      await page.goto(`${on}/submissions`);
      await show(page, "history");
      await page.goto(`${await page.locator("tbody th a").first().getAttribute("href")}/receipt`);
      await show(page, "receipt", { height: 1160 });
      await go(page, `${mine}/inbox`);
      await page.request.get(await page.locator("tbody th a").last().getAttribute("href"));
      await page.reload();
      await show(page, "inbox");
      await go(page, `${mine}/forms`);
      await page.locator(".cards a.button").first().click();
      await show(page, "form");
      await go(page, `${mine}/delegates`);
      await show(page, "delegates");
      await go(page, `${mine}/delegates/new`);
      await page.fill("#given_name", "Noémie");
      await page.fill("#family_name", "Gagné");
      await page.fill("#email", "noemie.gagne@cabinet.example");
      await page.check(`#language-${language}`);
      await page.fill("#question-1", words.question);
      await page.fill("#answer-1", "Rimouski");
      await page.click('main button[value="review"]');
      await show(page, "invite", { height: 1040 });
      await go(page, "/account/change");
      await page.fill("#cell", "514 555-0199");
      await page.locator("form.stack button:not([type=button])").click();
      await show(page, "profile", { height: 960 });

      const delegate = await as("delegate-ab");
      await go(delegate, `${mine}/inbox`);
      await delegate.request.get(await delegate.locator("tbody th a").first().getAttribute("href"));
      await go(delegate, `${mine}/cases`);
      await show(delegate, "ribbon", { height: 420 });
      await delegate.context().close();
      await go(page, `${mine}/activity`);
      await show(page, "activity", { height: 960 });
      await page.context().close();

      const invited = await as("new-delegate");
      await go(invited, "/invitations");
      await show(invited, "invitation", { height: 1180 });
      await invited.context().close();
      await portal.stop();
    });
  }
});

test("HELP-1: the guides' pictures and sections are there, and both guides have the same", async () => {
  const [french, english] = [await guide("fr"), await guide("en")];
  for (const [text, language] of [[french, "fr"], [english, "en"]]) {
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) =>
      heading.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, "").replaceAll(" ", "-"));
    for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(headings.includes(anchor), `${language}: #${anchor}`);
    for (const [, name, of] of pictures(text)) {
      assert.equal(of, language, name);
      await access(new URL(`guide/${name}.${of}.png`, DOCS));
    }
  }
  const names = (text) => pictures(text).map(([, name]) => name);
  assert.deepEqual(names(french), names(english));
  const kept = (await readdir(new URL("guide/", DOCS))).map((name) => name.split(".")[0]);
  assert.deepEqual([...new Set(kept)].sort(), names(french).sort(), "no picture that no guide shows");
  assert.equal(french.match(/^## /gm).length, english.match(/^## /gm).length);
  for (const days of [10, 45, 48, 50, 60, 70]) {
    for (const text of [french, english]) assert.match(text, new RegExp(`\\b${days}\\b`), `${days}`);
  }
});

test("The guide in French has the spaces that do not break", async () => {
  const prose = (await guide("fr")).replace(/```[^]*?```/g, "").replace(/`[^`]*`|\]\([^)]*\)|^\|[-|]+$/gm, "");
  assert.deepEqual(prose.match(/.{0,20}[^\u202f][;?!](?=\s|$).{0,5}/gm) ?? [], []);
  assert.deepEqual(prose.match(/.{0,20}[^\u00a0*]:(?=\s|$).{0,5}/gm) ?? [], []);
  assert.deepEqual(prose.match(/«[^\u00a0]|[^\u00a0]»/g) ?? [], []);
});

// What a guide sets in bold and begins with a capital is what the interface says, word for word; not the first words of a paragraph, and not
// the names of sign-in services.
const NO_WORDS = ["Renouveler", "Renewing", "Partenaire de connexion", "Sign-In Partner", "CléGC", "GCKey"];

for (const language of ["fr", "en"]) {
  test(`The guide in ${language} calls things as the pages do`, async () => {
    const folder = new URL(`../adapters/web/texts/${language}/`, import.meta.url);
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(new URL(name, folder), "utf8")));
    const said = new Set(files.join("\n").split("\n").map((line) => line.replace(/^[a-z0-9-]+ = /, "").trim()));
    const bold = [...(await guide(language)).matchAll(/\*\*([^*]+)\*\*/g)].map(([, words]) => words);
    const words = bold.filter((one) => /^\p{Lu}/u.test(one) && !/[.?]$/.test(one) && !NO_WORDS.includes(one));
    assert.ok(words.length > 10, words.join(", "));
    assert.deepEqual(words.filter((one) => !said.has(one)), []);
  });
}
