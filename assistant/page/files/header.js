// The header: a new conversation, the lists on a narrow window, the way out.
// An answer that is being given is stopped before another conversation takes its place.
const settled = async () => {
  const waiting = () => document.querySelector('#conversation [data-state="waiting"]');
  if (waiting()) document.dispatchEvent(new Event("footnote:stop"));
  while (waiting()) await new Promise((done) => setTimeout(done, 30));
};

element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.show) document.body.classList.toggle("browsing");
  if (button.dataset.new) {
    await settled();
    document.body.classList.remove("reading", "browsing");
    trigger("click");
    document.querySelector("#question textarea").focus();
  }
  if (button.dataset.out) {
    await fetch("/logout", { method: "POST" });
    location.assign("/");
  }
});
