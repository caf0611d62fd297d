// Of a session's pages: warns before it ends, and lets its person stay, by keyboard too (HELP-2). Every word is the page's; without this script
// the foot of the page says when the session ends, and its button opens another page, so that what was typed on this one stays.

const USED = "mondossier-session-used";
const EVERY = 1000;

const dialog = document.getElementById("session");
const { idle, longest, warning, inMinutes, inOneMinute, forGood, over } = dialog.dataset;
const [words, stay] = [dialog.querySelector("p"), dialog.querySelector("form.stay")];
const loaded = Date.now();
// Seconds from one use to the end; the page itself was the last one.
const endsForGood = loaded + Number(longest) * 1000;
const mayBeIdle = Number(idle) * 1000;
let used = loaded;

function note() {
  used = Date.now();
  try {
    localStorage.setItem(USED, used);
  } catch {
    // Then the other tabs warn of their own accord.
  }
}

// Another tab's use is a use of the same session.
addEventListener("storage", (event) => {
  if (event.key === USED) used = Math.max(used, Number(event.newValue));
});
document.addEventListener("session-used", note);

function look() {
  const ends = Math.min(used + mayBeIdle, endsForGood);
  const left = ends - Date.now();
  if (left > Number(warning) * 1000) {
    if (dialog.open) dialog.close();
    return;
  }
  const minutes = Math.ceil(left / 60_000);
  const extensible = ends < endsForGood;
  const text = left <= 0 ? over : (extensible ? "" : `${forGood} `) + (minutes > 1 ? inMinutes.replace("{minutes}", minutes) : inOneMinute);
  if (words.textContent !== text) words.textContent = text;
  stay.hidden = left <= 0 || !extensible;
  if (!dialog.open && dialog.dataset.dismissed !== text) dialog.showModal();
}

for (const form of document.querySelectorAll("form.stay")) {
  form.querySelector(".unseen")?.remove();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) note();
    const said = form.querySelector('[role="status"]');
    if (said && answer?.ok) said.textContent = form.dataset.extended;
    look();
  });
}
// Escape is "later": the same words do not come back, the next ones do.
dialog.addEventListener("close", () => {
  dialog.dataset.dismissed = words.textContent;
});

// Whoever signs out leaves nothing behind. The server says so too, but not every browser listens.
for (const form of document.querySelectorAll("[data-leaves]")) {
  form.addEventListener("submit", () => {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("mondossier-")) localStorage.removeItem(key);
    } catch {
      // Then nothing was kept either.
    }
  });
}

// The second click of one hand is no second request. The server does what it can once, but a wrong code that is sent twice is two tries.
const A_DOUBLE_CLICK = 1500;
let sent = { at: 0, by: null };
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const by = event.submitter ?? event.target;
  if (sent.by === by && Date.now() - sent.at < A_DOUBLE_CLICK) event.preventDefault();
  else sent = { at: Date.now(), by };
});

note();
setInterval(look, EVERY);
