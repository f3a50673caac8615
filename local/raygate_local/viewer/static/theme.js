/* Before anything is drawn: the theme that this browser was told to use. Not a module, so that it comes first. */
try {
  const theme = JSON.parse(localStorage.getItem("raygate.theme"));
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  /* a browser that keeps nothing */
}
