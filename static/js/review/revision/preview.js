// Shows the previewed page as on a phone, in a window of that size, and as it is printed.
const PHONE = { width: 390, height: 844 }; // pixels

for (const button of document.querySelectorAll("[data-preview-as]")) {
  button.hidden = button.dataset.previewAs === "phone" && innerWidth <= PHONE.width;
  button.addEventListener("click", () => {
    if (button.dataset.previewAs === "print") print();
    else open(location.href, "phone", `popup,width=${PHONE.width},height=${PHONE.height}`);
  });
}
