// What every page needs of JavaScript. Everything here only makes quicker or safer what works without it.

// htmx sends the CSRF token as a header, since its requests need not come from a form.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token;
});

/** Asks in a native dialog; resolves to true when the answer is yes. */
function ask(question, label, color) {
  const dialog = document.getElementById("confirm-template").content.firstElementChild.cloneNode(true);
  const yes = dialog.querySelector('[data-answer="yes"]');
  dialog.querySelector("#confirm-text").textContent = question;
  yes.textContent = label;
  if (color) yes.dataset.color = color;
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("click", (event) => {
      const answer = event.target.closest("[data-answer]")?.dataset.answer;
      if (answer) dialog.close(answer);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await ask(form.dataset.confirm, button.textContent.trim(), button.dataset.color)) {
      form.dataset.confirmed = "yes";
      form.requestSubmit(button);
      delete form.dataset.confirmed;
    } else {
      button.focus();
    }
  }
}, true);

// A second tap on a slow line must not save twice. The button's own name and value are already in the request.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => ready(form), 10_000);
});

function ready(form) {
  delete form.dataset.sending;
  delete form.dataset.confirmed;
  form.querySelector('[aria-busy="true"]')?.removeAttribute("aria-busy");
}

// Coming back with the browser's back button finds the form as it was left: ready to be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending], form[data-confirmed]")) ready(form);
});

// Screen readers announce what changes inside a status region, not what was there from the start.
for (const region of document.querySelectorAll("[data-messages]")) {
  if (region.childElementCount) {
    const messages = [...region.children];
    setTimeout(() => region.replaceChildren(...messages), 150);
  }
}

// A region that does not scroll needs no tab stop.
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const watchRegions = (root) => {
  for (const region of root.querySelectorAll(".table-scroll")) sizes.observe(region);
};
watchRegions(document);
document.addEventListener("htmx:after:swap", () => watchRegions(document));

// Escape and a click outside close the menus.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = event.target.closest?.("details.user-menu[open], details.site-menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.user-menu[open], details.site-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
