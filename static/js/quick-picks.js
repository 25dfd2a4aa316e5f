// Dates that are one tap away. Without this file they are typed or picked in the date field.

for (const picks of document.querySelectorAll("[data-picks]")) {
  const input = picks.closest("form").elements.namedItem(picks.dataset.picks);
  const mark = () => {
    for (const pick of picks.children) pick.setAttribute("aria-pressed", String(pick.value === input.value));
  };
  picks.hidden = false;
  picks.addEventListener("click", (event) => {
    const pick = event.target.closest("button");
    if (!pick) return;
    input.value = pick.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", mark);
  mark();
}
