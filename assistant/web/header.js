// The header: a new conversation, and on a phone the list of articles.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.show) document.body.classList.add("browsing");
  if (button.dataset.new) {
    document.body.classList.remove("reading");
    trigger("click");
  }
});
