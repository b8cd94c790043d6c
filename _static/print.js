/* Paper is white: a page is printed in its light colours, whatever the reader has chosen. */
(() => {
  "use strict";
  const page = document.documentElement;
  let chosen;
  window.addEventListener("beforeprint", () => {
    chosen = page.dataset.theme;
    page.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    page.dataset.theme = chosen;
  });
})();
