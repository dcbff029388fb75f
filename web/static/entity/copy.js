/* Copies what a <details data-copy> holds when it is opened, and says so. Without it the text can be selected. */
for (const box of document.querySelectorAll("details[data-copy]"))
  box.addEventListener("toggle", async () => {
    const said = box.querySelector("output");
    said.textContent = "";
    if (!box.open || !navigator.clipboard) return;
    try {
      await navigator.clipboard.writeText(box.querySelector("[data-text]").textContent);
      said.textContent = box.dataset.copied;
    } catch {} // the browser says no: the text stands there
  });
