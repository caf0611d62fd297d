// Every page, in every state that people can bring it into, in both languages, wide and narrow: empty, filled, wrong, asked twice, done.
// The routes are read from the portal's source; a page that no story here opens in both languages makes the last test fail.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { file, pdf } from "./document.js";
import { look, looked, openBrowser, openPage, signIn } from "./look.js";
import { startPortal } from "./portal.js";
import { pageRoutes, routeOf } from "./routes.js";

// What is taken along instead of looked at. Each must say so in its answer.
const DOWNLOADS = new Set([
  "CASES_TABLE", "HEARINGS", "CASE_HEARINGS", "DOCUMENT", "ACTIVITY_TABLE", "REGISTRY_FILE", "RECEIPT_FILE", "SERVICE_RECORD_FILE", "REGISTRY_SERVICE_RECORD_FILE",
]);
const taken = [];
const RETRYING = { fr: /ne peut pas prendre ce fichier/, en: /cannot take this file/ };

// Both languages at once, each in a browser of its own: of the pages of one browser, one is in front and drawn.
describe("every page", { concurrency: 2 }, () => {
  for (const language of ["fr", "en"]) describe(`in ${language}`, { concurrency: 1 }, () => stories(language));
});

function stories(language) {
  let portal;
  let browser;

  before(async () => {
    portal = await startPortal();
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    await portal?.stop();
  });

  const as = async (person, options) => {
    const page = await openPage(browser, portal, { language, ...options });
    if (person) await signIn(page, person);
    return page;
  };
  const see = (page, name) => look(page, `page-${name}`, { language });
  const go = async (page, path, name) => {
    await page.goto(`/${language}${path}`);
    if (name) await see(page, name);
  };
  // Sends a form as it is, past what the browser itself would stop.
  const send = async (page, button) => {
    await page.evaluate(() => document.querySelectorAll("form").forEach((form) => (form.noValidate = true)));
    await page.click(button);
  };
  const counsel = (key) => `/counsels/${portal.people[key].account_id}`;
  const take = async (page, path) => {
    const answer = await page.request.get(path.startsWith("/fr/") || path.startsWith("/en/") ? path : `/${language}${path}`);
    assert.equal(answer.status(), 200, path);
    assert.match(answer.headers()["content-disposition"] ?? "", /^attachment/, path);
    taken.push({ path: new URL(answer.url()).pathname, language });
  };
  const advance = async (by) => {
    const answer = await fetch(`${portal.portal}/demo/clock`, { method: "POST", body: JSON.stringify({ advance: by }) });
    assert.ok(answer.ok, `the clock goes ${by} further`);
  };
  const caseNumbered = async (page, number) => {
    await page.goto(`/${language}${counsel("counsel-a")}/cases?q=${number}`);
    return page.locator("tbody th a").first().getAttribute("href");
  };

  test("HELP-1, REG-5: what anybody sees", async () => {
    const page = await as();
    await go(page, "/", "home");
    await go(page, "/help", "help");
    await go(page, "/privacy", "privacy");
    await go(page, "/receipts", "verifying");
    await go(page, "/account", "sign-in-needed");
    await go(page, "/nothing-here", "not-found");
    await go(page, "/sign-out", "method-not-allowed");
    for (const name of ["sign-in", "mailbox", "text-messages", "clock"]) {
      await page.goto(`/demo/${name}?language=${language}`);
      await see(page, `demo-${name}`);
    }
    await page.fill("#advance", "tomorrow");
    await page.locator("form.stack button:not([type=button])").click();
    await see(page, "demo-clock-wrong");
    await page.context().close();
  });

  test("REG-2, REG-3, SEC-1: registering, being blocked, the help desk", async () => {
    const page = await as("new-counsel");
    await go(page, "/register", "register");
    await go(page, "/invitations", "invitations-none");
    await go(page, "/register");
    await send(page, "form.card button");
    await see(page, "register-nothing");
    for (let tries = 0; tries < 5; tries += 1) {
      await page.fill("#access_code", "AAAA-AAAA");
      await page.check("#privacy_statement");
      await page.click("form.card button");
      if (tries === 3) await see(page, "register-last-try");
    }
    await see(page, "blocked");
    const lockCode = await page.locator(".confirmation").innerText();
    await page.locator('main a[href$="/account/sessions"]').click();
    await see(page, "sessions-of-blocked");

    const desk = await as("help-desk");
    await go(desk, "/", "help-desk-home");
    await go(desk, "/help-desk", "help-desk");
    await go(desk, "/help-desk?q=nonsense", "help-desk-unusable");
    await go(desk, "/help-desk?q=nobody@nowhere.example", "help-desk-nobody");
    await go(desk, `/help-desk?q=${lockCode}`, "help-desk-found");
    await desk.locator(".cards a").click();
    await see(desk, "help-desk-blocked");
    await desk.click('button[value="unblock"]');
    await see(desk, "help-desk-unblocked");
    await go(desk, "/registry/cases", "role-missing");

    const messages = await (await fetch(`${portal.portal}/demo/text-messages`, { headers: { accept: "application/json" } })).json();
    await go(page, "/register");
    await page.fill("#access_code", messages.at(-1).body.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0]);
    await page.check("#privacy_statement");
    await page.click("form.card button");
    const mine = new URL(page.url()).pathname.match(/\/counsels\/[^/]+/)[0];
    assert.ok(await page.locator('.success[role="status"]').isVisible(), "it is said, in the language of whoever registered");
    await go(page, `${mine}/cases?done=registered`, "cases-registered");
    await go(page, "/", "home-of-new-counsel");
    await go(page, `${mine}/cases`, "cases-none");
    await go(page, `${mine}/inbox`, "inbox-none");
    await go(page, `${mine}/delegates`, "delegates-none");
    await go(page, `${mine}/activity`, "activity-none");
    await go(page, `${mine}/forms`, "forms-none");
    await go(page, "/counsels", "counsels-none");
    await go(page, "/account", "account-new");

    await go(desk, "/help-desk?q=new-counsel@demonstration.example");
    await desk.locator(".cards a").click();
    await see(desk, "help-desk-account");
    await desk.click('button[value="block"]');
    await see(desk, "help-desk-block-sure");
    await desk.click('button[value="blocked"]');
    await see(desk, "help-desk-block-done");
    await go(page, "/account", "blocked-by-the-help-desk");
    await desk.click('button[value="unblock"]');
    await desk.click('button[value="reset"]');
    await see(desk, "help-desk-reset-sure");
    await desk.click('button[value="reset-sign-in"]');
    await see(desk, "help-desk-reset");
    await go(page, "/account", "session-over");
    await page.context().close();
    await desk.context().close();
  });

  test("CASE-3, CASE-4, BOX-1, BOX-3: counsel's cases and inbox", async () => {
    const page = await as("counsel-a");
    const mine = counsel("counsel-a");
    await go(page, "/", "home-of-counsel");
    await go(page, `${mine}/cases`, "cases");
    await go(page, `${mine}/cases?q=zzz&sort=name`, "cases-nothing-found");
    await go(page, `${mine}/cases?status=decided&sort=hearing_date`, "cases-decided");
    await take(page, `${mine}/cases.csv`);
    await take(page, `${mine}/hearings.ics`);
    await page.locator("tbody th a").first().click();
    await see(page, "case-decided");
    const family = await caseNumbered(page, "MC4-01001");
    await page.goto(family);
    await see(page, "case-of-family");
    await take(page, `${family}/hearings.ics`);
    await page.goto(`${family}/submissions`);
    await see(page, "history-none");
    await page.goto(`${family}/inbox`);
    await see(page, "inbox-of-case");
    const quiet = await caseNumbered(page, "MC4-01003");
    await page.goto(quiet);
    await see(page, "case-quiet");
    await page.goto(`${quiet}/inbox`);
    await see(page, "inbox-of-case-none");

    await go(page, `${mine}/inbox`, "inbox");
    await take(page, await page.locator("tbody th a").first().getAttribute("href"));
    await go(page, `${mine}/inbox?show=unread&sort=title`, "inbox-unread");
    await go(page, `${mine}/inbox`);
    await page.locator("tbody button").first().click();
    await see(page, "inbox-delete");
    await page.locator(".errors button").click();
    await see(page, "inbox-deleted");
    await page.locator('a[href$="/service-record"]').first().click();
    await see(page, "service-record");
    await take(page, `${new URL(page.url()).pathname}/file`);
    await page.context().close();
  });

  test("SUB-1, SUB-2, SUB-4, X-1: submitting, and what one has of it afterwards", async () => {
    const page = await as("counsel-a");
    const on = await caseNumbered(page, "MC4-01001");
    await page.goto(`${on}/submit`);
    await see(page, "submit");
    await send(page, "form.stack button:not([type=button])");
    await see(page, "submit-nothing");
    const begin = async (...files) => {
      await page.goto(`${on}/submit`);
      await page.selectOption("#document_type", "disclosure");
      await page.setInputFiles("#file", files);
      await page.click("form.stack button:not([type=button])");
      await page.waitForURL(/\/drafts\//);
    };
    const good = file("Preuve de résidence, rue Saint-Jean-Baptiste à Saint-Louis-du-Ha! Ha!.pdf", pdf("Preuve", 12));
    await begin(good, file("Passeport.pdf", pdf("Passeport", 1)));
    await see(page, "draft");
    await page.setInputFiles("#file", [file("vide.pdf", Buffer.alloc(0)), file("note.pdf", Buffer.from("rien qu’un texte\n".repeat(20)))]);
    await page.locator('.uploads li[data-state="refused"]').nth(1).waitFor();
    await page.click('main button[value="send"]');
    await see(page, "draft-problems");
    while ((await page.locator('.uploads li[data-state="refused"]').count()) > 0) await page.locator('.uploads li[data-state="refused"] .cancel').first().click();
    const twice = await page.context().newPage();
    twice.complaints = [];
    twice.on("response", (response) => {
      if (response.request().isNavigationRequest()) twice.answered = response.status();
    });
    await twice.goto(page.url());
    await page.locator('input[name^="title-"]').last().fill("Passeport, toutes les pages");
    await page.fill("#note", "Les deux pièces remplacent celles du 3 mars.");
    await page.locator('input[type="checkbox"][name="also_on"]').first().check();
    await page.click('main button[value="send"]');
    await see(page, "sent");
    await twice.locator('tbody button[value^="remove-"]').first().click();
    await see(twice, "sent-already");
    await twice.close();
    await page.goto(`${on}/submissions`);
    await see(page, "history");
    await page.locator("tbody th a").first().click();
    await see(page, "submission");
    await page.goto(`${new URL(page.url()).pathname}/receipt`);
    await see(page, "receipt");
    await take(page, `${new URL(page.url()).pathname}/file`);
    const receipt = page.url();
    await advance("2h");
    await signIn(page, "counsel-a");
    await page.goto(receipt);
    await see(page, "receipt-in-log");
    await page.goto(on);
    await see(page, "case-with-history");
    await begin(good);
    await page.locator('tbody button[value^="remove-"]').click();
    await see(page, "draft-empty");
    await page.context().close();
  });

  test("FORM-1: the online forms", async () => {
    const page = await as("counsel-a");
    const mine = counsel("counsel-a");
    await go(page, `${mine}/forms`, "forms");
    for (const [at, name] of [[0, "form-counsel"], [1, "form-client"]]) {
      await go(page, `${mine}/forms`);
      await page.locator(".cards a.button").nth(at).click();
      await see(page, name);
    }
    await send(page, 'main button[value="review"]');
    await see(page, "form-problems");
    const fields = { given_name: "Amina", family_name: "Diallo", street: "1, rue du Refuge", city: "Québec", postal_code: "G1R 4P5" };
    for (const [id, text] of Object.entries(fields)) await page.fill(`#${id}`, text);
    await page.selectOption("#province", "QC");
    await page.check("#language-fr");
    await page.locator('input[type="checkbox"]').first().check();
    await page.click('button[value="keep"]');
    await see(page, "form-kept");
    const begun = page.url();
    await go(page, `${mine}/forms`, "forms-begun");
    await page.goto(begun);
    await page.click('main button[value="review"]');
    await see(page, "form-review");
    await page.locator("main form button").click();
    await see(page, "form-sent");
    await page.context().close();
  });

  test("DEL-1 … DEL-7: delegates, from both sides", async () => {
    const page = await as("counsel-a");
    const mine = counsel("counsel-a");
    await go(page, `${mine}/delegates`, "delegates");
    await go(page, `${mine}/delegates/new`, "invite");
    await send(page, 'main button[value="review"]');
    await see(page, "invite-nothing");
    const invite = async (email) => {
      await go(page, `${mine}/delegates/new`);
      await page.fill("#given_name", "Noémie");
      await page.fill("#family_name", "Gagné");
      await page.fill("#email", email);
      await page.check("#language-fr");
      await page.fill("#question-1", "Où avons-nous plaidé ensemble la première fois ?");
      await page.fill("#answer-1", "Rimouski");
      await page.click('main button[value="review"]');
    };
    await invite("noemie.gagne@cabinet.example");
    await see(page, "invite-review");
    await send(page, 'main button[value="send"]');
    await see(page, "invite-terms-missing");
    await page.check("#terms");
    await page.click('main button[value="send"]');
    await see(page, "delegates-invited");
    await invite("karim@autre-cabinet.example");
    await page.check("#terms");
    await page.click('main button[value="send"]');
    await see(page, "delegates-full");
    await go(page, `${mine}/delegates/new`, "invite-full");

    const delegate = await as("delegate-ab");
    await go(delegate, "/", "home-of-delegate");
    await go(delegate, "/counsels", "counsels");
    await delegate.locator("main .cards a").first().click();
    await go(delegate, `${mine}/cases`, "cases-ribbon");
    await delegate.locator("tbody th a").first().click();
    await see(delegate, "case-ribbon");
    await delegate.goto(`${new URL(delegate.url()).pathname}/submit`);
    await see(delegate, "submit-ribbon");
    await go(delegate, `${mine}/inbox`, "inbox-ribbon");
    await go(delegate, `${mine}/delegates`, "not-for-delegates");
    await go(delegate, "/account", "account-of-delegate");

    const invited = await as("new-delegate");
    await go(invited, "/invitations", "invitations");
    await send(invited, "form.card button");
    await see(invited, "invitations-wrong");
    const [{ answer }] = portal.secrets["new-delegate"];
    await invited.locator('input[name="answer"]').fill(answer);
    await invited.check('input[name="privacy_statement"]');
    await invited.locator("form.card button").click();
    await see(invited, "counsels-accepted");
    await go(invited, "/invitations?number=2222-2222-22", "invitations-no-such-number");
    await invited.context().close();

    await go(page, `${mine}/activity`, "activity");
    await take(page, `${mine}/activity.csv`);
    await go(page, `${mine}/activity?action=deleted&from=2020-01-01&to=2020-01-02`, "activity-nothing");
    for (const [act, name] of [["lock", "delegates-blocked"], ["unlock"]]) {
      const headers = { authorization: `Bearer ${portal.people["help-desk"].token}` };
      const answer = await fetch(`${portal.api}/help-desk/accounts/${portal.people["delegate-a"].account_id}/${act}`, { method: "POST", headers });
      assert.ok(answer.ok, act);
      await go(page, `${mine}/delegates`, name);
    }
    const line = (name) => page.locator("tbody tr", { hasText: name });
    await line("Karim Benali").locator('button[name="renew"]').click();
    await see(page, "delegates-renewed");
    await line("Priya Sharma").locator('button[name="end"]').click();
    await see(page, "delegates-end");
    await page.click('button[name="confirmed"]');
    await see(page, "delegates-ended");
    await go(delegate, `${mine}/cases`, "no-access");
    await delegate.context().close();
    await page.context().close();
  });

  test("PRO-1, X-2: My Profile", async () => {
    const page = await as("counsel-a");
    await go(page, "/account", "account");
    await go(page, "/account/change", "change-profile");
    await page.fill("#cell", "12");
    await page.locator("form.stack button:not([type=button])").click();
    await see(page, "change-profile-wrong");
    const before = await page.context().newPage();
    before.complaints = [];
    before.on("response", (response) => {
      if (response.request().isNavigationRequest()) before.answered = response.status();
    });
    await before.goto(page.url());
    await page.fill("#cell", "514 555-0199");
    await page.locator("form.stack button:not([type=button])").click();
    await see(page, "account-pending");
    await go(page, "/account/change", "change-profile-waiting");
    assert.equal(await page.locator("form.stack").count(), 0, "it could only be refused");
    await before.fill("#cell", "514 555-0198");
    await before.locator("form.stack button:not([type=button])").click();
    await see(before, "change-profile-again");
    assert.match(await before.inputValue("#cell"), /0198$/, "what was typed is not lost");
    await before.close();
    await go(page, "/account");
    await page.click('button[name="withdraw"]');
    await see(page, "account-withdrawn");
    await go(page, "/account/change");
    await page.fill("#cell", "514 555-0199");
    await page.locator("form.stack button:not([type=button])").click();
    await go(page, "/account");
    await page.fill("#label", "Logiciel du cabinet");
    await send(page, "form.card button");
    await see(page, "token-wrong");
    await page.fill("#label", "Logiciel du cabinet");
    await page.check("#scope-read");
    await page.click("form.card button");
    await see(page, "token-made");
    await page.click('button[name="revoke"]');
    await go(page, "/account", "token-revoked");
    await go(page, "/", "home-change-waits");
    await go(page, "/account");
    const tab = await page.context().newPage();
    await signIn(tab, "delegate-a");
    await page.click('button[name="withdraw"]');
    await see(page, "another-sign-in");
    await page.context().close();
  });

  test("REG-8: one's sessions", async () => {
    const page = await as("delegate-a");
    const elsewhere = await as("delegate-a");
    const third = await as("delegate-a");
    await go(page, "/account", "account-sessions");
    const endOne = page.locator('button[name="end"]').first();
    await endOne.click();
    await see(page, "account-session-ended");
    await signIn(elsewhere, "delegate-a");
    await go(page, "/account");
    await elsewhere.locator("header form button").click();
    await endOne.click();
    await see(page, "account-session-over");
    await go(page, "/account/sessions", "sessions");
    for (const one of [page, elsewhere, third]) await one.context().close();
  });

  test("SUB-5, BOX-1, PRO-1, X-9: the registry", async () => {
    const page = await as("registry");
    await go(page, "/", "registry-home");
    await go(page, "/registry/registrations", "registrations");
    await go(page, "/registry/registrations?show=open", "registrations-none");
    await go(page, "/registry/registrations/new", "registration-new");
    await send(page, "form.stack button:not([type=button])");
    await see(page, "registration-wrong");
    for (const [email, name] of [["nonsense", "registrations-unusable"], ["nobody@nowhere.example", "registrations-nobody"]]) {
      await go(page, "/registry/registrations");
      await page.fill("#email", email);
      await send(page, 'form[role="search"] button');
      await see(page, name);
    }
    await go(page, "/registry/registrations");
    await page.locator("tbody a").first().click();
    await see(page, "registration");
    await page.fill("#cell", "12");
    await page.fill("#identity_document", "passport");
    await send(page, 'button[value="cell"]');
    await see(page, "registration-cell-wrong");
    await page.fill("#cell", "514 555-0155");
    await page.click('button[value="cell"]');
    await see(page, "registration-cell-recorded");
    await page.click('button[value="issue"]');
    await see(page, "registration-code-sent");

    await go(page, "/registry/submissions", "registry-submissions");
    await go(page, "/registry/submissions?show=done", "registry-submissions-none");
    await go(page, "/registry/submissions");
    await page.locator("tbody a").first().click();
    await see(page, "registry-submission");
    await take(page, await page.locator(".files a").first().getAttribute("href"));
    await page.locator("main form button").click();
    await see(page, "registry-submission-taken");

    await go(page, "/registry/cases", "registry-cases");
    await go(page, "/registry/cases?number=XX9-00000", "registry-cases-none");
    await go(page, "/registry/cases/MC4-01003", "registry-case-nothing-sent");
    await send(page, "form.stack button:not([type=button])");
    await see(page, "registry-case-wrong");
    await page.selectOption("#document_type", "decision");
    await page.fill("#title", "Décision");
    await page.setInputFiles("#file", file("Décision.pdf", pdf("Décision")));
    await page.click("form.stack button:not([type=button])");
    await see(page, "registry-case-sent");
    await page.locator('a[href$="/service-record"]').first().click();
    await see(page, "registry-service-record");
    await take(page, `${new URL(page.url()).pathname}/file`);

    await go(page, "/registry/profile-changes", "profile-changes");
    await page.locator("tbody a").first().click();
    await see(page, "profile-change");
    await send(page, 'button[value="refuse"]');
    await see(page, "profile-change-no-reason");
    await advance("49h");
    await signIn(page, "registry");
    await go(page, "/registry/profile-changes", "profile-changes-late");
    await page.locator("tbody a").first().click();
    await page.fill("#reason", "Le numéro de cellulaire ne peut pas être vérifié.");
    await page.click('button[value="refuse"]');
    await see(page, "profile-changes-none");
    await go(page, "/registry/profile-changes?show=done", "profile-changes-done");
    await page.locator("tbody a").first().click();
    await see(page, "profile-change-decided");
    const asker = await as("counsel-a");
    await go(asker, "/account", "account-refused");
    await asker.context().close();

    await go(page, "/registry/undelivered", "undelivered-none");
    await portal.bounce("counsel-a@");
    await go(page, "/registry/undelivered", "undelivered");
    await page.click('button[name="settle"]');
    await see(page, "undelivered-done");
    await go(page, "/registry/undelivered?show=settled", "undelivered-settled");
    await portal.bounce("noemie.gagne@");
    await go(page, "/registry/undelivered", "undelivered-invitation");
    await page.context().close();
  });

  test("DEL-3, REG-8: what the clock brings", async () => {
    const page = await as("counsel-a");
    const mine = counsel("counsel-a");
    await go(page, "/account/change");
    await page.fill("#email", "elise@nouveau.example");
    await advance("20m");
    await page.locator("form.stack button:not([type=button])").click();
    await see(page, "sign-in-beside-a-form");
    assert.equal(await page.locator("#email").inputValue(), "elise@nouveau.example");
    await page.goto(`/${language}/account/change`);
    await see(page, "sign-in-not-recent");
    await advance("51d");
    await signIn(page, "counsel-a");
    await go(page, "/", "home-renewal-due");
    await go(page, `${mine}/delegates`, "delegates-renewal-due");
    await advance("10d");
    await signIn(page, "counsel-a");
    await go(page, `${mine}/delegates`, "delegates-expired");
    await page.goto(`/demo/mailbox?language=${language}`);
    await see(page, "demo-mailbox-full");
    await page.context().close();
  });

  test("Q-7: when storage does not work, a page says so", async () => {
    const letter = file("Lettre.pdf", pdf("Lettre"));
    const form = async (options) => {
      const page = await as("counsel-b", options);
      await page.goto(`/${language}${counsel("counsel-b")}/cases`);
      await page.locator("tbody th a").first().click();
      await page.goto(`${new URL(page.url()).pathname}/submit`);
      await page.selectOption("#document_type", "other");
      return page;
    };
    const [page, plain] = [await form(), await form({ javaScript: false })];
    await rm(join(portal.folder, "documents"), { recursive: true });
    await plain.setInputFiles("#file", letter);
    await plain.click("form.stack button:not([type=button])");
    await see(plain, "try-again");
    await page.setInputFiles("#file", letter);
    const state = page.locator(".uploads .state", { hasText: RETRYING[language] });
    await state.waitFor();
    await see(page, "try-again-by-itself");
    for (const one of [page, plain]) await one.context().close();
  });
}

test("No page is left out, in either language, and every kind of answer was seen", async () => {
  const routes = await pageRoutes();
  assert.ok(routes.length > 40, `${routes.length} routes were read`);
  const missing = [];
  for (const language of ["fr", "en"]) {
    const paths = (list) => list.filter((one) => one.language === language && one.path.startsWith(`/${language}`));
    const seen = new Set(paths(looked).filter((one) => one.status < 400).map((one) => routeOf(routes, one.path)?.name));
    const downloaded = new Set(paths(taken).map((one) => routeOf(routes, one.path)?.name));
    for (const { name, route } of routes) {
      if (!(DOWNLOADS.has(name) ? downloaded : seen).has(name)) missing.push(`${language}: ${name} ${route}`);
    }
    for (const status of [401, 403, 404, 405, 409, 422, 423, 503]) {
      if (!looked.some((one) => one.language === language && one.status === status)) missing.push(`${language}: ${status}`);
    }
  }
  assert.deepEqual(missing, []);
});
