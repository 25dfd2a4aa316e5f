// <crm-search>: the form of every page's header (templates/layouts/base.html) as an ARIA 1.2 combobox. The server draws
// what comes up under the box (templates/search/_suggestions.html). Without this script the form leads to the page of hits.

const WAIT = 120; // milliseconds of silence before a search is sent
const SHORTEST = 2;
const KEPT = 50;
const TYPED_IN = "input, textarea, select, [contenteditable]";

class Search extends HTMLElement {
  #input;
  #panel;
  #status;
  #options = [];
  #active = -1;
  #timer = 0;
  #request = null;
  #answers = new Map();
  #before = null;
  #leaving = new AbortController();

  connectedCallback() {
    if (this.#input) return;
    this.#input = this.querySelector("input");
    this.#panel = document.createElement("div");
    this.#panel.className = "search-panel";
    this.#panel.hidden = true;
    this.#status = document.createElement("div");
    this.#status.className = "ds-sr-only";
    this.#status.setAttribute("role", "status");
    this.append(this.#panel, this.#status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-haspopup": "listbox",
      autocapitalize: "off", enterkeyhint: "search",
    })) this.#input.setAttribute(name, value);

    this.#input.addEventListener("input", () => this.#look(WAIT));
    this.#input.addEventListener("click", () => { if (this.#panel.hidden) this.#look(0); });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    // Pressing in the panel must not take the focus, and with it the keyboard of a phone, from the box.
    this.#panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.#panel.addEventListener("keydown", (event) => { if (event.key === "Escape") this.#leave(event); });
    const whole = { signal: this.#leaving.signal };
    // The panel outlives a keyboard that is put away, and a look at another window: somebody has a caller on the line.
    for (const name of ["pointerdown", "focusin"]) {
      document.addEventListener(name, (event) => { if (!this.contains(event.target)) this.#close(); }, whole);
    }
    document.addEventListener("keydown", (event) => this.#shortcut(event), whole);
    window.visualViewport?.addEventListener("resize", () => this.#fit(), whole);
    window.addEventListener("pageshow", () => this.#close(), whole);
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#request?.abort();
    clearTimeout(this.#timer);
  }

  #shortcut(event) {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest?.(TYPED_IN);
    const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (event.defaultPrevented || !(slash || k) || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    if (!this.contains(document.activeElement)) this.#before = document.activeElement;
    this.#input.focus();
    this.#input.select();
  }

  #look(wait) {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const query = this.#input.value.trim();
    if (query.length < SHORTEST) return this.#close();
    this.#timer = setTimeout(() => this.#ask(query), wait);
  }

  async #ask(query) {
    if (!this.#answers.has(query)) {
      const request = this.#request = new AbortController();
      this.setAttribute("aria-busy", "true");
      try {
        const url = `${this.querySelector("form").action}?${new URLSearchParams({ q: query })}`;
        const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: request.signal });
        // Signed out meanwhile: the whole page goes to the sign-in.
        if (answer.status === 401) return location.assign(answer.headers.get("HX-Redirect"));
        if (!answer.ok) throw new Error(String(answer.status));
        if (this.#answers.size >= KEPT) this.#answers.clear();
        this.#answers.set(query, await answer.text());
      } catch (error) {
        if (error.name !== "AbortError") this.#fail();
        return;
      } finally {
        if (this.#request === request) this.removeAttribute("aria-busy");
      }
    }
    this.#show(this.#answers.get(query));
  }

  #show(html) {
    this.#panel.innerHTML = html;
    this.#panel.scrollTop = 0;
    this.#options = [...this.#panel.querySelectorAll('[role="option"]')];
    this.#input.setAttribute("aria-controls", "search-hits");
    this.#input.setAttribute("aria-expanded", "true");
    this.#open();
    const said = this.#panel.firstElementChild;
    this.#status.textContent = said.dataset.said;
    this.#mark("number" in said.dataset ? 0 : -1);
  }

  #fail() {
    const note = document.createElement("p");
    note.className = "search-failed";
    note.textContent = this.dataset.textFailed;
    this.#close();
    this.#panel.replaceChildren(note);
    this.#options = [];
    this.#open();
    this.#status.textContent = this.dataset.textFailed;
  }

  #open() {
    this.#panel.hidden = false;
    this.#fit();
  }

  // Above the keyboard of a phone, which covers the page without making it smaller.
  #fit() {
    if (this.#panel.hidden) return;
    const view = window.visualViewport?.height ?? window.innerHeight;
    this.#panel.style.maxHeight = `${Math.max(view - this.#panel.getBoundingClientRect().top - 8, 120)}px`;
  }

  #close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#panel.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-controls");
    this.#mark(-1);
  }

  #mark(index) {
    this.#active = index;
    this.#options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.#options[index];
    if (!option) return this.#input.removeAttribute("aria-activedescendant");
    this.#input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing) return;
    const open = !this.#panel.hidden;
    const count = this.#options.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return this.#look(0);
      if (!count) return;
      const step = event.key === "ArrowDown" ? 1 : -1;
      // From the box downwards to the first, upwards to the last, and through the box again at either end.
      this.#mark(((this.#active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter") {
      const marked = open ? this.#options[this.#active] : null;
      // Typed on since: what is marked answers to what was typed before, so that the page of hits is the safe way.
      if (!marked || this.hasAttribute("aria-busy")) {
        if (!this.#input.value.trim()) event.preventDefault();
        return;
      }
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(marked.href, "_blank", "noopener");
      else location.assign(marked.href);
    } else if (event.key === "Escape") {
      this.#leave(event);
    }
  }

  // Escape closes the panel, and gives the focus back to where the shortcut took it from.
  #leave(event) {
    const open = !this.#panel.hidden;
    if (!open && this.#input.value) return;
    event.preventDefault();
    if (open) this.#close();
    const back = this.#before;
    this.#before = null;
    if (back?.isConnected && back !== document.body) back.focus();
    else if (back) this.#input.blur();
    else this.#input.focus();
  }
}

customElements.define("crm-search", Search);
