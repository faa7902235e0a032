// The header: a new conversation, the lists on a narrow window, the way out.
element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.show) document.body.classList.toggle("browsing");
  if (button.dataset.new) {
    document.body.classList.remove("reading", "browsing");
    trigger("click");
    document.querySelector("#question textarea").focus();
  }
  if (button.dataset.out) {
    await fetch("/logout", { method: "POST" });
    location.assign("/");
  }
});
