// Forms with several faults, sent past what the browser itself would stop: all of them are told at once, each at its field, and each line of
// the summary leads to its field (WCAG 3.3.1, 3.3.3).

import assert from "node:assert/strict";
import { test } from "node:test";
import { file } from "./document.js";
import { look, openPage, signIn, takesFocus } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage();

// Sends the form of a button as it is.
async function send(page, button) {
  await page.evaluate(() => document.querySelectorAll("form").forEach((form) => (form.noValidate = true)));
  await Promise.all([page.waitForEvent("load"), page.click(button)]);
}

// Each line of the summary moves the focus to a field that says what is wrong with it.
async function ledToFields(page, expected) {
  // The summary is read first.
  await takesFocus(page, "errors");
  const links = page.locator("#errors li a");
  const fields = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href").slice(1)));
  assert.deepEqual(fields, expected);
  for (const [at, field] of fields.entries()) {
    const said = await links.nth(at).innerText();
    await links.nth(at).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), field, "the focus");
    const described = await page.evaluate(() => {
      const field = document.activeElement;
      const group = field.type === "radio" || field.type === "checkbox" ? field.closest("fieldset") ?? field : field;
      const by = group.getAttribute("aria-describedby").split(" ");
      return by.map((id) => document.getElementById(id).innerText).join(" ");
    });
    assert.ok(described.includes(said), `${field}: ${described}`);
  }
}

for (const language of ["fr", "en"]) {
  const as = async (person) => {
    const page = await openPage(browser, portal, { language });
    await signIn(page, person);
    return page;
  };

  test(`SUB-1, SUB-7: all that is wrong with a submission is told at its field, in ${language}`, async () => {
    const page = await as(language === "fr" ? "counsel-a" : "counsel-b");
    await page.locator("tbody th a").first().click();
    await page.goto(`${page.url()}/submit`);
    await page.evaluate(() => document.querySelector("#note").removeAttribute("maxlength"));
    await page.fill("#note", "n".repeat(5_000));
    await page.fill("#service_on", "2199-01-01");
    await send(page, "form.stack > .buttons button");
    await ledToFields(page, ["document_type", "file", "note", "service_how", "service_on"]);
    assert.equal(await page.inputValue("#service_on"), "2199-01-01", "what was typed stays");
    await look(page, "submit-faults", { language });
    await page.context().close();
  });

  test(`X-2: all that is wrong with a token is told at its field, in ${language}`, async () => {
    const page = await as("counsel-a");
    await page.goto(`/${language}/account`);
    await page.fill("#days", "1000");
    await send(page, "form.card button");
    await ledToFields(page, ["label", "scope-read"]);
    await page.fill("#label", "Clio");
    await page.fill("#days", "99999");
    await send(page, "form.card button");
    await ledToFields(page, ["scope-read", "days"]);
    assert.equal(await page.inputValue("#label"), "Clio");
    await look(page, "token-faults", { language });
    await page.context().close();
  });

  test(`REG-1, BOX-1, PRIV-1: the registry is told all at once, in ${language}`, async () => {
    const page = await as("registry");
    await page.goto(`/${language}/registry/registrations/new`);
    await send(page, "form.stack button");
    await ledToFields(page, ["order", "given_name", "family_name", "email", "cell", "language-fr", "identity_document"]);
    await look(page, "registration-faults", { language });

    await page.goto(`/${language}/registry/cases/MC4-01001`);
    await page.fill("#title", "Avis");
    await page.setInputFiles("#file", [file("rien.pdf", Buffer.from("rien"))]);
    await send(page, '[aria-labelledby="send"] button');
    await ledToFields(page, ["document_type", "file"]);
    assert.equal(await page.inputValue("#title"), "Avis", "a file that is not taken loses nothing");
    await look(page, "registry-send-faults", { language });
    await send(page, '[aria-labelledby="hold"] button');
    await ledToFields(page, ["reason"]);
    await page.context().close();
  });

  test(`REG-3, PRO-1: all that is wrong with a code and with a change of profile is told at its field, in ${language}`, async () => {
    const page = await as("new-counsel");
    await page.goto(`/${language}/register`);
    await send(page, "form.card button");
    await ledToFields(page, ["access_code", "privacy_statement"]);
    await page.fill("#access_code", "AAAA-AAAA");
    await page.check("#privacy_statement");
    await send(page, "form.card button");
    await ledToFields(page, ["access_code"]);
    await page.context().close();

    const counsel = await as("counsel-a");
    await counsel.goto(`/${language}/account/change`);
    for (const field of ["given_name", "family_name", "email", "cell"]) await counsel.fill(`#${field}`, field === "cell" ? "12" : "");
    await send(counsel, "main form.stack button");
    await ledToFields(counsel, ["given_name", "family_name", "email", "cell"]);
    await look(counsel, "profile-faults", { language });
    await counsel.context().close();
  });

  test(`X-9: a reference that no notice has is told at its field, in ${language}`, async () => {
    const page = await as("registry");
    await page.goto(`/${language}/registry/undelivered`);
    await page.fill("#reference", "<nobody@tribunal.example>");
    await send(page, "main form.filter button.second");
    await ledToFields(page, ["reference"]);
    await page.context().close();
  });

  test(`FORM-1: of a group of buttons, the summary leads to the first, in ${language}`, async () => {
    const page = await as("counsel-a");
    const counsel = portal.people["counsel-a"].account_id;
    await page.goto(`/${language}/counsels/${counsel}/forms/client-contact`);
    await page.locator('main button[value="review"]').click();
    await page.click('#errors a[href="#language-fr"]');
    assert.equal(await page.evaluate(() => document.activeElement.id), "language-fr");
    await page.context().close();
  });
}
