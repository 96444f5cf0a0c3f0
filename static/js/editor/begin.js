// Marks the page before the first paint as having scripts: shows what needs them and hides the fallbacks.
document.documentElement.dataset.js = "";
