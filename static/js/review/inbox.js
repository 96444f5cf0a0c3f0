// Opening a notice marks it as read, without delaying the navigation.
for (const notice of document.querySelectorAll("[data-notice]")) {
  const form = notice.querySelector("form");
  if (!form) continue;
  notice.querySelector("[data-notice-open]").addEventListener("click", () => {
    fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      keepalive: true,
    }).catch(() => {});
  });
}
