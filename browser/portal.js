// A demonstration of its own for each story: the real program on an empty folder, stopped when the story ends.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export async function startPortal(environment = {}) {
  const program = process.env.MONDOSSIER_PORTAL_BIN ?? "../target/debug/portal";
  const folder = await mkdtemp(join(tmpdir(), "portal-"));
  let child;
  let ended;
  const start = async (address) => {
    child = spawn(program, ["demo", "--listen", address, "--print-json", "--data-dir", folder], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    const running = child;
    ended = new Promise((resolve) => running.once("exit", resolve));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await Promise.race([lines.next(), ended.then(() => ({ value: undefined }))]);
    if (first.value === undefined) throw new Error("the portal did not start");
    return JSON.parse(first.value);
  };
  const told = await start("127.0.0.1:0");
  return {
    ...told,
    folder,
    async asked(path, who) {
      const answer = await fetch(told.api + path, { headers: { authorization: `Bearer ${told.people[who].token}` } });
      return answer.json();
    },
    async mailbox() {
      const answer = await fetch(`${told.portal}/demo/mailbox`, { headers: { accept: "application/json" } });
      return answer.json();
    },
    // A notice to an address that begins so comes back, as the mail server's own report would say.
    async bounce(address) {
      const mailbox = join(folder, "mailbox");
      for (const name of await readdir(mailbox)) {
        const text = await readFile(join(mailbox, name), "utf8");
        if (!text.includes(address)) continue;
        const answer = await fetch(`${told.api}/registry/bounces`, {
          method: "POST",
          headers: { authorization: `Bearer ${told.people.cms.token}`, "content-type": "application/json" },
          body: JSON.stringify({ message_id: `<${name.split(".")[0]}@tribunal.example>` }),
        });
        if (answer.ok) return;
      }
      throw new Error(`no notice to ${address} was caught`);
    },
    // As if the machine lost its power.
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    // The same data at the same address.
    async again() {
      Object.assign(this, await start(new URL(told.portal).host));
    },
    async stop() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
