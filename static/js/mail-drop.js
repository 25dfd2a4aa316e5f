// An e-mail that is dropped anywhere on the page is sent as if it had been chosen in the field.

const place = document.querySelector("[data-drop]");
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
let within = 0;

function show(over) {
  place.classList.toggle("is-over", over);
  if (over) place.open = true;
}

if (place) {
  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    within += 1;
    show(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!holdsFiles(event)) return;
    within -= 1;
    if (within <= 0) show(false);
  });
  // Without this the browser would leave the page to show the file.
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    within = 0;
    show(false);
    const form = place.querySelector("form");
    const first = event.dataTransfer.files[0];
    if (!first) return;
    const chosen = new DataTransfer();
    chosen.items.add(first);
    form.querySelector('input[type="file"]').files = chosen.files;
    form.requestSubmit();
  });
}
