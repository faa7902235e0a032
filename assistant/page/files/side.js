// The switch between articles and conversations: tabs as the ARIA practices describe them.
const tabs = [...element.querySelectorAll("[role=tab]")];

const choose = (chosen) => {
  tabs.forEach((tab) => {
    tab.setAttribute("aria-selected", tab === chosen);
    tab.tabIndex = tab === chosen ? 0 : -1;
  });
  document.body.classList.toggle("looking-back", chosen.id === "tab-history");
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.hide) document.body.classList.remove("browsing");
  else choose(button);
});

element.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  const other = tabs.find((tab) => tab !== document.activeElement);
  choose(other);
  other.focus();
});
