// Keys of the staff pages, the print button and touches on a kiosk's picture. Each key is printed
// on the button it presses; everything can be reached with Tab and Enter too.
(function () {
  "use strict";
  // A press so soon after another one, or on a page that just appeared, is no decision.
  var COMMAND_LOCK_MS = 300;
  var RING_MS = 600;
  var lastCommand = 0;

  function isTyping(element) {
    return /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) &&
      !/^(button|submit|image|radio|checkbox)$/.test(element.type);
  }

  function moveRow(step) {
    var rows = Array.from(document.querySelectorAll("[data-row]"));
    var next = rows[rows.indexOf(document.activeElement) + step];
    if (next) next.focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (isTyping(event.target) && !/^F[29]$/.test(event.key)) return;
    var key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    if (key === "J") return moveRow(1);
    if (key === "K") return moveRow(-1);
    var target = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "INPUT") { target.focus(); target.select(); return; }
    if (target.disabled || event.timeStamp - lastCommand < COMMAND_LOCK_MS) return;
    lastCommand = event.timeStamp;
    target.click();
  });

  // A form that was sent is not sent again by a second click.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.matches("[data-touch]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) print();
    var picture = event.target.closest("[data-touch] input[type=image]");
    if (picture) touch(event, picture);
  });

  function touch(event, picture) {
    event.preventDefault();
    if (event.detail === 0) return; // Enter on the picture is no place on it
    var box = picture.getBoundingClientRect();
    var edge = picture.clientLeft;
    var x = event.clientX - box.left - edge, y = event.clientY - box.top - edge;
    ring(picture, x + edge + picture.offsetLeft, y + edge + picture.offsetTop);
    var fields = new URLSearchParams(new FormData(picture.form));
    fields.set("at.x", Math.max(0, Math.round(x)));
    fields.set("at.y", Math.max(0, Math.round(y)));
    fields.set("shown_width", picture.clientWidth);
    fields.set("shown_height", picture.clientHeight);
    fetch(picture.form.action, {
      method: "POST", body: fields, credentials: "same-origin", redirect: "manual"
    }).catch(function () {}).then(function () {
      document.dispatchEvent(new Event("hall-refresh"));
    });
  }

  function ring(picture, left, top) {
    var mark = document.createElement("span");
    mark.className = "ring";
    mark.style.left = left + "px";
    mark.style.top = top + "px";
    picture.form.appendChild(mark);
    setTimeout(function () { mark.remove(); }, RING_MS);
  }
})();
