// Runs before the first paint: the chosen theme and language, so that neither flashes.
(function () {
  var root = document.documentElement;
  try {
    var scheme = localStorage.getItem("scanly.theme");
    var dark =
      scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.mantineColorScheme = dark ? "dark" : "light";
    root.lang = localStorage.getItem("scanly.locale") || (/^hi\b/i.test(navigator.language) ? "hi" : "en");
  } catch {
    root.dataset.mantineColorScheme = "light";
  }
})();
