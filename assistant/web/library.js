// The list of articles: ticks say what to ask, titles open an article, the filter hides what does not match.
const ticked = () => [...element.querySelectorAll("[data-tick]:checked")].map((box) => box.dataset.tick);

element.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick]")) return;
  const chosen = ticked();
  const hint = element.querySelector("[data-hint]");
  if (hint) {
    hint.textContent = chosen.length ? `Asking ${chosen.length} of the articles.` : "Tick articles to ask only these.";
  }
  trigger("select", { articles: chosen });
});

element.addEventListener("input", (event) => {
  if (!event.target.matches(".filter")) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const row of element.querySelectorAll("li")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  document.body.classList.remove("browsing");
  if (button.dataset.open) {
    document.body.classList.add("reading");
    trigger("click", { article: button.dataset.open });
  }
});
