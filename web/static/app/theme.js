// The theme, set before the first paint so that nothing flashes; kept in this browser.
(() => {
  const root = document.documentElement;
  const read = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    const select = document.getElementById("theme");
    if (select) select.value = root.dataset.theme ?? "";
    dispatchEvent(new Event("themechange"));
  };
  const again = () => apply(read());
  root.classList.add("js");
  addEventListener("DOMContentLoaded", () => root.classList.add("whole"));
  again();
  for (const name of ["DOMContentLoaded", "pageshow", "storage"]) addEventListener(name, again);
  addEventListener("change", ({ target }) => {
    if (target.id !== "theme") return;
    try { localStorage.setItem("theme", target.value); } catch { /* for this page */ }
    apply(target.value);
  });
})();
