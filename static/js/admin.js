"use strict";

// Select2 draws a field of its own and leaves the label with the hidden one. A
// screen reader has to hear the label and the choice.
{
  const $ = window.django && window.django.jQuery;

  const labelOf = (select) => document.querySelector(`label[for="${select.id}"]`);

  const nameField = (select) => {
    const label = labelOf(select);
    const drawn = select.nextElementSibling;
    const field = drawn && drawn.querySelector("[role=combobox]");
    const choice = drawn && drawn.querySelector(".select2-selection__rendered[id]");
    if (!label || !field || !choice) return;
    label.id = label.id || `${select.id}-label`;
    field.setAttribute("aria-labelledby", `${label.id} ${choice.id}`);
    choice.setAttribute("aria-labelledby", label.id);
  };

  const nameFields = (root) =>
    root.querySelectorAll("select.admin-autocomplete").forEach(nameField);

  if ($) {
    $(() => nameFields(document));
    document.addEventListener("formset:added", (event) => nameFields(event.target));
    $(document).on("select2:open", (event) => {
      const label = labelOf(event.target);
      const search = document.querySelector(".select2-container--open .select2-search__field");
      if (label && search) search.setAttribute("aria-label", label.textContent.trim());
    });
  }
}
