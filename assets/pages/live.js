// Refreshes the regions marked data-live when the server says that something changed.
// Everything works without this script; it only saves waiting. Written for Chromium 90.
(function () {
  "use strict";
  var EVERY_MS = 30000; // minutes on the page grow old without any event
  var AFTER_EVENT_MS = 150;
  var page = document.body.dataset.page;
  var stream = document.body.dataset.stream;
  var line = document.getElementById("line");
  var pending = 0, loading = false, again = false, pressed = false;

  // After a refused act the address is that of the act: a reload must not repeat it.
  if (page) history.replaceState(null, "", page);

  // Changes `old` into `fresh` and keeps what is the same: focus stays, pictures do not flash.
  function morph(old, fresh) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
      old.replaceWith(document.importNode(fresh, true));
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    Array.from(old.attributes).forEach(function (attribute) {
      // what somebody has unfolded stays so
      var isTheirs = attribute.name === "open" && old.nodeName === "DETAILS";
      if (!isTheirs && !fresh.hasAttribute(attribute.name)) old.removeAttribute(attribute.name);
    });
    Array.from(fresh.attributes).forEach(function (attribute) {
      if (old.getAttribute(attribute.name) !== attribute.value) {
        old.setAttribute(attribute.name, attribute.value);
      }
    });
    var mine = Array.from(old.childNodes), theirs = Array.from(fresh.childNodes);
    theirs.forEach(function (child, index) {
      if (mine[index]) morph(mine[index], child);
      else old.appendChild(document.importNode(child, true));
    });
    mine.slice(theirs.length).forEach(function (child) { child.remove(); });
  }

  function say(text) { if (line && line.textContent !== text) line.textContent = text; }

  function show(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html");
    document.querySelectorAll("[data-live]").forEach(function (region) {
      var next = fresh.getElementById(region.id);
      if (next) morph(region, next);
    });
    // a page that has come to rest (a visit that ended) no longer follows
    if (!fresh.body.dataset.stream && source) { source.close(); clearInterval(timer); }
  }

  function refresh() {
    pending = 0;
    // a region that changed under a pressed button would lose the click
    if (loading || pressed) { again = true; return; }
    loading = true;
    fetch(page, { credentials: "same-origin" }).then(function (answer) {
      if (answer.redirected) { location.assign(answer.url); return; }
      if (answer.ok) return answer.text().then(show).then(function () { say(""); });
    }).catch(function () {
      say("没连上，正在再试");
    }).then(function () {
      loading = false;
      if (again) { again = false; soon(); }
    });
  }

  function soon() { if (!pending) pending = setTimeout(refresh, AFTER_EVENT_MS); }

  document.addEventListener("pointerdown", function () { pressed = true; });
  ["pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, function () {
      pressed = false;
      if (again && !loading) { again = false; soon(); }
    });
  });
  document.addEventListener("hall-refresh", soon);

  var source = stream && window.EventSource ? new EventSource(stream) : null;
  if (!source) return;
  source.addEventListener("changed", soon);
  source.onopen = function () { say(""); soon(); };
  source.onerror = function () { say("没连上，正在再试"); };
  var timer = setInterval(soon, EVERY_MS);
  addEventListener("pagehide", function () { source.close(); });
})();
