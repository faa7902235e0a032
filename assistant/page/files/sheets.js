// On a narrow window the lists and the article are sheets over the rest: what lies below one cannot be reached by the
// keyboard, and the focus goes in and comes back.
const desk = { side: "(max-width: 1180px)", article: "(max-width: 760px)" };
const opens = { side: "browsing", article: "reading" };
const part = (name) => document.getElementById(name);
const isSheet = (name) => matchMedia(desk[name]).matches && document.body.classList.contains(opens[name]);
let browsing = false;

const settle = () => {
  const [side, article] = [isSheet("side"), isSheet("article")];
  part("header").inert = side || article;
  part("talk").inert = side || article;
  part("article").inert = side;
  if (side !== browsing) {
    browsing = side;
    if (side) part("side").querySelector('[role="tab"][aria-selected="true"]').focus();
    else if (!article) part("header").querySelector("[data-show]").focus();
  }
};

new MutationObserver(settle).observe(document.body, { attributeFilter: ["class"] });
addEventListener("resize", settle);
