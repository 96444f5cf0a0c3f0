// Inserts images into the text: chosen, pasted or dropped on it. A file dropped anywhere else is ignored.
import { asBlock } from "./blocks.js";
import { editorOf, replaceRange, say } from "./text.js";
import { gettext } from "../shared/i18n.js";
import { token } from "../shared/token.js";

export function watchUploads(form) {
  const upload = async (editor, file) => {
    showError(editor, "");
    say(form, gettext("Uploading image …"));
    const data = new FormData();
    data.append("image", file);
    let answer;
    try {
      const response = await fetch(editor.dataset.markdownxUploadUrlsPath, {
        method: "POST",
        body: data,
        headers: { "X-CSRFToken": token(form) },
      });
      answer = await response.json();
    } catch {
      answer = { error: gettext("The image couldn’t be uploaded. Try again.") };
    }
    if (!answer.image_code) {
      showError(editor, answer.error);
      return;
    }
    const { at, text, before } = asBlock(editor.value, editor.selectionEnd, answer.image_code);
    replaceRange(editor, at, at, text);
    const alt = at + before + answer.image_code.indexOf("]");
    editor.setSelectionRange(alt, alt);
    say(form, gettext("Image inserted. Enter its alt text."));
  };

  form.addEventListener("change", (event) => {
    const label = event.target.closest("[data-upload]");
    if (!label || !event.target.files.length) return;
    upload(document.getElementById(label.dataset.upload), event.target.files[0]);
    event.target.value = "";
  });

  // In the capture phase, before markdownx, which would write "Invalid response" into the text instead of giving the reason.
  const take = (files, event) => {
    if (!files?.length) return;
    event.preventDefault();
    event.stopPropagation();
    const editor = editorOf(event.target);
    if (editor && form.contains(editor)) for (const file of files) upload(editor, file);
  };
  document.addEventListener("drop", (event) => take(event.dataTransfer?.files, event), true);
  // Office programs add a picture of the text that was copied: text comes first.
  const isPicture = ({ clipboardData }) => clipboardData?.files.length && !clipboardData.getData("text/plain").trim();
  document.addEventListener("paste", (event) => editorOf(event.target) && isPicture(event) && take(event.clipboardData.files, event), true);
  document.addEventListener(
    "dragover",
    (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = editorOf(event.target) ? "copy" : "none";
    },
    true,
  );
}

function showError(editor, reason) {
  const message = document.querySelector(`[data-upload-error="${editor.id}"]`);
  message.textContent = reason;
  message.hidden = !reason;
}
