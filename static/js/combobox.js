// <crm-combobox>: the server's picker (templates/components/combobox.html) as an ARIA 1.2 combobox with a listbox.
// Being a custom element, it starts by itself wherever htmx puts it.
// Sends combobox:change {name, values: [{id, label}]} and combobox:create {name, query}; both bubble.
// Methods for other scripts: add({id, label}), discard(id), clear(); property values.

const WAIT = 120; // milliseconds of silence before a search is sent

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

class Combobox extends HTMLElement {
  #input;
  #control;
  #list;
  #status;
  #chips;
  #options = [];
  #active = -1;
  #timer = 0;
  #request = null;
  #answers = new Map();

  connectedCallback() {
    if (this.#input) return;
    this.#input = this.querySelector(".combobox-control input");
    this.#control = this.querySelector(".combobox-control");
    const id = this.#input.id;
    this.#list = element("ul", { class: "combobox-list", role: "listbox", id: `${id}-list`, "aria-label": this.label });
    this.#list.hidden = true;
    this.#status = element("div", { class: "ds-sr-only", role: "status" });
    this.#chips = element("ul", { class: "combobox-chips", "aria-label": this.label });
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id,
      "aria-haspopup": "listbox", autocapitalize: "off", enterkeyhint: "search",
    })) this.#input.setAttribute(name, value);

    const base = this.querySelector(".combobox-base");
    const chosen = [...(base?.querySelectorAll("input:checked") ?? [])];
    for (const box of chosen) {
      const label = base.querySelector(`label[for="${CSS.escape(box.id)}"]`);
      this.#chip({ id: box.value, label: label.textContent.trim() });
    }
    base?.remove();
    this.querySelector(".combobox-find")?.remove();
    this.#control.append(this.#list);
    this.append(this.#chips, this.#status);
    this.#showControl();

    this.#input.addEventListener("input", () => this.#search(WAIT));
    this.#input.addEventListener("click", () => { if (this.#list.hidden) this.#search(0); });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#close());
    // The list is no tab stop: pressing in it must not take the focus from the field.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const row = event.target.closest('[role="option"]');
      if (row) this.#choose(this.#options[Number(row.dataset.index)]);
    });
    this.#chips.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) {
        this.discard(button.dataset.id);
        this.#input.focus();
      }
    });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  get minimum() { return Number(this.dataset.minChars); }
  get multiple() { return "multiple" in this.dataset; }
  get label() { return this.querySelector("label").firstChild.textContent.trim(); }
  get values() {
    return [...this.#chips.querySelectorAll("li")].map((item) => ({
      id: item.querySelector("input").value,
      label: item.querySelector(".chosen-label").textContent,
    }));
  }

  /** Adds a record to the chosen ones, as if it had been picked. */
  add(item) {
    if (!this.multiple) this.#chips.replaceChildren();
    if (!this.values.some((value) => value.id === String(item.id))) this.#chip(item);
    this.#changed();
  }

  clear() {
    this.#chips.replaceChildren();
    this.#changed();
  }

  /** Takes a record off the chosen ones. */
  discard(id) {
    for (const item of this.#chips.querySelectorAll("li")) {
      if (item.querySelector("input").value !== String(id)) continue;
      const name = item.querySelector(".chosen-label").textContent;
      item.remove();
      this.#say(this.dataset.textRemoved.replace("{name}", name));
    }
    this.#changed();
  }

  #chip(item) {
    const button = element("button", { type: "button", "data-id": item.id });
    button.setAttribute("aria-label", this.dataset.textRemove.replace("{name}", item.label));
    const label = element("span", { class: "chosen-label" });
    label.textContent = item.label;
    const value = element("input", { type: "hidden", name: this.dataset.name, value: item.id });
    this.#chips.append(element("li", { class: "chosen" }, label, button, value));
  }

  #changed() {
    this.#showControl();
    const detail = { name: this.dataset.name, values: this.values };
    this.dispatchEvent(new CustomEvent("combobox:change", { bubbles: true, detail }));
  }

  // One of one is chosen: the field steps back until the choice is taken away.
  #showControl() {
    const full = !this.multiple && this.#chips.childElementCount > 0;
    this.#control.hidden = full;
    this.#chips.hidden = this.#chips.childElementCount === 0;
  }

  #search(wait) {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const query = this.#input.value.trim();
    if (query.length < this.minimum) return this.#close();
    this.#timer = setTimeout(() => this.#fetch(query), wait);
  }

  #address(query) {
    const url = new URL(this.dataset.searchUrl, location.href);
    url.searchParams.set("q", query);
    const data = this.closest("form") ? new FormData(this.closest("form")) : new FormData();
    for (const name of (this.dataset.include ?? "").split(" ").filter(Boolean)) {
      for (const value of data.getAll(name)) url.searchParams.append(name, value);
    }
    return url;
  }

  async #fetch(query) {
    const url = this.#address(query);
    if (!this.#answers.has(url.href)) {
      this.#request = new AbortController();
      this.#control.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: this.#request.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        this.#answers.set(url.href, await answer.json());
      } catch (error) {
        if (error.name !== "AbortError") this.#note(this.dataset.textFailed);
        return;
      } finally {
        this.#control.removeAttribute("aria-busy");
      }
    }
    this.#show(this.#answers.get(url.href), query);
  }

  #show(hits, query) {
    const chosen = new Set(this.values.map((value) => value.id));
    this.#options = hits.filter((hit) => !chosen.has(String(hit.id)));
    if (this.dataset.createLabel && query) {
      this.#options.push({ create: query, label: this.dataset.createLabel.replace("{q}", query) });
    }
    if (!this.#options.length) return this.#note(this.dataset.textNone);
    this.#list.replaceChildren(...this.#options.map((option, index) => {
      const row = element("li", { role: "option", id: `${this.#list.id}-${index}`, "data-index": index, "aria-selected": "false" });
      const name = element("span", { class: "combobox-name" });
      name.textContent = option.label;
      row.append(name);
      if (option.hint) {
        const hint = element("span", { class: "combobox-hint" });
        hint.textContent = option.hint;
        row.append(hint);
      }
      if (option.create) row.classList.add("combobox-create");
      return row;
    }));
    this.#open();
    this.#activate(0);
    this.#say(this.dataset.textHits.replace("{n}", String(hits.length)));
  }

  #note(text) {
    this.#options = [];
    const row = element("li", { class: "combobox-note", role: "option", "aria-disabled": "true", "aria-selected": "false" });
    row.textContent = text;
    row.removeAttribute("data-index");
    this.#list.replaceChildren(row);
    this.#activate(-1);
    this.#open();
    this.#say(text);
  }

  #open() {
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    // On a phone the keyboard would cover the list: bring the field to the top of what is left.
    const view = window.visualViewport?.height ?? window.innerHeight;
    if (this.#list.getBoundingClientRect().bottom > view) this.#control.scrollIntoView({ block: "start" });
  }

  #close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  #activate(index) {
    this.#active = index;
    const rows = [...this.#list.children];
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return this.#input.removeAttribute("aria-activedescendant");
    this.#input.setAttribute("aria-activedescendant", rows[index].id);
    rows[index].scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const open = !this.#list.hidden;
    const count = this.#options.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return this.#search(0);
      if (count) this.#activate((this.#active + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter") {
      if (open && this.#active >= 0) this.#choose(this.#options[this.#active]);
      // Enter in a half-typed search must not send the form.
      if (open || this.#input.value.trim()) event.preventDefault();
    } else if (event.key === "Escape" && (open || this.#input.value)) {
      event.preventDefault();
      if (open) this.#close();
      else this.#input.value = "";
    } else if (event.key === "Backspace" && !this.#input.value && this.multiple && this.values.length) {
      this.discard(this.values.at(-1).id);
    }
  }

  #choose(option) {
    if (!option) return;
    this.#input.value = "";
    this.#close();
    if (option.create) {
      const detail = { name: this.dataset.name, query: option.create };
      this.dispatchEvent(new CustomEvent("combobox:create", { bubbles: true, detail }));
      return;
    }
    this.add(option);
    this.#say(this.dataset.textChosen.replace("{name}", option.label));
    if (this.#control.hidden) this.#chips.querySelector("button")?.focus();
  }

  #say(text) { this.#status.textContent = text; }
}

customElements.define("crm-combobox", Combobox);
