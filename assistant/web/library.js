// The list of articles: ticks say what to ask, titles open an article, the filter hides what does not match; files,
// texts and links are added through the same HTTP API that programs use, and removing can be undone for a while.
const UNDO_MS = 6000;
const removing = new Map(); // article id -> timer
let report = [];
let order = "added";
let adding = false;

const $ = (selector) => element.querySelector(selector);
const ticked = () => [...element.querySelectorAll("[data-tick]:checked")].map((box) => box.dataset.tick);

const say = (name, told, kind) => {
  const row = document.createElement("li");
  row.className = kind;
  row.textContent = `${name}: ${told}`;
  report.push(row);
  show();
  return row;
};

const show = () => {
  $(".adding").hidden = !adding;
  $("[data-add]").setAttribute("aria-expanded", adding);
  $(".report").replaceChildren(...report);
};

const call = async (name, options) => {
  const row = say(name, "adding …", "waits");
  let told = "the server does not answer: is it still running?";
  let kind = "trouble";
  try {
    const response = await fetch("/v1/articles", { method: "POST", ...options });
    const body = await response.json();
    if (!response.ok) told = body.error.message;
    else if (body.skipped.length) told = body.skipped[0].reason;
    else {
      told = body.articles.map((article) => article.status)[0] || "nothing in it";
      kind = "done";
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  row.className = kind;
  row.textContent = `${name}: ${told}`;
};

const add = async (jobs) => {
  adding = true;
  report = [];
  for (const [name, options] of jobs) await call(name, options);
  trigger("upload");
};

const addFiles = (files) =>
  add(
    [...files].map((file) => {
      const form = new FormData();
      form.append("files", file, file.name);
      return [file.name, { body: form }];
    }),
  );

const addWritten = (written) => {
  const isLink = /^https?:\/\/\S+$/.test(written);
  const body = JSON.stringify(isLink ? { url: written } : { text: written, clean: true });
  return add([[isLink ? written : "Your text", { body, headers: { "Content-Type": "application/json" } }]]);
};

const remove = (id) => fetch(`/v1/articles/${encodeURIComponent(id)}`, { method: "DELETE", keepalive: true });

const removeLater = (row, id) => {
  const title = row.dataset.title;
  row.classList.add("gone");
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "undo";
  undo.textContent = `Removed. Undo`;
  undo.setAttribute("aria-label", `Keep ${title}`);
  row.append(undo);
  undo.focus();
  removing.set(
    id,
    setTimeout(async () => {
      removing.delete(id);
      await remove(id);
      trigger("upload");
    }, UNDO_MS),
  );
};

const keep = (row, id) => {
  clearTimeout(removing.get(id));
  removing.delete(id);
  row.classList.remove("gone");
  row.querySelector(".undo").remove();
};

const sort = () => {
  const list = $(".articles");
  const rows = [...list.children];
  rows.forEach((row, place) => (row.dataset.added ??= place));
  const by = {
    added: (a, b) => a.dataset.added - b.dataset.added,
    published: (a, b) => b.dataset.published.localeCompare(a.dataset.published),
    title: (a, b) => a.dataset.title.localeCompare(b.dataset.title),
  };
  list.append(...rows.sort(by[order]));
};

const filter = () => {
  const wanted = ($(".filter")?.value || "").trim().toLowerCase();
  for (const row of element.querySelectorAll(".articles li")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
};

element.addEventListener("change", (event) => {
  if (event.target.matches("[data-files]")) addFiles(event.target.files);
  if (event.target.matches("[data-sort]")) {
    order = event.target.value;
    sort();
  }
  if (!event.target.matches("[data-tick]")) return;
  const chosen = ticked();
  $("[data-hint]").textContent = chosen.length
    ? `Asking ${chosen.length} of the articles.`
    : "Tick articles to ask only these.";
  trigger("select", { articles: chosen });
});

element.addEventListener("input", (event) => {
  if (event.target.matches(".filter")) filter();
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.hide) document.body.classList.remove("browsing");
  if (button.dataset.add) {
    adding = !adding;
    show();
  }
  if (button.dataset.send && $("[data-text]").value.trim()) addWritten($("[data-text]").value.trim());
  const row = button.closest("li");
  if (button.dataset.remove) removeLater(row, button.dataset.remove);
  if (button.matches(".undo")) keep(row, row.querySelector("[data-remove]").dataset.remove);
  if (button.dataset.open) {
    document.body.classList.remove("browsing");
    document.body.classList.add("reading");
    trigger("click", { article: button.dataset.open });
  }
});

// Files may be dropped anywhere on the page: elsewhere the browser would leave it and show the file.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) {
    document.body.classList.add("browsing");
    addFiles(event.dataTransfer.files);
  }
});

// Who leaves the page has not pressed Undo.
addEventListener("pagehide", () => removing.forEach((_, id) => remove(id)));

watch("value", () => {
  show();
  if ($("[data-sort]")) $("[data-sort]").value = order;
  sort();
});
