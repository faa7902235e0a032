// The article: the cited words come into sight, previous and next go from one to another, Escape returns.
const $ = (selector) => element.querySelector(selector);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const reads = (mark, number) => mark.dataset.numbers.split(" ").includes(String(number));

const close = () => {
  document.body.classList.remove("reading");
  document.dispatchEvent(new Event("footnote:closed"));
};

// Near words are scrolled to, far ones jumped to: nobody wants to watch ten thousand words go by.
const reveal = () => {
  const target = $("mark.current");
  const sheet = element.closest("#article");
  if (!target) {
    sheet.scrollTop = 0;
    $("article h2")?.focus({ preventScroll: true });
    return;
  }
  const away = Math.abs(target.getBoundingClientRect().top - sheet.clientHeight / 2);
  const smooth = !calm.matches && away < 1.5 * sheet.clientHeight;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", behavior: smooth ? "smooth" : "auto" });
};

const make = (number) => {
  for (const mark of element.querySelectorAll("article mark")) {
    mark.className = reads(mark, number) ? "current" : "other";
  }
  for (const paragraph of element.querySelectorAll(".text p")) {
    paragraph.classList.toggle("cited", paragraph.querySelector("mark.current") !== null);
  }
};

const step = (by) => {
  const nav = $("nav");
  if (!nav) return;
  const numbers = nav.dataset.numbers.split(" ");
  const place = numbers.indexOf(nav.dataset.current) + by;
  if (place < 0 || place >= numbers.length) return;
  const number = numbers[place];
  const at = { exchange: nav.dataset.exchange, citation: number };
  document.dispatchEvent(new CustomEvent("footnote:read", { detail: at }));
  if (!nav.dataset.here.split(" ").includes(number)) {
    trigger("click", { ...at, conversation: document.querySelector("#conversation .told")?.dataset.conversation });
    return;
  }
  nav.dataset.current = number;
  make(number);
  told();
  reveal();
};

const told = () => {
  const nav = $("nav");
  if (!nav) return;
  const numbers = nav.dataset.numbers.split(" ");
  const place = numbers.indexOf(nav.dataset.current);
  nav.querySelector(".place").textContent = `${place + 1} of ${numbers.length}`;
  nav.querySelector('[data-step="-1"]').disabled = place === 0;
  nav.querySelector('[data-step="1"]').disabled = place === numbers.length - 1;
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.close) close();
  if (button?.dataset.step) step(Number(button.dataset.step));
});

element.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") step(1);
  if (event.key === "p") step(-1);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.body.classList.contains("browsing")) document.body.classList.remove("browsing");
  else if (document.body.classList.contains("reading")) close();
});

watch("value", () => {
  told();
  reveal();
});
