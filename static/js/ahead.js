"use strict";
// The region that says what a move does follows its form. Where the browser filled the
// form in again, after going back, no field says so itself.
for (const place of document.querySelectorAll("[data-follows-form]")) {
  const form = place.closest("form");
  const isChanged = (field) =>
    field.options
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.checked !== field.defaultChecked || field.value !== field.defaultValue;
  addEventListener("pageshow", () => {
    const changed = [...form.elements].find(
      (field) => field.matches("select, input:not([type=hidden])") && isChanged(field)
    );
    changed?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // Once the form is sent, nobody asks any more what it would do, and what was asked
  // before is about a ticket that has moved on.
  for (const name of ["htmx:beforeRequest", "htmx:beforeOnLoad"]) {
    place.addEventListener(name, (event) => {
      if (form.dataset.sent) event.preventDefault();
    });
  }
  const isLost = () => {
    place.textContent = place.dataset.lost;
  };
  place.addEventListener("htmx:responseError", isLost);
  place.addEventListener("htmx:sendError", isLost);
}
