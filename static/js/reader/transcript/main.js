// Entry point of a transcript's page: a click on words or a time plays them, and the text follows what is playing.
import { openPlayback } from "./playback.js";
import { openText } from "./text.js";

const transcript = document.querySelector("[data-transcript]");
if (transcript) openPlayback(transcript, openText(transcript));
