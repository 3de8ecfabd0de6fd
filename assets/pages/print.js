// Prints the page where a button says so. Without scripts the browser's own command does the same.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
