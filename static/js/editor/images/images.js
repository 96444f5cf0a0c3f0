// Images in the text: chosen in the dialog, pasted, or dropped on it. A file dropped anywhere else is ignored.
// `watchImages` returns the function that opens the dialog for a button.
import { editorOf, say } from "../text/text.js";
import { gettext } from "../../shared/i18n.js";
import { token } from "../../shared/token.js";
import { choose } from "./choice.js";
import { describe, keepDescription } from "./description.js";
import { insertImage } from "./insertion.js";

export function watchImages(form) {
  const insert = async (editor, image) => {
    const said = await describe(image);
    if (!said) {
      say(form, gettext("The image wasn’t inserted. The library has it."));
      return;
    }
    insertImage(editor, image.url, said);
    say(form, said.alt ? gettext("Image inserted.") : gettext("Image inserted without alt text. Write it between the brackets."));
    keepDescription(form, image, said);
  };

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
    await insert(editor, { url: answer.image_path, alt: answer.alt, credit: answer.credit, describeUrl: answer.describe_url });
  };

  // In the capture phase, before markdownx, which would write "Invalid response" into the text instead of giving the reason.
  const take = async (files, event) => {
    if (!files?.length) return;
    event.preventDefault();
    event.stopPropagation();
    const editor = editorOf(event.target);
    // One after the other, because each is asked about.
    if (editor && form.contains(editor)) for (const file of [...files]) await upload(editor, file);
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

  return async (button) => {
    const editor = document.getElementById(button.dataset.pick);
    const { file, image } = await choose(form);
    if (file) await upload(editor, file);
    else if (image) await insert(editor, image);
  };
}

function showError(editor, reason) {
  const message = document.querySelector(`[data-upload-error="${editor.id}"]`);
  message.textContent = reason;
  message.hidden = !reason;
}
