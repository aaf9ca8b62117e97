"use strict";
// A key that a field names goes to it, unless somebody is typing. The profile has the
// switch: without it this file is not fetched.
const isTyping = (target) =>
  target.isContentEditable || target.matches("input, select, textarea");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  const field = document.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
