// Opens pages in Chromium, and looks at each: one heading, the right language, nothing that axe-core objects to (WCAG 2.2 AA), no request
// to another host, nothing that the content security policy stopped, not much to load. With `MONDOSSIER_PICTURES=1`, keeps a picture of each.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import axe from "axe-core";
import { chromium } from "playwright-core";

const PICTURES = process.env.MONDOSSIER_PICTURES === "1" && new URL("screenshots/", import.meta.url).pathname;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// A page with its stylesheet, icon and script, before anything is compressed.
const MOST_BYTES = 60 * 1024;

// Where this process has looked: the path, the language, the status of the answer, the name.
export const looked = [];

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
}

// A page of somebody's own browser, whose complaints are kept.
export async function openPage(browser, portal, { language = "fr", javaScript = true } = {}) {
  const context = await browser.newContext({
    baseURL: portal.portal,
    locale: language === "fr" ? "fr-CA" : "en-CA",
    javaScriptEnabled: javaScript,
    viewport: { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  // A click waits until the page that it leads to begins to come, and not until it is there, with its scripts.
  const frame = page.mainFrame();
  const click = frame.click.bind(frame);
  frame.click = async (...words) => {
    await click(...words);
    if (!page.isClosed()) await frame.waitForLoadState("domcontentloaded");
  };
  page.withoutScripts = !javaScript;
  page.complaints = [];
  page.on("console", (message) => {
    const told = ["the server responded with a status of", ...(page.serverGone ? ["net::ERR_"] : [])];
    if (message.type() === "error" && !told.some((one) => message.text().includes(one))) page.complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (portal.people && !request.url().startsWith(portal.portal)) page.complaints.push(`asked ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.request().isNavigationRequest()) page.answered = response.status();
  });
  return page;
}

export async function signIn(page, person) {
  await page.goto("/demo/sign-in");
  await page.click(`button[value="${person}"]`);
  // A click does not wait for the page that it leads to.
  await page.waitForURL((url) => url.pathname !== "/demo/sign-in");
}

// What axe-core finds. It waits between its steps, and where scripts are off no timer ever ends: its next step is then taken at once.
async function examine(page, onPaper) {
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    if (page.withoutScripts) {
      await page.evaluate(() => {
        globalThis.setTimeout = (step, milliseconds = 0) => void (milliseconds < 50 && Promise.resolve().then(step));
      });
    }
    await page.evaluate(axe.source);
  }
  // Only what is wrong or in doubt is wanted, and there is no stylesheet of others' that it would have to fetch first.
  const options = { runOnly: RULES, resultTypes: ["violations", "incomplete"], preload: false, rules: { "target-size": { enabled: !onPaper } } };
  return page.evaluate((asked) => globalThis.axe.run(document, asked), options);
}

// Text in the colour of what it stands on: axe-core only doubts it, for it may be hidden on purpose.
function unseen(found) {
  const nodes = found.incomplete.filter((one) => one.id === "color-contrast").flatMap((one) => one.nodes);
  const same = nodes.filter((node) => node.any.some((check) => check.data?.messageKey === "equalRatio"));
  return same.map((node) => `as its ground: ${node.target}`);
}

// Chromium without a screen now and then stops drawing a page until something asks it to: what hangs on a drawn page and does not come is
// asked for again, at another size.
async function drawn(page, asked) {
  const size = page.viewportSize();
  for (let tries = 1; ; tries += 1) {
    try {
      return await asked({ timeout: 10_000 });
    } catch (error) {
      if (error.name !== "TimeoutError" || tries === 4) throw error;
    }
    await page.setViewportSize({ width: size.width, height: size.height + 1 });
    await page.bringToFront();
    await page.setViewportSize(size);
  }
}

// Waits for what takes the focus as a page opens: a browser gives it when it first draws the page, which may be after its load.
export async function takesFocus(page, id) {
  const has = (id) => document.activeElement.id === id;
  await drawn(page, ({ timeout }) => page.waitForFunction(has, id, { timeout, polling: 50 }));
}

// How a page looks, and what axe-core finds, hangs on the width and hardly on the language, and takes longer than everything else: each page is
// looked at closely wide in one language and narrow in the other.
const CLOSELY = { fr: "wide", en: "narrow" };

// `onPaper`: nobody points at a link there, so its size does not matter.
export async function look(page, name, { language, onPaper = false }) {
  assert.equal(await page.locator("html").getAttribute("lang"), language, `${name}: language`);
  assert.equal(await page.locator("h1").count(), 1, `${name}: one heading`);
  assert.notEqual((await page.title()).trim(), "", `${name}: title`);
  const bytes = await page.evaluate(() => {
    const parts = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return parts.reduce((sum, part) => sum + part.decodedBodySize, 0);
  });
  assert.ok(bytes < MOST_BYTES, `${name}: ${bytes} bytes with everything that it needs`);
  looked.push({ path: new URL(page.url()).pathname, language, status: page.answered, name });
  // A page behind another is not drawn.
  await page.bringToFront();
  if (PICTURES) await mkdir(PICTURES, { recursive: true });
  for (const [width, size] of [["wide", 1280], ["narrow", 320]]) {
    await page.setViewportSize({ width: size, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${name}: ${overflow} px too wide at ${size} px`);
    if (width !== CLOSELY[language]) continue;
    if (PICTURES) {
      const path = `${PICTURES}${name}.${language}.${width}.png`;
      await drawn(page, ({ timeout }) => page.screenshot({ path, fullPage: true, timeout }));
    }
    const found = await examine(page, onPaper);
    const said = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(", ")}`);
    // Forced colours are the browser's, of which axe-core sees a part.
    const forced = await page.evaluate(() => matchMedia("(forced-colors: active)").matches);
    if (!forced) said.push(...unseen(found));
    assert.deepEqual(said, [], `${name} at ${size} px`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.deepEqual(page.complaints, [], `${name}: complaints of the browser`);
}
