// Says, before anything is painted, that scripts run: what only works with them is shown, what stands in for them is not.
document.documentElement.dataset.js = "";
