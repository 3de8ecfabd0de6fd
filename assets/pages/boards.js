// Shows how a text looks on boards while it is written: sends the form as its button "看效果" does and
// takes over the regions marked data-look. Everything works without it. Written for Chromium 90.
(function () {
  "use strict";
  var AFTER_TYPING_MS = 350;
  var form = document.querySelector("form[data-looks]");
  if (!form || !window.fetch) return;
  var timer = 0, asked = 0;

  function body() {
    var pairs = new URLSearchParams(new FormData(form));
    pairs.append("look", "yes");
    return pairs;
  }

  // Only what is different is put in place, so that pictures do not flash and the focus stays.
  function show(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html");
    // what was refused before and is looked through anew is told by the check
    form.querySelectorAll(".error[id]").forEach(function (error) {
      if (!fresh.getElementById(error.id)) error.remove();
    });
    form.querySelectorAll("[aria-invalid]").forEach(function (field) {
      if (!fresh.querySelector("[aria-invalid]#" + CSS.escape(field.id))) field.removeAttribute("aria-invalid");
    });
    document.querySelectorAll("[data-look]").forEach(function (region) {
      var next = fresh.getElementById(region.id);
      if (!next || next.innerHTML === region.innerHTML) return;
      var focused = region.contains(document.activeElement) ? document.activeElement.id : "";
      region.replaceChildren.apply(region, Array.from(next.childNodes).map(function (node) {
        return document.importNode(node, true);
      }));
      var again = focused && document.getElementById(focused);
      if (again) again.focus();
    });
    keepInSight();
  }

  // The picture stays on top while one writes; when it grows, what is written moves out from under it.
  function keepInSight() {
    var seen = document.getElementById("seen"), on = document.activeElement;
    if (!form.contains(on) || seen.contains(on)) return;
    var picture = seen.getBoundingClientRect(), hidden = picture.bottom + 8 - on.getBoundingClientRect().top;
    if (picture.top <= 0 && hidden > 0) scrollBy(0, -hidden);
  }

  function look() {
    timer = 0;
    var mine = asked += 1;
    fetch(form.action, { method: "POST", body: body(), credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) { if (text && mine === asked) show(text); })
      .catch(function () { /* the button shows it, or says that the line is down */ });
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, AFTER_TYPING_MS);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || button.name !== "look") return;
    event.preventDefault();
    clearTimeout(timer);
    look();
  });
})();
