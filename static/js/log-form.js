// The log form, made quicker. Without this file it works by sending the form and getting it back.

const form = document.getElementById("log-form");
const field = (name) => form.elements.namedItem(name);

// --- Focus goes where the work goes on ---------------------------------------------------------------------------

customElements.whenDefined("crm-combobox").then(() => {
  const blank = !form.querySelector("[name=organisation], [aria-invalid=true]") && !field("notes").value;
  if (blank && !document.querySelector(".error-summary, .conflict")) field("organisation_query").focus({ preventScroll: true });
});

form.querySelector(".follow-up").addEventListener("toggle", (event) => {
  if (event.target.open && event.target.contains(document.activeElement)) field("follow_up_text").focus();
});

// --- What it is saved as follows from the day ----------------------------------------------------------------------

const primary = form.querySelector("[data-switch]");

function isAhead() {
  const day = field("date").value;
  if (day !== form.dataset.today) return day > form.dataset.today;
  const now = new Date().toLocaleTimeString("nb-NO", { timeZone: "Europe/Oslo", hour: "2-digit", minute: "2-digit" });
  return field("starts_at").value > now;
}

function nameButton() {
  if (!primary) return;
  primary.value = isAhead() ? "planned" : "held";
  primary.textContent = primary.dataset[primary.value];
  const first = form.querySelector('button[name="status"]');
  if (first !== primary) first.value = primary.value;
}

// --- People and measures follow organisation, kind and day --------------------------------------------------------

const refresh = () => form.dispatchEvent(new CustomEvent("refreshchoices"));

form.addEventListener("change", (event) => {
  const name = event.target.name;
  if (name === "date" || name === "kind") refresh();
  if (name === "date" || name === "starts_at") nameButton();
});
form.addEventListener("combobox:change", (event) => {
  if (event.detail.name === "organisation") refresh();
});
nameButton();

// --- New organisations and new people ---------------------------------------------------------------------------------

const people = form.querySelector(".new-people");

form.addEventListener("combobox:create", (event) => {
  const { name, query } = event.detail;
  if (name === "organisation") {
    window.open(`${form.dataset.newOrganisation}?name=${encodeURIComponent(query)}`, "_blank", "noopener");
    return;
  }
  people.open = true;
  const empty = [...people.querySelectorAll("[data-person]")].find((person) => !person.querySelector("input").value);
  const input = (empty ?? onePerson()).querySelector("input");
  input.value = query;
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
});

/** One more set of fields for somebody new. */
function onePerson() {
  const all = people.querySelectorAll("[data-person]");
  const last = all[all.length - 1];
  const made = last.cloneNode(true);
  const renamed = (value) => value.replace(/new_contacts-\d+/g, `new_contacts-${all.length}`);
  for (const element of made.querySelectorAll("[id], [for], [name]")) {
    for (const name of ["id", "for", "name", "aria-describedby"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, renamed(element.getAttribute(name)));
    }
    if (element.localName === "input") {
      element.value = "";
      element.removeAttribute("aria-invalid");
      element.removeAttribute("aria-describedby");
    }
  }
  for (const error of made.querySelectorAll('[data-field="validation"]')) error.remove();
  last.after(made);
  return made;
}

form.querySelector("[data-add-person]").addEventListener("click", (event) => {
  event.preventDefault();
  if (people.querySelectorAll("[data-person]").length < 10) onePerson().querySelector("input").focus();
});

// --- The tree of measures ----------------------------------------------------------------------------------------

const folded = (text) => text.toLocaleLowerCase("nb").normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

function prepareMeasures() {
  const all = form.querySelector(".all-measures");
  if (!all || all.dataset.ready) return;
  all.dataset.ready = "yes";
  for (const twin of all.querySelectorAll("[data-twin]")) {
    const other = document.getElementById(twin.dataset.twin);
    twin.disabled = false;
    twin.addEventListener("change", () => {
      other.checked = twin.checked;
      other.dispatchEvent(new Event("change", { bubbles: true }));
    });
    other.addEventListener("change", () => { twin.checked = other.checked; });
  }
  for (const note of all.querySelectorAll(".twin-note")) note.remove();
  const search = all.querySelector(".measure-search");
  const none = all.querySelector(".measure-none");
  search.hidden = false;
  const input = search.querySelector("input");
  input.addEventListener("input", () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let hits = 0;
    for (const area of all.querySelectorAll("[data-area]")) {
      let inArea = 0;
      for (const strategy of area.querySelectorAll("[data-strategy]")) {
        let inStrategy = 0;
        for (const measure of strategy.querySelectorAll("[data-measure]")) {
          const text = folded(measure.textContent);
          measure.hidden = !words.every((word) => text.includes(word));
          if (!measure.hidden) inStrategy += 1;
        }
        strategy.hidden = inStrategy === 0;
        inArea += inStrategy;
      }
      area.hidden = inArea === 0;
      area.open = words.length > 0 && inArea > 0;
      hits += inArea;
    }
    none.hidden = hits > 0;
    none.textContent = hits > 0 ? "" : none.dataset.none;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

prepareMeasures();
document.addEventListener("htmx:after:swap", prepareMeasures);

// --- Notes grow where the browser does not do it itself ------------------------------------------------------------

if (!CSS.supports("field-sizing", "content")) {
  const notes = field("notes");
  const grow = () => {
    notes.rows = Math.min(Math.max(5, notes.value.split("\n").length + Math.floor(notes.value.length / 60)), 30);
  };
  notes.addEventListener("input", grow);
  grow();
}
