// The search field is a combobox (WAI-ARIA APG): the arrow keys go through the
// books that it suggests, Enter opens the one they are at, Escape closes the list.
{
  const list = () => document.getElementById("suggestions");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const chosen = () => options().find(o => o.ariaSelected === "true");

  const choose = (field, option) => {
    for (const o of options()) o.ariaSelected = String(o === option);
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({block: "nearest"});
    } else {
      field.removeAttribute("aria-activedescendant");
    }
    field.ariaExpanded = String(options().length > 0 && field === document.activeElement);
  };

  // move goes a step down (1) or up (-1), over the field to the other end.
  const move = (field, step) => {
    const places = [undefined, ...options()];
    choose(field, places.at((places.indexOf(chosen()) + step) % places.length));
  };

  const keys = {
    ArrowDown: field => move(field, 1),
    ArrowUp: field => move(field, -1),
    Escape: field => {
      list().replaceChildren();
      choose(field);
    },
  };

  document.addEventListener("focusin", ({target: field}) => {
    if (field.role === "combobox" || !field.matches("[hx-target='#suggestions']")) return;
    field.role = "combobox";
    field.ariaAutoComplete = "list";
    field.setAttribute("aria-controls", "suggestions");
    choose(field);
    new MutationObserver(() => choose(field)).observe(list(), {childList: true});
    field.addEventListener("keydown", event => {
      if (options().length === 0 || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key](field);
    });
    field.addEventListener("blur", () => choose(field));
    field.form.addEventListener("submit", event => {
      const book = chosen();
      if (!book) return;
      event.preventDefault();
      book.click();
    });
  });
}
