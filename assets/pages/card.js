// Reads an identity card at this desk into the fields of the form: asks the bridge on the same
// machine. What the card says goes into the fields and nowhere else. Written for Chromium 90.
(function () {
  "use strict";
  var PAIRING = "card-pairing"; // the code that the bridge showed, typed once on this desk
  var WAIT_MS = 20000;          // the bridge itself gives up after 15 s
  var NOT_RUNNING = "这台电脑上的读卡程序没有开。请打开“读身份证”程序（kiosk bridge），再按一次；也可以手工填写。";

  function kept() { try { return localStorage.getItem(PAIRING) || ""; } catch (error) { return ""; } }
  function keep(code) { try { localStorage.setItem(PAIRING, code); } catch (error) { /* typed again */ } }

  // a choice is told by its words
  function choose(select, words) {
    Array.prototype.forEach.call(select.options, function (option) {
      if (option.text === words) select.value = option.value;
    });
  }

  function fill(form, card) {
    var fields = (form || document).querySelectorAll("[data-card]");
    fields.forEach(function (field) {
      var value = card[field.dataset.card];
      if (typeof value !== "string") return;
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.tagName === "SELECT") choose(field, value);
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function start(box) {
    if (box.dataset.ready) return;
    box.dataset.ready = "yes";
    var button = box.querySelector("[data-read-card]");
    var pairing = box.querySelector("[data-pairing]"), code = pairing.querySelector("input");
    var words = box.querySelector("[data-words]");
    box.hidden = false;

    function read() {
      var typed = code.value.trim().toUpperCase();
      if (typed) keep(typed);
      var stopping = new AbortController();
      var timer = setTimeout(function () { stopping.abort(); }, WAIT_MS);
      var headers = {};
      headers[box.dataset.pairingHeader] = kept();
      button.disabled = true;
      words.textContent = "请把身份证放在读卡器上…";
      return fetch(box.dataset.cardReader, {
        method: "POST", headers: headers, cache: "no-store", credentials: "omit", signal: stopping.signal
      }).then(function (answer) {
        return answer.json().then(function (told) {
          pairing.hidden = answer.status !== 401;
          if (answer.status === 401) code.focus();
          if (!answer.ok) { words.textContent = told.words; return; }
          fill(box.closest("form"), told);
          code.value = "";
          words.textContent = "读到了，请和本人核对。";
        });
      }).catch(function (error) {
        words.textContent = error.name === "AbortError" ? "读卡器没有回答，请再按一次。" : NOT_RUNNING;
      }).then(function () {
        clearTimeout(timer);
        button.disabled = false;
      });
    }

    button.addEventListener("click", read);
    code.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); read(); }
    });
  }

  document.querySelectorAll("[data-card-reader]").forEach(start);
})();
