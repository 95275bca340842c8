// A picture is shown as soon as it is chosen, before it is sent: beside its field
// and in the preview of the listing.
{
  let picture = "";

  const showInPreview = () => {
    const cover = document.querySelector("#preview img");
    if (!picture || !cover) return;
    cover.removeAttribute("srcset"); // which would go before the source
    cover.src = picture;
  };

  document.addEventListener("change", ({target: input}) => {
    const field = input.closest(".cover-field");
    if (!field || input.type !== "file") return;
    const chosen = field.querySelector("[data-chosen]"), kept = field.querySelector("img:not([data-chosen])");
    const show = url => {
      picture = url;
      chosen.hidden = !url;
      if (kept) kept.hidden = Boolean(url);
      showInPreview();
    };
    URL.revokeObjectURL(chosen.src);
    show("");
    if (input.files.length === 0) return;
    chosen.onload = () => show(chosen.src); // what is no picture stays as it is: the shop says why
    chosen.src = URL.createObjectURL(input.files[0]);
  });

  document.addEventListener("htmx:after:swap", showInPreview);
}
