// Keeps what is typed into the log form in this browser, and offers it again to the same user. Forgotten once saved.

const PREFIX = "draft:";
const WAIT = 400; // milliseconds of silence before it is kept
const DAYS = 14;
const form = document.querySelector("form[data-draft-user]");

const stored = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// --- Forgetting what has been saved, and what has grown old -----------------------------------------------------------

const saved = document.cookie.match(/(?:^|; )saved_form=([^;]+)/)?.[1];
if (saved) {
  for (const key of stored()) if (key.endsWith(`:${saved}`)) localStorage.removeItem(key);
  document.cookie = "saved_form=; Max-Age=0; Path=/; SameSite=Lax";
}
for (const key of stored()) {
  const draft = read(key);
  if (!draft || Date.now() - draft.at > DAYS * 86_400_000) localStorage.removeItem(key);
}

if (form) {
  const address = new URL(form.action).pathname;
  const mine = `${PREFIX}${form.dataset.draftUser}:${address}:`;
  const ownKey = mine + form.elements.namedItem("submission_key").value;
  const status = form.querySelector("[data-draft-status]");
  let timer = 0;
  let dirty = false;

  const clock = (at, options) => new Intl.DateTimeFormat(document.documentElement.lang, options).format(at);
  const told = (at) =>
    new Date(at).toDateString() === new Date().toDateString()
      ? clock(at, { hour: "2-digit", minute: "2-digit" })
      : clock(at, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });

  const keep = () => {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    const entries = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
    const about = form.querySelector(".chosen-label")?.textContent ?? "";
    try {
      localStorage.setItem(ownKey, JSON.stringify({ at: Date.now(), about, entries }));
      if (status) status.textContent = status.dataset.draftStatus.replace("{time}", told(Date.now()));
    } catch {
      // The browser keeps nothing more, or nothing at all: the form works as without this file.
    }
  };
  const later = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("combobox:change", later);
  form.addEventListener("submit", keep, true);
  document.addEventListener("visibilitychange", keep);
  window.addEventListener("pagehide", keep);

  // --- Offering what was left behind ------------------------------------------------------------------------------

  const offers = stored()
    .filter((key) => key.startsWith(mine) && key !== ownKey)
    .map((key) => ({ key, ...read(key) }))
    .sort((one, other) => other.at - one.at);

  const offer = () => {
    const place = document.querySelector("[data-draft-place]");
    const draft = offers.shift();
    place.hidden = !draft;
    if (!draft) return place.replaceChildren();
    const box = document.getElementById("draft-offer").content.firstElementChild.cloneNode(true);
    const text = box.querySelector("[data-draft-text]");
    text.textContent = text.dataset.draftText.replace("{time}", told(draft.at)) + (draft.about ? ` ${draft.about}` : "");
    box.querySelector("[data-draft-continue]").addEventListener("click", () => resume(draft));
    box.querySelector("[data-draft-discard]").addEventListener("click", () => {
      localStorage.removeItem(draft.key);
      offer();
    });
    return place.replaceChildren(box);
  };

  // The server fills the form in from what was kept, just as it does after an error.
  const resume = (draft) => {
    const carrier = document.createElement("form");
    carrier.method = "post";
    carrier.action = form.action;
    carrier.hidden = true;
    const token = form.elements.namedItem("csrf_token").value;
    for (const [name, value] of [["csrf_token", token], ...draft.entries, ["find", "draft"]]) {
      const area = document.createElement("textarea"); // keeps line breaks, unlike an input
      area.name = name;
      area.value = value;
      carrier.append(area);
    }
    document.body.append(carrier);
    carrier.submit();
  };

  if (!form.querySelector('[aria-invalid="true"]') && !document.querySelector(".error-summary, .conflict")) offer();
}
