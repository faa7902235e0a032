// The list of articles: fetched as programs fetch it, sorted and filtered here, drawn as far as it is looked at.
const PAGE = 1000; // rows asked for at once
const MOST = 10000; // rows that are listed
const DRAWN = 60; // rows drawn at once; more as the list is scrolled
const UNDO_MS = 6000;
const ticked = new Set();
const removing = new Map(); // article id -> timer
let articles = [];
let matching = [];
let drawn = 0;
let opener = null;

const $ = (selector) => element.querySelector(selector);
const node = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const fetched = async () => {
  const found = [];
  let cursor = "";
  do {
    const at = `/v1/articles?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const response = await fetch(at).catch(() => null);
    if (response?.status === 401) location.reload(); // signed out: the page that asks for the key comes up
    if (!response?.ok) return null;
    const page = await response.json();
    found.push(...page.articles);
    cursor = page.next_cursor || "";
  } while (cursor && found.length < MOST);
  return found;
};

const load = async () => {
  const listed = await fetched();
  if (!listed) return; // what was listed stays
  articles = listed;
  if (!articles.length) $(".adding").open = true;
  const titles = new Map(articles.map((article) => [article.id, article.title]));
  articles.forEach((article, place) => {
    article.place = place;
    article.copied = article.copy_of && copied(article.same_text, titles.get(article.copy_of));
    article.day = (article.published || "").slice(0, 10);
    article.words = [article.title, article.source, ...article.tags].join(" ").toLowerCase();
  });
  const there = new Set(articles.map((article) => article.id));
  [...ticked].forEach((id) => there.has(id) || ticked.delete(id));
  offer();
  draw();
  tell();
};

const copied = (same, title) => `${same ? "The same text as" : "Nearly all of it is in"} ${title ? `“${title}”` : "another article"}`;

// Which ways of finding are worth offering.
const offer = () => {
  $(".finding").hidden = articles.length < 2;
  const tags = [...new Set(articles.flatMap((article) => article.tags))].sort();
  const select = $("[data-tag]");
  const chosen = select.value;
  select.replaceChildren(node("option", { value: "" }, "any"), ...tags.map((tag) => node("option", { value: tag }, tag)));
  select.value = tags.includes(chosen) ? chosen : "";
  $(".by-tag").hidden = !tags.length;
  $(".more").hidden = !tags.length && !articles.some((article) => article.day);
};

const ORDERS = {
  added: (a, b) => a.place - b.place,
  published: (a, b) => b.day.localeCompare(a.day) || a.place - b.place,
  title: (a, b) => a.title.localeCompare(b.title),
};

const filtered = () => {
  const wanted = $("[data-find]").value.trim().toLowerCase().split(/\s+/);
  const [tag, from, to] = ["[data-tag]", "[data-from]", "[data-to]"].map((name) => $(name).value);
  return articles.filter(
    (article) =>
      wanted.every((word) => article.words.includes(word)) &&
      (!tag || article.tags.includes(tag)) &&
      (!from || article.day >= from) &&
      (!to || (article.day && article.day <= to)),
  );
};

const draw = () => {
  matching = filtered().sort(ORDERS[$("[data-sort]").value]);
  drawn = 0;
  $(".rows").replaceChildren();
  drawMore();
  told();
};

const drawMore = () => {
  const more = matching.slice(drawn, drawn + DRAWN);
  drawn += more.length;
  $(".rows").append(...more.map(row));
};

// Of a link, its host: the rest is seldom worth the room.
const place = (source) => (source && URL.canParse(source) && new URL(source).host.replace(/^www\./, "")) || source;

const row = (article) => {
  const tick = node("input", { type: "checkbox", "data-tick": article.id, "aria-label": `Ask only ${article.title}` });
  tick.checked = ticked.has(article.id);
  const title = node("span", { class: "title", dir: "auto" }, article.title);
  const about = [article.day, place(article.source)].filter(Boolean).map((text) => node("bdi", {}, text));
  const open = node("button", { type: "button", class: "open", "data-open": article.id, title: article.title }, title);
  if (about.length) open.append(node("span", { class: "meta" }, ...(about[1] ? [about[0], " · ", about[1]] : about)));
  const tags = article.tags.map((tag) => node("span", { class: "tag", dir: "auto" }, tag));
  if (article.copied) tags.push(node("span", { class: "tag copy", dir: "auto", title: article.copied }, article.copied));
  if (tags.length) open.append(node("span", { class: "tags" }, ...tags));
  const remove = { type: "button", class: "remove", "data-remove": article.id, "aria-label": `Remove ${article.title}` };
  const made = node("li", { "data-id": article.id }, tick, open, node("button", remove, "×"));
  if (removing.has(article.id)) gone(made, article.title);
  return made;
};

const told = () => {
  document.getElementById("tab-library").textContent = `Articles ${articles.length.toLocaleString("en")}`;
  const narrowed = matching.length !== articles.length;
  const words = !articles.length
    ? "None yet."
    : narrowed
      ? `${matching.length.toLocaleString("en")} of ${articles.length.toLocaleString("en")} · `
      : articles.length > 1 && !ticked.size
        ? "Tick articles to ask only these."
        : "";
  $("[data-told]").replaceChildren(words);
  if (narrowed && matching.length) {
    const only = node("button", { type: "button", class: "text-button", "data-only": "yes" }, "ask only these");
    $("[data-told]").append(only);
  }
};

// What is ticked, for whoever asks.
const tell = () => {
  document.body.dataset.articles = [...ticked].join(" ");
  document.dispatchEvent(new Event("footnote:ticked"));
  told();
};

// Removing, and keeping after all

const remove = (id) => fetch(`/v1/articles/${encodeURIComponent(id)}`, { method: "DELETE", keepalive: true });

const gone = (line, title) => {
  line.classList.add("gone");
  line.append(node("button", { type: "button", class: "undo text-button", "aria-label": `Keep ${title}` }, "Removed. Undo"));
};

const removeLater = (line, id) => {
  gone(line, line.querySelector(".title").textContent);
  line.querySelector(".undo").focus();
  const end = async () => {
    removing.delete(id);
    await remove(id);
    await load();
    trigger("change");
  };
  removing.set(id, setTimeout(end, UNDO_MS));
};

const keep = (line, id) => {
  clearTimeout(removing.get(id));
  removing.delete(id);
  line.classList.remove("gone");
  line.querySelector(".undo").remove();
  line.querySelector(".open").focus();
};

element.addEventListener("change", (event) => {
  const target = event.target;
  if (target.matches("[data-sort], [data-tag], [data-from], [data-to]")) draw();
  if (!target.matches("[data-tick]")) return;
  if (target.checked) ticked.add(target.dataset.tick);
  else ticked.delete(target.dataset.tick);
  tell();
});

element.addEventListener("input", (event) => event.target.matches("[data-find]") && draw());

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const line = button.closest("li");
  if (button.dataset.remove) removeLater(line, button.dataset.remove);
  if (button.matches(".undo")) keep(line, line.dataset.id);
  if (button.dataset.only) {
    matching.forEach((article) => ticked.add(article.id));
    draw();
    tell();
  }
  if (button.dataset.open) {
    opener = button.dataset.open;
    document.body.classList.remove("browsing");
    document.body.classList.add("reading");
    document.dispatchEvent(new CustomEvent("footnote:read", { detail: null }));
    trigger("click", { article: opener });
  }
});

document.addEventListener("footnote:closed", () => {
  if (opener) $(`[data-open="${CSS.escape(opener)}"]`)?.focus();
  opener = null;
});
document.addEventListener("footnote:ask-all", () => {
  ticked.clear();
  draw();
  tell();
});

const scrolls = element.closest("#library");
scrolls.addEventListener(
  "scroll",
  () => {
    const left = scrolls.scrollHeight - scrolls.scrollTop - scrolls.clientHeight;
    if (left < 1200 && drawn < matching.length) drawMore();
  },
  { passive: true },
);

// Who leaves the page has not pressed Undo.
addEventListener("pagehide", () => removing.forEach((_, id) => remove(id)));

const panel = element.closest("#library");
panel.setAttribute("role", "tabpanel");
panel.setAttribute("aria-labelledby", "tab-library");
load();
