// and HELP-2 as people meet them: files that are sent piece by piece, a server that dies in between, a session that warns.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as tus from "tus-js-client";
import { file, pdf } from "./document.js";
import { look, openPage, signIn } from "./look.js";
import { browser, portal, stage } from "./stage.js";

stage({ MONDOSSIER__SUBMISSIONS__FILE_BYTES_AT_MOST: "40000000" });

const WORDS = {
  fr: {
    submit: "Communiquer un document",
    ready: "Reçu en entier et vérifié",
    paused: /En pause/,
    again: /Choisissez de nouveau/,
    before: "Ajouté avant, pas encore envoyé",
    cancel: "Annuler",
    ended: /votre session a pris fin/,
    full: /Trop de fichiers attendent/,
    putOff: /ne peut pas prendre ce fichier en ce moment/,
    extend: "Prolonger la session",
    extended: "La session est prolongée.",
    leave: "Se déconnecter",
    everywhere: "Se déconnecter partout",
  },
  en: {
    submit: "Submit a document",
    ready: "Received whole and checked",
    paused: /Paused/,
    again: /Choose the same file/,
    before: "Added before, not sent yet",
    cancel: "Cancel",
    ended: /your session has ended/,
    full: /Too many files are waiting/,
    putOff: /cannot take this file at present/,
    extend: "Extend the session",
    extended: "The session is extended.",
    leave: "Sign out",
    everywhere: "Sign out everywhere",
  },
};

// A document that is whole, with bytes that no page uses.
function bundle(size) {
  const [whole, padding] = [pdf("Pièces"), randomBytes(size)];
  const end = whole.lastIndexOf("xref");
  return Buffer.concat([whole.subarray(0, 9), Buffer.from("%"), Buffer.from(padding.toString("hex")), Buffer.from("\n"), whole.subarray(9, end), whole.subarray(end)]);
}

async function openForm(person, language) {
  const page = await openPage(browser, portal, { language });
  await signIn(page, person);
  await page.locator("tbody th a").first().click();
  await page.getByRole("link", { name: WORDS[language].submit }).click();
  await page.selectOption("#document_type", "disclosure");
  return page;
}

const states = (page) => page.locator(".uploads li").evaluateAll((rows) => rows.map((row) => row.dataset.state));
const reached = (page, wanted) =>
  page.waitForFunction(
    (states) => [...document.querySelectorAll(".uploads li")].map((row) => row.dataset.state).join() === states,
    wanted.join(),
  );

async function drop(page, files) {
  const transfer = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of all) {
      const binary = Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0));
      transfer.items.add(new File([binary], name, { type: "application/pdf" }));
    }
    return transfer;
  }, files.map(({ name, buffer }) => ({ name, bytes: buffer.toString("base64") })));
  await page.dispatchEvent(".field:has(#file)", "drop", { dataTransfer: transfer });
}

