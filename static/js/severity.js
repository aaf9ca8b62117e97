// Says the severity while impact and urgency are chosen. Without it the page says so
// once the form is sent, and the matrix stands beside the form.
for (const place of document.querySelectorAll("[data-severities]")) {
  const { impact, urgency } = place.closest("form").elements;
  const severities = JSON.parse(place.dataset.severities);
  const say = () => {
    const words = severities[impact.value]?.[urgency.value] ?? "";
    if (place.textContent !== words) place.textContent = words;
  };
  place.closest("form").addEventListener("change", say);
  addEventListener("pageshow", say);
}
