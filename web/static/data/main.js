// The query page: run, stop and share without leaving the page. The server makes the answer, so it is
// the same as without JavaScript; this puts it in place.
import { Completer } from "./complete.js";
import { Editor } from "./editor.js";

const form = document.querySelector("#ask");
const [area, answer, status, stop, copy] =
  ["query", "answer", "status", "stop", "copy"].map((id) => document.getElementById(id));
const editor = new Editor(area);
const say = (text) => { status.textContent = text; };
const completer = new Completer(editor, form, say);
const LONGEST = Number(form.dataset.longest);
let running = null;

const address = (query) => {
  const parameters = new URLSearchParams({ query, format: "html" });
  for (const name of ["default-graph-uri", "named-graph-uri", "timeout", "lang"])
    for (const value of new URLSearchParams(location.search).getAll(name)) parameters.append(name, value);
  return `${form.action}?${parameters}`;
};

// Ask; a query that is too long for an address is sent in the body.
function send(query, signal) {
  const whole = address(query), headers = { Accept: "text/html" };
  if (whole.length <= LONGEST) return fetch(whole, { headers, signal });
  return fetch(form.action, { method: "POST", headers, signal, body: new URL(whole).searchParams });
}

// A link to the query: in the address, or behind # where no server has to take it.
const share = (query) => {
  const whole = address(query);
  return whole.length <= LONGEST ? whole : `${form.action}#query=${encodeURIComponent(query)}`;
};

async function run(push = true) {
  completer.close();
  running?.abort();
  const mine = (running = new AbortController()), query = editor.text;
  editor.fine();
  busy(true);
  say(form.dataset.running);
  try {
    const page = new DOMParser().parseFromString(await (await send(query, mine.signal)).text(), "text/html");
    const found = page.querySelector("#answer");
    if (!found) throw new Error("no answer in the page");
    answer.replaceChildren(...found.childNodes);
    say(page.querySelector("#status").textContent.trim());
    if (push && share(query) !== location.href) history.pushState({ query }, "", share(query));
    showProblem();
  } catch (error) {
    if (running === mine) say(error.name === "AbortError" ? form.dataset.stopped : form.dataset.failed);
  } finally {
    if (running === mine) busy(false);
  }
}

function busy(yes) {
  stop.hidden = !yes;
  answer.setAttribute("aria-busy", yes);
  if (!yes) running = null;
}

function showProblem() {
  const problem = document.getElementById("problem");
  if (problem) editor.wrong(Number(problem.dataset.line), Number(problem.dataset.column));
}

area.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  else if (!completer.key(event)) return;
  event.preventDefault();
});
form.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.value !== "html") return; // a download
  event.preventDefault();
  run();
});
stop.addEventListener("click", () => {
  running?.abort();
  area.focus();
});
copy.addEventListener("click", async () => {
  const link = share(editor.text);
  try {
    await navigator.clipboard.writeText(new URL(link, location.href).href);
    say(form.dataset.copied);
  } catch {
    history.replaceState({ query: editor.text }, "", link); // no clipboard here: the address bar holds it
    say("");
  }
});
answer.addEventListener("click", (event) => {
  if (event.target.closest("#problem pre")) editor.visit();
});
window.addEventListener("popstate", (event) => {
  if (event.state?.query === undefined) return location.reload();
  editor.text = event.state.query;
  run(false);
});

copy.hidden = document.getElementById("keys").hidden = false;
if (location.hash.startsWith("#query=")) editor.text = decodeURIComponent(location.hash.slice(7));
else history.replaceState({ query: editor.text }, "");
showProblem();
