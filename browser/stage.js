// What most stories play on: a demonstration and a browser, there before the first test of a file and gone after its last. The test runner
// gives each file a process, so that each has its own.

import { after, before } from "node:test";
import { openBrowser } from "./look.js";
import { startPortal } from "./portal.js";

export let portal;
export let browser;

// Called once at the head of a file, with the settings that its stories need.
export function stage(environment) {
  before(async () => {
    portal = await startPortal(environment);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
  });
}
