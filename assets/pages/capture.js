// Pictures at the desk and on a phone: makes them smaller before they are sent, takes them with
// the desk's camera, and turns a signature into a picture. Choosing and sending a file works
// without this script. Written for Chromium 90.
(function () {
  "use strict";
  var SIDE_MAX = 2400;         // pixels of the longer side: A4 at 200 dots per inch
  var QUALITY = 0.85;
  var SMALL_BYTES = 1500000;   // a picture below both bounds is sent as it is
  var CAMERA = "capture-camera"; // the camera that this desk used last
  var LINE_WIDTH = 5;

  function shrunk(source, width, height, turns) {
    var scale = Math.min(1, SIDE_MAX / Math.max(width, height));
    var w = Math.round(width * scale), h = Math.round(height * scale);
    var canvas = document.createElement("canvas");
    canvas.width = turns % 2 ? h : w;
    canvas.height = turns % 2 ? w : h;
    var pen = canvas.getContext("2d");
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate(turns * Math.PI / 2);
    pen.drawImage(source, -w / 2, -h / 2, w, h);
    return canvas;
  }

  function asFile(canvas, type, name) {
    return new Promise(function (done, failed) {
      canvas.toBlob(function (blob) {
        if (blob) done(new File([blob], name, { type: type })); else failed(new Error("blob"));
      }, type, QUALITY);
    });
  }

  // What the browser cannot open (a PDF, a foreign format) goes as it is: the service says what it is.
  function prepared(file) {
    if (!/^image\//.test(file.type) || !window.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file).then(function (bitmap) {
      if (file.size < SMALL_BYTES && Math.max(bitmap.width, bitmap.height) <= SIDE_MAX) return file;
      return asFile(shrunk(bitmap, bitmap.width, bitmap.height, 0), "image/jpeg", "picture.jpg");
    }).catch(function () { return file; });
  }

  function start(box) {
    if (box.dataset.ready) return;
    box.dataset.ready = "yes";
    var form = box.querySelector("form[enctype]");
    var bytesMax = Number(box.dataset.bytesMax);
    var words = box.querySelector("[data-words]");
    var busy = false, stream = null, shot = null, turns = 0;

    function find(name) { return box.querySelector(name); }
    function act(name) { return find('[data-act="' + name + '"]'); }
    function show(element, shown) { if (element) element.hidden = !shown; }
    function say(text, isRefused) {
      words.textContent = text;
      words.hidden = !text;
      words.className = isRefused ? "pad say" : "pad soft";
    }

    function send(file) {
      if (busy) return Promise.resolve(false);
      if (file.size > bytesMax) {
        say("文件太大，最多 " + Math.floor(bytesMax / 1048576) + " 兆。扫描件请把清晰度调低再扫一次。", true);
        return Promise.resolve(false);
      }
      busy = true;
      say("正在传…");
      var fields = new FormData();
      form.querySelectorAll("input[type=hidden]").forEach(function (field) {
        fields.append(field.name, field.value);
      });
      fields.append("file", file, file.name);
      return fetch(form.action, {
        method: "POST", body: fields, credentials: "same-origin", headers: { Accept: "application/json" }
      }).then(function (answer) {
        if (answer.redirected) { location.assign(answer.url); return false; }
        return answer.json().then(function (told) {
          say(told.words || "没有传上，请再试一次。", !answer.ok);
          document.dispatchEvent(new Event("hall-refresh"));
          return answer.ok;
        });
      }).catch(function () {
        say("没有传上，网络不通。请再试一次。", true);
        return false;
      }).then(function (isDone) { busy = false; return isDone; });
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation(); // nothing is sent twice here, and another file may follow
      var files = [];
      form.querySelectorAll("input[type=file]").forEach(function (input) {
        files = files.concat(Array.from(input.files));
      });
      if (!files.length) return say("请先选一个文件。", true);
      if (busy) return;
      say("正在准备…");
      prepared(files[0]).then(send).then(function (isDone) { if (isDone) form.reset(); });
    });

    if (!find("[data-tools]")) return;
    show(find("[data-tools]"), true);
    var video = find("video"), cameras = find("[data-cameras]");
    var canvas = find("[data-shot]"), pad = find("[data-pad]");
    var hasCamera = !!(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
    show(find('[data-tool="camera"]'), hasCamera);

    function stage(name) {
      box.querySelectorAll("[data-stage]").forEach(function (part) {
        part.hidden = part.dataset.stage !== name;
      });
      if (name !== "camera") stop();
    }

    function stop() {
      if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
      stream = null;
    }

    function remembered() { try { return localStorage.getItem(CAMERA); } catch (error) { return null; } }
    function remember(id) { try { localStorage.setItem(CAMERA, id); } catch (error) { /* asked again */ } }

    function open(id) {
      stop();
      shot = null;
      taken(false);
      var wish = { width: { ideal: 3264 }, height: { ideal: 2448 } };
      if (id) wish.deviceId = { ideal: id }; else wish.facingMode = { ideal: "environment" };
      return navigator.mediaDevices.getUserMedia({ video: wish }).then(function (opened) {
        stream = opened;
        video.srcObject = opened;
        say("");
        return video.play().then(list);
      }).catch(function (error) {
        stage("");
        say(error.name === "NotAllowedError"
          ? "浏览器没有让用摄像头。请在地址栏左边点开，允许摄像头，再点一次“拍照”。"
          : "摄像头打不开。请看看插好没有，别的程序是不是正在用它。", true);
      });
    }

    function list() {
      var current = stream && stream.getVideoTracks()[0].getSettings().deviceId;
      return navigator.mediaDevices.enumerateDevices().then(function (devices) {
        cameras.textContent = "";
        devices.filter(function (device) { return device.kind === "videoinput"; })
          .forEach(function (device, index) {
            var label = device.label || "摄像头 " + (index + 1);
            cameras.add(new Option(label, device.deviceId, false, device.deviceId === current));
          });
        cameras.hidden = cameras.length < 2;
      });
    }

    function taken(isTaken) {
      show(video, !isTaken); show(canvas, isTaken);
      show(act("take"), !isTaken);
      ["turn", "again", "send"].forEach(function (name) { show(act(name), isTaken); });
    }

    function draw() {
      var turned = shrunk(shot, shot.width, shot.height, turns);
      canvas.width = turned.width;
      canvas.height = turned.height;
      canvas.getContext("2d").drawImage(turned, 0, 0);
    }

    function clear() {
      var pen = pad.getContext("2d");
      pen.fillStyle = "#fff"; // a signature on nothing would be black on black somewhere
      pen.fillRect(0, 0, pad.width, pad.height);
      pad.dataset.signed = "";
    }

    var acts = {
      take: function () {
        if (!video.videoWidth) return;
        turns = 0;
        shot = shrunk(video, video.videoWidth, video.videoHeight, 0);
        draw();
        taken(true);
      },
      turn: function () { turns = (turns + 1) % 4; draw(); },
      again: function () { shot = null; taken(false); },
      send: function () {
        asFile(canvas, "image/jpeg", "camera.jpg").then(send).then(function (isDone) {
          if (isDone) acts.again();
        });
      },
      clear: clear,
      sign: function () {
        if (!pad.dataset.signed) return say("还没有签字。", true);
        asFile(pad, "image/png", "signature.png").then(send).then(function (isDone) {
          if (isDone) { clear(); stage(""); }
        });
      },
      close: function () { stage(""); }
    };

    box.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.tool === "camera") { stage("camera"); open(remembered()); }
      if (button.dataset.tool === "pad") { stage("pad"); clear(); }
      if (acts[button.dataset.act]) acts[button.dataset.act]();
    });
    cameras.addEventListener("change", function () {
      remember(cameras.value);
      open(cameras.value);
    });

    function place(event) {
      var area = pad.getBoundingClientRect();
      return {
        x: (event.clientX - area.left) * pad.width / area.width,
        y: (event.clientY - area.top) * pad.height / area.height
      };
    }
    var last = null;
    pad.addEventListener("pointerdown", function (event) {
      pad.setPointerCapture(event.pointerId);
      last = place(event);
    });
    pad.addEventListener("pointermove", function (event) {
      if (!last) return;
      var pen = pad.getContext("2d"), next = place(event);
      pen.lineWidth = LINE_WIDTH;
      pen.lineCap = "round";
      pen.strokeStyle = "#14262b";
      pen.beginPath();
      pen.moveTo(last.x, last.y);
      pen.lineTo(next.x, next.y);
      pen.stroke();
      pad.dataset.signed = "yes";
      last = next;
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      pad.addEventListener(name, function () { last = null; });
    });
    addEventListener("pagehide", stop);
  }

  document.querySelectorAll("[data-capture]").forEach(start);
})();
