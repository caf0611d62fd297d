// The guides' pictures. Stories write them where they would be looked at, and only when asked: `MONDOSSIER_GUIDE_PICTURES=1`.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { withPalette } from "./palette.js";

const FOLDER = new URL("../docs/guide/", import.meta.url).pathname;
const WIDTH = 1120;
const MOST_BYTES = 60 * 1024;

export const wanted = process.env.MONDOSSIER_GUIDE_PICTURES === "1";

// The page as a reader of the guide would see it, from its top down to `height`: without the demonstration's own bar.
export async function picture(page, name, language, { height = 840 } = {}) {
  if (!wanted) return;
  await page.setViewportSize({ width: WIDTH, height });
  await page.evaluate(() => document.querySelector(".demonstration")?.remove());
  await page.evaluate(() => document.activeElement?.blur());
  await page.mouse.move(0, 0);
  const bottom = await page.evaluate(() => document.querySelector("main").getBoundingClientRect().bottom);
  const clip = { x: 0, y: 0, width: WIDTH, height: Math.min(height, Math.ceil(bottom)) };
  const png = withPalette(await page.screenshot({ clip, scale: "css" }));
  assert.ok(png.length < MOST_BYTES, `${name}: ${png.length} bytes`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}${name}.${language}.png`, png);
  await page.setViewportSize({ width: 1280, height: 800 });
}
