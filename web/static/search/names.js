/* Names that fit what is being typed, as options of a <datalist>; without it names are typed whole.
   A field may hold several with commas: the last one is completed. */
const WAIT = 120; // ms of no typing before it is asked

let made = 0;
for (const form of document.querySelectorAll("form[data-names]"))
  for (const input of form.querySelectorAll("input[data-kinds]")) complete(form.dataset.names, input);

function complete(address, input) {
  const list = document.createElement("datalist");
  list.id = `names-${(made += 1)}`;
  input.after(list);
  input.setAttribute("list", list.id);
  input.autocomplete = "off";
  const kinds = input.dataset.kinds.split(" ");
  let timer, request;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const before = input.value.slice(0, input.value.lastIndexOf(",") + 1);
      const typed = input.value.slice(before.length).trim();
      request?.abort();
      if (!typed || typed.includes("/")) return list.replaceChildren();
      request = new AbortController();
      try {
        const url = new URL(address, location.href);
        url.searchParams.set("q", typed);
        url.searchParams.set("limit", "20");
        const answer = await (await fetch(url, { signal: request.signal })).json();
        list.replaceChildren(...answer.suggestions.filter((one) => kinds.includes(one.kind)).map((one) =>
          Object.assign(document.createElement("option"), {
            value: `${before}${before && " "}${one.id}`, label: `${one.label} · ${one.name}`,
          })));
      } catch {} // no suggestions is no error
    }, WAIT);
  });
}
