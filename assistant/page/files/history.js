// Kept conversations: fetched as programs fetch them, opened, renamed, removed with undo.
const UNDO_MS = 6000;
const removing = new Map();
let waiting = 0;
let current = "";

const $ = (selector) => element.querySelector(selector);
const node = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const at = (id) => `/v1/conversations/${encodeURIComponent(id)}`;

const load = async () => {
  const query = $("[data-find]").value.trim();
  const at = `/v1/conversations?limit=200${query && `&query=${encodeURIComponent(query)}`}`;
  const response = await fetch(at).catch(() => null);
  if (!response?.ok) return;
  const { conversations } = await response.json();
  $(".rows").replaceChildren(...conversations.map(row));
  $(".finding").hidden = !query && conversations.length < 2;
  $("[data-told]").textContent = conversations.length
    ? ""
    : query
      ? "No conversation holds these words."
      : "What you ask is kept here.";
};

const row = (kept) => {
  const count = `${kept.answers} ${kept.answers === 1 ? "question" : "questions"}`;
  const when = new Date(kept.updated).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
  const title = node("span", { class: "title", dir: "auto" }, kept.title);
  const meta = node("span", { class: "meta" }, `${when} · ${count}`);
  const open = node("button", { type: "button", class: "open", "data-open": kept.id, title: kept.title }, title, meta);
  if (kept.id === current) open.setAttribute("aria-current", "true");
  const rename = { type: "button", class: "rename", "data-rename": kept.id, "aria-label": `Rename ${kept.title}` };
  const remove = { type: "button", class: "remove", "data-remove": kept.id, "aria-label": `Delete ${kept.title}` };
  const made = node("li", { "data-id": kept.id }, open, node("button", rename, "✎"), node("button", remove, "×"));
  if (removing.has(kept.id)) gone(made, kept.title);
  return made;
};

const renaming = (line, id) => {
  const title = line.querySelector(".title").textContent;
  const box = node("input", { "aria-label": "New title", maxlength: "200" });
  box.value = title;
  const form = node("form", { class: "renaming" }, box);
  let ended = false;
  const end = async (keep) => {
    if (ended) return;
    ended = true;
    if (keep && box.value.trim() && box.value.trim() !== title) {
      const body = JSON.stringify({ title: box.value.trim() });
      await fetch(at(id), { method: "PATCH", headers: { "Content-Type": "application/json" }, body });
    }
    await load();
    $(`[data-open="${id}"]`)?.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    end(true);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end(false);
  });
  box.addEventListener("blur", () => end(true));
  line.replaceChildren(form);
  box.select();
};

const remove = (id) => fetch(at(id), { method: "DELETE", keepalive: true });

const gone = (line, title) => {
  line.classList.add("gone");
  line.append(node("button", { type: "button", class: "undo text-button", "aria-label": `Keep ${title}` }, "Deleted. Undo"));
};

const removeLater = (line, id) => {
  gone(line, line.querySelector(".title").textContent);
  line.querySelector(".undo").focus();
  const end = async () => {
    removing.delete(id);
    await remove(id);
    if (id === current) trigger("delete");
    load();
  };
  removing.set(id, setTimeout(end, UNDO_MS));
};

// An answer that is being given is stopped before another conversation takes its place.
const settled = async () => {
  const waiting = () => document.querySelector('#conversation [data-state="waiting"]');
  if (waiting()) document.dispatchEvent(new Event("footnote:stop"));
  while (waiting()) await new Promise((done) => setTimeout(done, 30));
};

element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const line = button.closest("li");
  if (button.dataset.rename) renaming(line, button.dataset.rename);
  if (button.dataset.remove) removeLater(line, button.dataset.remove);
  if (button.matches(".undo")) {
    clearTimeout(removing.get(line.dataset.id));
    removing.delete(line.dataset.id);
    load();
  }
  if (button.dataset.open) {
    document.body.classList.remove("browsing", "reading");
    await settled();
    trigger("select", { conversation: button.dataset.open });
  }
});

element.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(load, 150);
});

document.addEventListener("footnote:conversation", (event) => {
  current = event.detail;
  load();
});
addEventListener("pagehide", () => removing.forEach((_, id) => remove(id)));

const panel = element.closest("#history");
panel.setAttribute("role", "tabpanel");
panel.setAttribute("aria-labelledby", "tab-history");
load();
