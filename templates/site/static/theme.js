// Sets the chosen colours before the first paint; that is why it is not deferred.
(function () {
  "use strict";
  try {
    var choice = localStorage.getItem("itsm-theme");
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  } catch (error) {
    // Storage may be blocked; then the system's colours stay.
  }
})();
