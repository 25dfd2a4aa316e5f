// Suggestions in a field of several words with commas between: a browser's own list knows only the whole field.
for (const input of document.querySelectorAll("input[data-words][list]")) {
  const list = document.getElementById(input.getAttribute("list"));
  const words = [...list.options].map((option) => option.value);
  input.addEventListener("input", () => {
    const typed = input.value.slice(0, input.value.lastIndexOf(",") + 1);
    const used = new Set(typed.split(",").map((word) => word.trim().toLowerCase()));
    const before = typed && `${typed.trim()} `;
    list.replaceChildren(...words.filter((word) => !used.has(word.toLowerCase())).map((word) => {
      const option = document.createElement("option");
      option.value = before + word;
      return option;
    }));
  });
}
