// The home page of whoever is signed in: what is new and what is due, and nothing of anybody else (DEL-5, BOX-2, X-9).

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

async function today(language, person) {
  const page = await openPage(browser, portal, { language });
  await signIn(page, person);
  await page.goto(`/${language}/`);
  await look(page, `today-${person}`, { language });
  const text = await page.locator("main").innerText();
  await page.context().close();
  return text;
}

test("Counsel sees what is unread and the next hearings, of their own cases alone (CASE-1)", async () => {
  const french = await today("fr", "counsel-a");
  assert.match(french, /non lu/);
  assert.match(french, /Prochaines audiences/);
  assert.match(french, /MC4-/);
  const english = await today("en", "counsel-b");
  assert.match(english, /Next hearings/);
  assert.doesNotMatch(english, /MC4-/);
});

test("DEL-5: a delegate sees it of each counsel for whom they act", async () => {
  const both = await today("en", "delegate-ab");
  for (const name of [portal.people["counsel-a"].name, portal.people["counsel-b"].name]) assert.ok(both.includes(name), name);
  const one = await today("fr", "delegate-a");
  assert.ok(one.includes(portal.people["counsel-a"].name));
  assert.ok(!one.includes(portal.people["counsel-b"].name));
});

test("The registry sees its work lists, the help desk its own, and neither a case", async () => {
  const registry = await today("en", "registry");
  for (const words of [/to take over/, /to decide/, /to reach/]) assert.match(registry, words);
  assert.doesNotMatch(registry, /Next hearings/);
  const desk = await today("fr", "help-desk");
  assert.doesNotMatch(desk, /Prochaines audiences|à prendre en charge/);
});

test("DEL-3, DEL-4: what is due stands out for counsel", async () => {
  const page = await openPage(browser, portal, { language: "en" });
  await page.request.post("/demo/clock", { data: { advance: "55d" }, headers: { origin: portal.portal } });
  await signIn(page, "counsel-a");
  await page.goto("/en/");
  await look(page, "today-due", { language: "en" });
  assert.match(await page.locator("main").innerText(), /Delegations to renew/);
  await page.context().close();
});
