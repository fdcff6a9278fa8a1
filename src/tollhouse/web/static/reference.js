// The reference of one base path. Its document comes from this gateway, and nothing is asked of anybody else.
const place = document.getElementById("operations");
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);

paint();
dark.addEventListener("change", paint);
SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
});
