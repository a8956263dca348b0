// What pages gain with scripts: colours of one's choice, copying code, narrowing lists, honest ages.
(function () {
  "use strict";
  var root = document.documentElement;

  function themes() {
    var group = document.querySelector(".themes");
    if (!group) return;
    var buttons = group.querySelectorAll("button");
    function show() {
      var now = root.dataset.theme || "auto";
      buttons.forEach(function (button) {
        button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
      });
    }
    group.addEventListener("click", function (event) {
      var choice = event.target.dataset && event.target.dataset.themeChoice;
      if (!choice) return;
      if (choice === "auto") delete root.dataset.theme;
      else root.dataset.theme = choice;
      try {
        localStorage.setItem("itsm-theme", choice);
      } catch (error) {
        // Storage may be blocked; the choice then lasts for this page.
      }
      show();
    });
    group.hidden = false;
    show();
  }

  function copying() {
    document.querySelectorAll(".code").forEach(function (box) {
      var code = box.querySelector("code");
      if (!code || !navigator.clipboard) return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(code.textContent).then(
          function () { button.textContent = "Copied"; },
          function () { button.textContent = "Select and copy"; }
        );
        setTimeout(function () { button.textContent = "Copy"; }, 2000);
      });
      box.appendChild(button);
    });
  }

  function narrowing() {
    var input = document.getElementById("filter");
    if (!input) return;
    var list = input.closest("section");
    var items = Array.prototype.slice.call(list.querySelectorAll("[data-words]"));
    var letters = list.querySelectorAll(".letter");
    var told = document.getElementById("filter-count");
    input.addEventListener("input", function () {
      var wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var left = 0;
      items.forEach(function (item) {
        var fits = wanted.every(function (word) { return item.dataset.words.indexOf(word) >= 0; });
        item.hidden = !fits;
        if (fits) left += 1;
      });
      letters.forEach(function (letter) { letter.hidden = !letter.querySelector("li:not([hidden])"); });
      told.textContent = wanted.length ? left + (left === 1 ? " article" : " articles") : "";
    });
    input.closest(".filter").hidden = false;
  }

  function ages() {
    var now = new Date();
    var today = now.toISOString().slice(0, 10);
    document.querySelectorAll("[data-due]").forEach(function (mark) {
      mark.hidden = today <= mark.dataset.due;
    });
    var stale = document.querySelector(".stale");
    if (stale) stale.hidden = now / 1000 - Number(stale.dataset.at) <= Number(stale.dataset.promise);
  }

  themes();
  copying();
  narrowing();
  ages();
})();
