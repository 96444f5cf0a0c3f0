// Ctrl (or Cmd) and Enter, which send what is being written.
export const isSendKey = ({ key, ctrlKey, metaKey, isComposing }) => key === "Enter" && (ctrlKey || metaKey) && !isComposing;