for (const [language, counsel] of [["fr", "counsel-a"], ["en", "counsel-b"]]) {
  test(`X-3, X-10: files are dropped, told good or bad at once, and sent, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    await look(page, "upload-empty", { language });
    await drop(page, [file("un.pdf", pdf("Un")), file("vide.pdf", Buffer.alloc(0)), file("texte.pdf", Buffer.from("rien\n".repeat(50))), file("deux.pdf", pdf("Deux"))]);
    await reached(page, ["ready", "refused", "refused", "ready"]);
    const words = await page.locator(".uploads .state").allInnerTexts();
    assert.equal(words[0], WORDS[language].ready);
    assert.notEqual(words[1], words[2], "each its own words");
    await look(page, "upload-problems", { language });
    await page.locator("form.stack > .buttons button").click();
    const told = page.locator("#errors");
    assert.match(page.url(), /\/submit$/, "nothing goes on without them");
    assert.equal(await page.evaluate(() => document.activeElement.id), "errors");
    assert.deepEqual((await told.locator("li").allInnerTexts()).map((text) => text.split(/\s?:/)[0]), ["vide.pdf", "texte.pdf"]);
    await look(page, "upload-refused-first", { language });
    await told.locator("a").first().click();
    await page.keyboard.press("Enter");
    await reached(page, ["ready", "refused", "ready"]);
    assert.equal(await told.locator("li").count(), 1);
    await page.locator('.uploads li[data-state="refused"] .cancel').click();
    await told.waitFor({ state: "detached" });
    await page.locator("form.stack > .buttons button").click();
    assert.deepEqual(await page.locator("tbody th").allInnerTexts(), ["un.pdf", "deux.pdf"]);
    await page.setInputFiles("#file", [file("trois.pdf", pdf("Trois"))]);
    await page.click('main button[value="send"]');
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 3);
    await page.click('main button[value="send"]');
    await page.locator(".confirmation").waitFor();
    await page.context().close();
  });

  test(`X-3: paused, resumed and taken back by keyboard, and found again after a reload, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    await page.route(/\/uploads\/[^/]+$/, async (route) => {
      if (route.request().method() === "PATCH") await new Promise((done) => setTimeout(done, 300));
      await route.continue();
    });
    const big = file("gros.pdf", bundle(3_000_000));
    await page.setInputFiles("#file", [big, file("petit.pdf", pdf("Petit"))]);
    await page.waitForFunction(() => document.querySelector("progress").value > 10);
    await look(page, "upload-under-way", { language });
    await page.locator(".uploads .pause").first().focus();
    await page.keyboard.press("Enter");
    await reached(page, ["paused", "ready"]);
    assert.match(await page.locator(".uploads .state").first().innerText(), WORDS[language].paused);
    await look(page, "upload-paused", { language });
    const percent = await page.locator("progress").first().evaluate((bar) => bar.value);
    await page.keyboard.press("Enter");
    await reached(page, ["ready", "ready"]);
    assert.ok(percent > 0 && percent < 100, `${percent} %`);
    await page.locator(".uploads .cancel").last().focus();
    await page.keyboard.press("Enter");
    await reached(page, ["ready"]);
    page.on("dialog", (dialog) => dialog.accept());
    await page.reload();
    await reached(page, ["ready"]);
    await look(page, "upload-found-again", { language });
    await page.locator(".uploads .cancel").click();
    await reached(page, []);
    await page.context().close();
  });

  test(`SUB-1, X-3: whoever cancels leaves no file behind, and one of a closed tab says that it dates from before, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    const address = page.url();
    await page.setInputFiles("#file", [file("bon.pdf", pdf("Bon"))]);
    await reached(page, ["ready"]);
    assert.equal(await page.locator(".uploads .before").isVisible(), false, "it was just added");
    const kept = async () => (await page.request.get(await page.locator("[data-uploads]").getAttribute("data-uploads"))).json();
    await page.goto(address);
    await reached(page, ["ready"]);
    assert.equal(await page.locator(".uploads .before").innerText(), WORDS[language].before);
    assert.ok((await page.locator('.uploads [role="status"]').innerText()).includes(WORDS[language].before), "said, too");
    await page.locator("form.stack > .buttons").getByRole("link", { name: WORDS[language].cancel }).click();
    await page.waitForURL((url) => !url.pathname.endsWith("/submit"));
    await page.goto(address);
    await page.waitForLoadState("networkidle");
    const { items } = await kept();
    assert.deepEqual([await states(page), items.filter(({ name }) => name === "bon.pdf")], [[], []]);
    await page.context().close();
  });

  test(`X-3: without a script the form sends the files itself, in ${language}`, async () => {
    const page = await openPage(browser, portal, { language, javaScript: false });
    await signIn(page, counsel);
    await page.locator("tbody th a").first().click();
    await page.getByRole("link", { name: WORDS[language].submit }).click();
    assert.equal(await page.locator(".uploads").isVisible(), false);
    await page.selectOption("#document_type", "disclosure");
    await page.setInputFiles("#file", [file("un.pdf", pdf("Un"))]);
    await page.locator("form.stack > .buttons button").click();
    assert.equal(await page.locator("tbody tr").count(), 1);
    await page.context().close();
  });

  test(`HELP-2: a session warns before it ends, and is extended by keyboard, in ${language}`, async () => {
    const page = await openPage(browser, portal, { language });
    await page.clock.install();
    await signIn(page, counsel);
    await page.clock.runFor(24 * 60_000);
    assert.equal(await page.locator("#session").isVisible(), false);
    await page.clock.runFor(2 * 60_000);
    await page.locator("#session").waitFor();
    await look(page, "session-warning", { language });
    await page.keyboard.press("Enter");
    await page.locator("#session").waitFor({ state: "hidden" });
    await page.clock.runFor(24 * 60_000);
    assert.equal(await page.locator("#session").isVisible(), false, "extended");
    await page.context().close();
  });
}

for (const [language, counsel] of [["fr", "counsel-a"], ["en", "counsel-b"]]) {
  test(`SUB-1, X-3: a file that broke off is never left out in silence, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    await page.route(/\/uploads\/[^/]+$/, async (route) => {
      if (route.request().method() === "PATCH") await new Promise((done) => setTimeout(done, 300));
      await route.continue();
    });
    await page.setInputFiles("#file", [file("gros.pdf", bundle(3_000_000))]);
    await page.waitForFunction(() => document.querySelector("progress").value > 10);
    page.on("dialog", (dialog) => dialog.accept());
    await page.reload();
    await reached(page, ["again"]);
    await page.selectOption("#document_type", "disclosure");
    await page.setInputFiles("#file", [file("petit.pdf", pdf("Petit"))]);
    await reached(page, ["again", "ready"]);
    await page.locator("form.stack > .buttons button").click();
    await page.locator(".uploads .unfinished").waitFor();
    assert.match(page.url(), /\/submit$/);
    await page.locator(".uploads .cancel").first().click();
    await reached(page, ["ready"]);
    await page.locator("form.stack > .buttons button").click();
    await page.waitForURL(/\/drafts\//);
    assert.deepEqual(await page.locator("tbody th").allInnerTexts(), ["petit.pdf"]);
    await page.context().close();
  });

  test(`X-3, HELP-2: a session that ends pauses a file; signed in again in another tab, it goes on, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    const sent = [];
    await page.route(/\/uploads\/[^/]+$/, async (route) => {
      if (route.request().method() === "PATCH") {
        sent.push(route.request().headers()["upload-offset"]);
        await new Promise((done) => setTimeout(done, 200));
      }
      await route.continue();
    });
    await page.setInputFiles("#file", [file("gros.pdf", bundle(3_000_000))]);
    await page.waitForFunction(() => document.querySelector("progress").value > 10);
    await page.context().clearCookies();
    await reached(page, ["paused"]);
    assert.match(await page.locator(".uploads .state").innerText(), WORDS[language].ended);
    assert.match(await page.locator('.uploads [role="status"]').innerText(), WORDS[language].ended, "said, too");
    await look(page, "upload-signed-out", { language });
    const other = await page.context().newPage();
    await signIn(other, counsel);
    await page.bringToFront();
    await page.locator(".uploads .pause").focus();
    await page.keyboard.press("Enter");
    await reached(page, ["ready"]);
    assert.equal(sent.filter((offset) => offset === "0").length, 1, `it went on: ${sent}`);
    await page.context().close();
  });

  test(`X-3: of a double click the first is sent, and a line that stands still is waited for, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    let still = 2;
    await page.route(/\/uploads\/[^/]+$/, async (route) => {
      if (route.request().method() === "PATCH" && still-- > 0) {
        const [status, type] = still === 1 ? [408, "request-too-slow"] : [400, "upload-interrupted"];
        const said = { type: `urn:mondossier:problem:${type}`, title: "…" };
        await route.fulfill({ status, contentType: "application/problem+json", body: JSON.stringify(said) });
      } else await route.continue();
    });
    await page.setInputFiles("#file", [file("un.pdf", pdf("Un"))]);
    await reached(page, ["ready"]);
    assert.ok(still <= 0, "it was tried again");
    let begun = 0;
    await page.route(/\/submit$/, async (route) => {
      if (route.request().method() === "POST") begun += 1;
      await new Promise((done) => setTimeout(done, 500));
      await route.continue();
    });
    await page.locator("form.stack > .buttons button").dblclick({ noWaitAfter: true });
    await page.waitForURL(/\/drafts\//);
    assert.deepEqual([begun, await page.locator("tbody th").allInnerTexts()], [1, ["un.pdf"]]);
    await page.context().close();
  });

  test(`X-3: files that are chosen before the script is there are sent by it, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    let comes;
    const awaited = new Promise((resolve) => (comes = resolve));
    await page.route(/upload[^/]*\.js$/, async (route) => {
      await awaited;
      await route.continue();
    });
    await page.reload({ waitUntil: "commit" });
    await page.setInputFiles("#file", [file("un.pdf", pdf("Un")), file("deux.pdf", pdf("Deux"))]);
    assert.equal(await page.locator("[data-uploads]").isHidden(), true, "without the script, it is a form like any other");
    comes();
    await reached(page, ["ready", "ready"]);
    await page.context().close();
  });

  test(`Q-7, X-3: where the portal takes nothing now, it says so, and goes on by itself, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    let away = true;
    await page.route(/\/uploads\/[^/]+$/, async (route) => {
      if (route.request().method() !== "PATCH" || !away) return route.continue();
      const said = { type: "urn:mondossier:problem:virus-scanner-away", title: "…", status: 503 };
      await route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(said) });
    });
    await page.setInputFiles("#file", [file("un.pdf", pdf("Un"))]);
    await page.locator(".uploads .state").filter({ hasText: WORDS[language].putOff }).waitFor();
    await look(page, "upload-put-off", { language });
    away = false;
    await reached(page, ["ready"]);
    await page.context().close();
  });

  test(`HELP-2: the button at the foot extends the session and loses nothing that was typed, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    await page.fill("#note", "Typed");
    const foot = page.locator("footer form.stay");
    await foot.getByRole("button", { name: WORDS[language].extend }).click();
    await foot.getByText(WORDS[language].extended).waitFor();
    assert.equal(await page.inputValue("#note"), "Typed");
    assert.equal(page.context().pages().length, 1);
    await page.context().close();
  });

  test(`X-3: where too many files wait, the next one says so, and goes on when a place is free, in ${language}`, async () => {
    const page = await openForm(counsel, language);
    let full = true;
    await page.route(/\/uploads$/, async (route) => {
      if (route.request().method() !== "POST" || !full) return route.continue();
      const title = language === "fr" ? "Trop de fichiers attendent déjà." : "Too many files are waiting already.";
      const said = { type: "urn:mondossier:problem:too-many-uploads", title, status: 429 };
      await route.fulfill({ status: 429, contentType: "application/problem+json", body: JSON.stringify(said) });
    });
    await page.setInputFiles("#file", [file("un.pdf", pdf("Un")), file("deux.pdf", pdf("Deux"))]);
    await reached(page, ["paused", "paused"]);
    assert.match(await page.locator(".uploads .state").first().innerText(), WORDS[language].full);
    await look(page, "upload-full", { language });
    full = false;
    await page.locator(".uploads .pause").first().click();
    await reached(page, ["ready", "paused"]);
    await page.locator(".uploads .cancel").first().click();
    await reached(page, ["ready"]);
    await page.context().close();
  });

  for (const everywhere of [false, true]) {
    const way = everywhere ? "signs out everywhere" : "signs out";
    test(`REG-6: whoever ${way} leaves nothing behind in the browser, in ${language}`, async () => {
      const page = await openForm(counsel, language);
      await page.setInputFiles("#file", [file("un.pdf", pdf("Un"))]);
      await reached(page, ["ready"]);
      const kept = () => page.evaluate(() => Object.keys(localStorage).sort());
      assert.deepEqual(await kept(), ["mondossier-session-used", "mondossier-uploads"]);
      // As in a browser that does not know the header by which the server says it.
      await page.route(/\/sign-out(-everywhere)?$/, async (route) => {
        const answer = await route.fetch({ maxRedirects: 0 });
        const { "clear-site-data": _, ...headers } = answer.headers();
        await route.fulfill({ response: answer, headers });
      });
      page.on("dialog", (dialog) => dialog.accept());
      if (everywhere) await page.goto(`/${language}/account`);
      const name = WORDS[language][everywhere ? "everywhere" : "leave"];
      const before = new URL(page.url()).pathname;
      await page.getByRole("button", { name, exact: true }).click();
      await page.waitForURL((address) => address.pathname !== before);
      assert.deepEqual(await kept(), []);
      await page.context().close();
    });
  }
}

test("X-3: a page that was stopped on its way can be sent again", async () => {
  const page = await openForm("counsel-a", "fr");
  await page.setInputFiles("#file", [file("un.pdf", pdf("Un"))]);
  await reached(page, ["ready"]);
  let begun = 0;
  await page.route(/\/submit$/, async (route) => {
    begun += route.request().method() === "POST" ? 1 : 0;
    // The browser stays where it is, as where somebody stops it.
    await (begun === 1 ? route.fulfill({ status: 204 }) : route.continue());
  });
  const button = page.locator("form.stack > .buttons button");
  await button.click();
  await page.waitForTimeout(11_000);
  await button.click();
  await page.waitForURL(/\/drafts\//);
  assert.equal(begun, 2);
  await page.context().close();
});

test("X-3: after a reload the same file goes on; the server is killed, comes back, and nothing is sent twice or lost", async () => {
  const page = await openForm("counsel-a", "fr");
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") sent.push(request.headers()["upload-offset"]);
  });
  await page.route(/\/uploads\/[^/]+$/, async (route) => {
    if (route.request().method() === "PATCH") await new Promise((done) => setTimeout(done, 150));
    await route.continue();
  });
  const bytes = bundle(6_000_000);
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  const path = join(folder, "dossier.pdf");
  await writeFile(path, bytes);
  await page.setInputFiles("#file", [path]);
  await page.waitForFunction(() => document.querySelector("progress").value > 5);
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  await reached(page, ["again"]);
  assert.match(await page.locator(".uploads .state").innerText(), WORDS.fr.again);
  await look(page, "upload-again", { language: "fr" });
  await page.selectOption("#document_type", "disclosure");
  await page.locator("form.stack > .buttons button").click();
  await page.locator(".uploads .unfinished").waitFor();
  for (const said of [".state", '[role="status"]']) assert.match(await page.locator(`.uploads ${said}`).innerText(), /avant de continuer/);
  await look(page, "upload-again-first", { language: "fr" });
  await page.setInputFiles("#file", [path]);
  await page.waitForFunction(() => document.querySelector("progress").value > 20);
  // The browser itself says so, again at each try.
  page.serverGone = true;
  await portal.kill();
  await page.waitForFunction(() => /perdue/.test(document.querySelector(".uploads .state").innerText));
  await look(page, "upload-lost", { language: "fr" });
  await portal.again();
  await page.waitForFunction(() => document.querySelector(".uploads li").dataset.state === "ready", null, { timeout: 90_000 });
  page.serverGone = false;
  assert.ok(new Set(sent).size > 3 && sent.filter((offset) => offset === "0").length === 1, `${sent}`);
  await page.locator("form.stack > .buttons button").click();
  await page.click('main button[value="send"]');
  await page.locator(".confirmation").waitFor();
  const waiting = await portal.asked("/registry/submissions?acknowledged=false&limit=100", "registry");
  const received = waiting.items.find((one) => one.files.some((each) => each.name === "dossier.pdf"));
  const number = received.files.findIndex((each) => each.name === "dossier.pdf") + 1;
  const download = await fetch(`${portal.api}/registry/submissions/${received.id}/files/${number}`, {
    headers: { authorization: `Bearer ${portal.people.registry.token}` },
  });
  assert.ok(Buffer.from(await download.arrayBuffer()).equals(bytes), "byte for byte");
  await rm(folder, { recursive: true });
  await page.context().close();
});

test("X-3: a client of others' making creates, resumes and ends uploads", async () => {
  const account = portal.people["counsel-a"].account_id;
  const { items } = await portal.asked(`/counsels/${account}/cases`, "counsel-a");
  const endpoint = `${portal.api}/counsels/${account}/cases/${items[0].id}/uploads`;
  const headers = { Authorization: `Bearer ${portal.people["counsel-a"].token}` };
  const bytes = pdf("Par tus-js-client", 40);
  const metadata = { filename: "Pièce tus.pdf", filetype: "application/pdf" };
  const begun = (options) =>
    new Promise((resolve, reject) => {
      const upload = new tus.Upload(bytes, { endpoint, headers, metadata, chunkSize: 1024, retryDelays: [], onError: reject, onSuccess: () => resolve(upload), ...options });
      options.found?.(upload);
      upload.start();
    });
  let first;
  await new Promise((resolve, reject) => {
    begun({ found: (upload) => (first = upload), onChunkComplete: () => first.abort().then(resolve) }).catch(reject);
  });
  assert.ok(first.url);
  const whole = await begun({ uploadUrl: first.url });
  const seen = await (await fetch(whole.url, { headers })).json();
  assert.deepEqual([seen.state, seen.name, seen.size], ["ready", "Pièce tus.pdf", bytes.length]);
  await tus.Upload.terminate(whole.url, { headers });
  assert.equal((await fetch(whole.url, { headers })).status, 404);
});
