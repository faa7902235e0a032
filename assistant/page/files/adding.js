// Adding: files, texts and links go in through the same HTTP API that programs use, one after the other.
const MOST_BYTES = Number($("[data-most]").dataset.most); // of a file that the server reads; more is not sent
const TOO_LARGE = ["trouble", `it is larger than ${MOST_BYTES >> 20} MB`];

// Loading the page again would lose what is in the box.
const SIGNED_OUT = ["trouble", "you have been signed out: sign in in another tab, then add it again"];

const report = (name) => {
  const bar = node("progress", { max: "1", "aria-label": `Sending ${name}` });
  const words = node("span", {}, "sending …");
  const line = node("li", { class: "waits" }, node("b", { dir: "auto" }, name), words, bar);
  $(".report").append(line);
  const end = (kind, told) => {
    line.className = kind;
    words.textContent = told;
    bar.remove();
  };
  const progress = (share) => {
    bar.value = share;
    if (share < 1) return;
    bar.removeAttribute("value"); // from here on the server reads, and does not say how far it is
    words.textContent = "reading …";
  };
  return { end, progress };
};

// XMLHttpRequest, because fetch does not tell how much has been sent.
const send = (body, type, progress) =>
  new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/articles");
    if (type) request.setRequestHeader("Content-Type", type);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
    request.upload.addEventListener("load", () => progress(1));
    request.addEventListener("load", () => done(request));
    request.addEventListener("error", () => done(request));
    request.send(body);
  });

const outcome = ({ status, response: answer }) => {
  if (status === 401) return SIGNED_OUT;
  if (!answer) return ["trouble", "the server does not answer: is it still running?"];
  if (answer.error) return ["trouble", answer.error.message];
  const named = ({ source, reason }) => (answer.articles.length && source ? `${source}: ${reason}` : reason);
  const reasons = answer.skipped.map(named);
  if (!answer.articles.length) return ["trouble", reasons[0] || "there is nothing in it to read"];
  const statuses = [...new Set(answer.articles.map((article) => article.status))];
  const count = (status) => answer.articles.filter((article) => article.status === status).length;
  const went = answer.articles.length > 1 ? statuses.map((status) => `${count(status)} ${status}`).join(", ") : statuses[0];
  const dropped = answer.articles.flatMap((article) => article.dropped).length;
  const cleaned = dropped ? `, ${dropped} line${dropped > 1 ? "s" : ""} cleaned away` : "";
  return [reasons.length ? "trouble" : "done", [`${went}${cleaned}`, ...reasons].join("; ")];
};

const add = async (jobs) => {
  $(".adding").open = true;
  $(".report").replaceChildren();
  const reported = jobs.map(([name]) => report(name));
  const ended = [];
  for (const [place, [, body, type]] of jobs.entries()) {
    const end = body ? outcome(await send(body, type, reported[place].progress)) : TOO_LARGE;
    reported[place].end(...end);
    ended.push(end);
  }
  if (!ended.includes(SIGNED_OUT)) {
    await load();
    trigger("change");
  }
  return ended.every(([kind]) => kind === "done");
};

const addFiles = (files) =>
  add(
    [...files].map((file) => {
      const form = new FormData();
      form.append("files", file, file.name);
      return [file.name, file.size > MOST_BYTES ? null : form];
    }),
  );

const addWritten = async () => {
  const box = $("[data-text]");
  const written = box.value.trim();
  if (!written) return;
  const isLink = /^https?:\/\/\S+$/.test(written);
  const body = JSON.stringify(isLink ? { url: written } : { text: written, clean: true });
  box.value = "";
  grow();
  const added = await add([[isLink ? written : "Your text", body, "application/json"]]);
  if (added || box.value) return;
  box.value = written;
  grow();
};

const grow = () => {
  const box = $("[data-text]");
  const some = box.value.trim() !== "";
  $("[data-send]").hidden = !some;
  box.rows = some && !/^https?:\/\/\S*$/.test(box.value) ? 4 : 1;
};

element.addEventListener("change", (event) => {
  if (!event.target.matches("[data-files]")) return;
  addFiles(event.target.files);
  event.target.value = "";
});
element.addEventListener("input", (event) => event.target.matches("[data-text]") && grow());
element.addEventListener("click", (event) => event.target.closest("[data-send]") && addWritten());

// The files of a folder that was dropped, and of the folders in it. A folder gives its entries some at a time.
const filesIn = async (entry) => {
  if (entry.isFile) return new Promise((done) => entry.file((file) => done([file]), () => done([])));
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) return found;
    for (const each of some) if (!each.name.startsWith(".")) found.push(...(await filesIn(each)));
  }
};

// Files may be dropped anywhere on the page: elsewhere the browser would leave it and show the file. Words and links go
// where the browser puts them: into a box.
const hasFiles = (event) => event.dataTransfer.types.includes("Files");
let over = 0;
const dragging = (by) => {
  over = by ? over + by : 0;
  document.body.classList.toggle("dropping", over > 0);
};
document.addEventListener("dragenter", (event) => hasFiles(event) && dragging(1));
document.addEventListener("dragleave", (event) => hasFiles(event) && dragging(-1));
document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  dragging(0);
  if (!event.dataTransfer.files.length) return;
  document.body.classList.add("browsing");
  document.getElementById("tab-library").click();
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  if (entries.length) Promise.all(entries.map(filesIn)).then((files) => addFiles(files.flat()));
  else addFiles(event.dataTransfer.files);
});
