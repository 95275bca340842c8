// Escape closes the open menu and gives the focus back to what opened it.
document.addEventListener("keydown", event => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
