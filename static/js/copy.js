// A button that copies a field. Without JavaScript it stays hidden, and the field can be marked and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // not served over TLS
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 2_000);
  });
}
