// Runs before the first paint: the chosen theme and language, so that neither flashes; then asks for what the page wants.
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

  function fetchEarly(address, rel, as) {
    var link = document.createElement("link");
    link.rel = rel;
    if (as) link.as = as;
    link.crossOrigin = "";
    link.href = address;
    document.head.append(link);
  }
  var early = JSON.parse(document.currentScript.dataset.early || '{"pages":{},"locales":{}}');
  var page = Object.keys(early.pages).find((pattern) => new RegExp(pattern).test(location.pathname));
  (early.locales[root.lang] || []).concat(early.pages[page] || []).forEach((file) => {
    fetchEarly(file, "modulepreload");
  });
  // Who is signed in: every page in there waits for it.
  if (page && page.startsWith("^/app")) fetchEarly("/api/v1/me", "preload", "fetch");
})();
