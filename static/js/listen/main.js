// Entry point of pages that only list citations to be heard: correction requests, and the citations of a minute.
import { bindKeys } from "../shared/keys.js";
import { watchKeyHelp } from "../shared/key_help.js";
import { goTo, neighbour } from "./items.js";
import { watchListening } from "./listen.js";

watchListening();
bindKeys({ next: () => goTo(neighbour(1)), previous: () => goTo(neighbour(-1)) });
watchKeyHelp();
