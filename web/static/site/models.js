// The table of models: how many are chosen, and a profile that this browser keeps. Without this file the forms work
// as they are. What is kept stays in localStorage and goes to the server only as a part of an address that is opened.

const KEY = "profile";
const FIELDS = ["mau", "dau", "revenue", "country", "competitor-of", "name"];

const rows = document.querySelector("form.rows");
if (rows) {
  const tray = rows.querySelector(".tray");
  const status = tray.querySelector("[role=status]");
  const button = tray.querySelector("button");
  const count = () => {
    const chosen = rows.querySelectorAll("input:checked").length;
    tray.classList.toggle("idle", chosen === 0);
    status.textContent = chosen ? rows.dataset.count.replace("{}", chosen) : "";
    button.disabled = chosen > Number(rows.dataset.most);
  };
  rows.addEventListener("change", count);
  addEventListener("pageshow", count); // the browser may have kept the boxes
  count();
}

const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return Object.fromEntries(FIELDS.filter((f) => typeof kept[f] === "string" && kept[f]).map((f) => [f, kept[f]]));
  } catch {
    return {};
  }
};
const write = (profile) => {
  try {
    if (Object.keys(profile).length) localStorage.setItem(KEY, JSON.stringify(profile));
    else localStorage.removeItem(KEY);
  } catch { /* this browser keeps nothing */ }
};

const who = document.getElementById("who");
const keep = who?.querySelector(".keep");
if (keep) {
  const form = who.closest("form");
  const typed = () => Object.fromEntries(FIELDS.map((f) => [f, form.elements[f].value.trim()]).filter(([, v]) => v));
  const offer = document.createElement("button");
  Object.assign(offer, { type: "button", className: "btn", hidden: true });
  who.after(offer);
  const show = () => {
    const kept = read();
    const said = FIELDS.filter((f) => kept[f]).map((f) => kept[f]).join(", ");
    offer.textContent = `${keep.dataset.kept}: ${said}`;
    offer.hidden = !said || FIELDS.some((f) => form.elements[f].value);
    keep.querySelector("[data-do=forget]").hidden = !said;
    keep.hidden = false;
  };
  offer.addEventListener("click", () => {
    for (const [field, value] of Object.entries(read())) form.elements[field].value = value;
    form.requestSubmit();
  });
  keep.addEventListener("click", ({ target }) => {
    if (target.dataset.do === "keep") write(typed());
    else if (target.dataset.do === "forget") write({});
    else return;
    show();
  });
  show();
}
